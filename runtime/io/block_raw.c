/* block_raw.c - raw disk images. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* F_OFD_SETLK */
#endif
#include "io/block.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

struct raw {
	struct rx_block blk;
	int fd;
};

static rax_status raw_read(struct rx_block *blk, uint64_t sector, void *buf,
			   size_t count)
{
	const int fd = ((struct raw *)blk)->fd;
	uint64_t at = sector * RX_SECTOR;
	size_t left = count * RX_SECTOR;
	uint8_t *p = buf;

	while (left) {
		const ssize_t n = pread(fd, p, left, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return RAX_EIO;
		if (n == 0) {
			/* Behind the file's end: the rest of its last sector. */
			memset(p, 0, left);
			break;
		}
		p += n;
		at += (uint64_t)n;
		left -= (size_t)n;
	}
	return RAX_OK;
}

static rax_status raw_write(struct rx_block *blk, uint64_t sector,
			    const void *buf, size_t count)
{
	const int fd = ((struct raw *)blk)->fd;
	uint64_t at = sector * RX_SECTOR;
	size_t left = count * RX_SECTOR;
	const uint8_t *p = buf;

	while (left) {
		const ssize_t n = pwrite(fd, p, left, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return RAX_EIO;
		p += n;
		at += (uint64_t)n;
		left -= (size_t)n;
	}
	return RAX_OK;
}

static rax_status raw_flush(struct rx_block *blk)
{
	const int fd = ((struct raw *)blk)->fd;

	if (blk->read_only)
		return RAX_OK;
	while (fdatasync(fd) < 0) {
		if (errno != EINTR)
			return RAX_EIO;
	}
	return RAX_OK;
}

static void raw_fini(struct rx_block *blk)
{
	close(((struct raw *)blk)->fd);
}

static const struct rx_block_ops raw_ops = {
	.read = raw_read,
	.write = raw_write,
	.flush = raw_flush,
	.fini = raw_fini,
};

/* Open file description locks: two machines in one process exclude each other, too. */
static rax_status lock(int fd, const char *path, bool read_only, rax_error *err)
{
	struct flock l = {
		.l_type = read_only ? F_RDLCK : F_WRLCK,
		.l_whence = SEEK_SET,
	};

	if (fcntl(fd, F_OFD_SETLK, &l) == 0)
		return RAX_OK;
	if (errno == EAGAIN || errno == EACCES)
		return rx_err(err, RAX_EIO,
			      "disk %s: in use by another machine; end it first", path);
	return RAX_OK;	/* a file system without locks */
}

static rax_status examine(int fd, const char *path, uint64_t *size, rax_error *err)
{
	static const char qcow_magic[4] = "QFI\xfb";
	char magic[4];
	struct stat st;
	off_t end;

	if (fstat(fd, &st) < 0)
		return rx_err_errno(err, RAX_EIO, errno, "disk %s", path);
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return rx_err(err, RAX_EIO,
			      "disk %s: neither a file nor a block device", path);
	end = lseek(fd, 0, SEEK_END);
	if (end < 0)
		return rx_err_errno(err, RAX_EIO, errno, "disk %s", path);
	if (end == 0)
		return rx_err(err, RAX_EFORMAT, "disk %s: empty", path);
	if (end >= 4 && pread(fd, magic, 4, 0) == 4 && !memcmp(magic, qcow_magic, 4))
		return rx_err(err, RAX_EFORMAT, "disk %s: a qcow2 image, but only raw ones "
			      "work; convert it with 'qemu-img convert -O raw'", path);
	*size = (uint64_t)end;
	return RAX_OK;
}

rax_status rx_block_raw_open(struct rx_block **blk, const char *path,
			     bool read_only, rax_error *err)
{
	struct raw *r;
	uint64_t size = 0;
	rax_status status;
	const char *name = strrchr(path, '/');
	/* O_NONBLOCK: do not wait for a writer if it is a pipe. */
	const int fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC |
			    O_NONBLOCK | O_NOCTTY);

	*blk = NULL;
	if (fd < 0)
		return rx_err_errno(err, RAX_EIO, errno, "disk %s", path);
	status = examine(fd, path, &size, err);
	if (status == RAX_OK)
		status = lock(fd, path, read_only, err);
	if (status != RAX_OK)
		goto out_close;
	r = calloc(1, sizeof(*r));
	if (!r) {
		status = rx_err(err, RAX_ENOMEM, "disk %s: no memory", path);
		goto out_close;
	}
	r->fd = fd;
	r->blk.ops = &raw_ops;
	r->blk.sectors = size / RX_SECTOR + (size % RX_SECTOR != 0);
	r->blk.read_only = read_only;
	name = name ? name + 1 : path;
	memcpy(r->blk.id, name, strnlen(name, sizeof(r->blk.id)));
	*blk = &r->blk;
	return RAX_OK;

out_close:
	close(fd);
	return status;
}
