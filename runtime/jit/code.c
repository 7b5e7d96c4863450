/* code.c - executable memory that is never writable. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* memfd_create */
#endif
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/limits.h"
#include "jit/jit.h"

/* Both views of a file that has a name in /proc/self/maps. */
static int map_file(struct rx_jit_code *c, size_t size)
{
	const int fd = memfd_create("rax-jit", MFD_CLOEXEC);
	int saved;

	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0) {
		c->rw = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		c->rx = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	}
	saved = errno;
	if (fd >= 0)
		(void)close(fd);
	return saved;
}

/* Both views of memory without a name, where perf looks into its maps of names. */
static int map_nameless(struct rx_jit_code *c, size_t size)
{
	c->rw = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->rw == MAP_FAILED)
		return errno;
	c->rx = mremap(c->rw, 0, size, MREMAP_MAYMOVE);	/* of shared memory: once more */
	if (c->rx != MAP_FAILED && mprotect((void *)(uintptr_t)c->rx, size,
					    PROT_READ | PROT_EXEC)) {
		munmap((void *)(uintptr_t)c->rx, size);
		c->rx = MAP_FAILED;
	}
	return errno;
}

rax_status rx_jit_code_init(struct rx_jit_code *c, size_t size, bool nameless, rax_error *err)
{
	int why;

	*c = (struct rx_jit_code){ .rw = MAP_FAILED, .rx = MAP_FAILED, .size = size };
	why = nameless ? map_nameless(c, size) : map_file(c, size);
	if (c->rw != MAP_FAILED && c->rx != MAP_FAILED)
		return RAX_OK;
	if (c->rw != MAP_FAILED)
		munmap(c->rw, size);
	if (c->rx != MAP_FAILED)
		munmap((void *)(uintptr_t)c->rx, size);
	c->rw = NULL;
	return rx_err_errno(err, RAX_ENOMEM, why, "memory for compiled code");
}

void rx_jit_code_written(struct rx_jit_code *c, size_t to)
{
	const size_t chunk = RX_MIB, from = c->used;

	c->used = to;
	if (c->rw != c->rx && from / chunk != to / chunk)	/* shared: what is there stays */
		(void)madvise(c->rw + from / chunk * chunk, (to / chunk - from / chunk) * chunk,
			      MADV_DONTNEED);
}

void rx_jit_code_fini(struct rx_jit_code *c)
{
	if (!c->rw)
		return;
	munmap(c->rw, c->size);
	munmap((void *)(uintptr_t)c->rx, c->size);
	c->rw = NULL;
}
