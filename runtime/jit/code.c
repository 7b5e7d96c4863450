/* code.c - executable memory that is never writable. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* memfd_create */
#endif
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "jit/jit.h"

rax_status rx_jit_code_init(struct rx_jit_code *c, rax_error *err)
{
	const size_t size = RX_JIT_CODE_BYTES;
	void *rw = MAP_FAILED, *rx = MAP_FAILED;
	const int fd = memfd_create("rax-jit", MFD_CLOEXEC);
	int saved;

	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0) {
		rw = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		rx = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	}
	saved = errno;
	if (fd >= 0)
		(void)close(fd);
	if (rw == MAP_FAILED || rx == MAP_FAILED) {
		if (rw != MAP_FAILED)
			munmap(rw, size);
		if (rx != MAP_FAILED)
			munmap(rx, size);
		return rx_err_errno(err, RAX_ENOMEM, saved, "memory for compiled code");
	}
	*c = (struct rx_jit_code){ .rw = rw, .rx = rx, .size = size };
	return RAX_OK;
}

void rx_jit_code_fini(struct rx_jit_code *c)
{
	if (!c->rw)
		return;
	munmap(c->rw, c->size);
	munmap((void *)(uintptr_t)c->rx, c->size);
	c->rw = NULL;
}
