/* file.c - host files, whole and bounded. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* mkostemp */
#endif
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define FIRST_ROOM ((size_t)65536)

static rax_status read_all(int fd, struct rx_file *file, size_t room,
			   const char *path, uint64_t limit, rax_error *err)
{
	for (;;) {
		ssize_t n;

		if (file->size + 1 >= room || !file->data) {
			size_t more = file->data ? room * 2 : room;
			uint8_t *p = realloc(file->data, more);

			if (!p)
				return rx_err(err, RAX_ENOMEM,
					      "%s: no memory for its content",
					      path);
			file->data = p;
			room = more;
		}
		n = read(fd, file->data + file->size, room - file->size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rx_err_errno(err, RAX_EIO, errno,
					    "%s: cannot be read", path);
		if (n == 0)
			break;
		file->size += (size_t)n;
		if (file->size > limit)
			return rx_err(err, RAX_EFORMAT,
				      "%s: larger than the limit of %llu bytes",
				      path, (unsigned long long)limit);
	}
	file->data[file->size] = 0;
	return RAX_OK;
}

rax_status rx_file_read(struct rx_file *file, const char *path,
			uint64_t limit, rax_error *err)
{
	size_t room = FIRST_ROOM;
	rax_status status;
	struct stat st;
	int fd;

	file->data = NULL;
	file->size = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return rx_err_errno(err, RAX_EIO, errno,
				    "%s: cannot be opened", path);
	if (fstat(fd, &st) < 0) {
		status = rx_err_errno(err, RAX_EIO, errno, "%s: no status",
				      path);
		goto out;
	}
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit) {
		status = rx_err(err, RAX_EFORMAT,
				"%s: larger than the limit of %llu bytes",
				path, (unsigned long long)limit);
		goto out;
	}
	if (S_ISREG(st.st_mode))
		room = (size_t)st.st_size + 2;	/* one read sees the end */
	status = read_all(fd, file, room, path, limit, err);
out:
	close(fd);
	if (status)
		rx_file_fini(file);
	return status;
}

void rx_file_fini(struct rx_file *file)
{
	free(file->data);
	file->data = NULL;
	file->size = 0;
}

static int write_all(int fd, const uint8_t *p, size_t size)
{
	while (size) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		p += n;
		size -= (size_t)n;
	}
	return fsync(fd) < 0 && errno != EINVAL ? errno : 0;
}

/* Makes a renamed entry durable; a file system that cannot is no failure. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1)
			     : strdup(".");
	int fd;

	if (!folder)
		return;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(folder);
}

rax_status rx_file_write(const char *path, const void *data, size_t size,
			 rax_error *err)
{
	static const char suffix[] = ".XXXXXX";
	const size_t len = strlen(path);
	rax_status status = RAX_OK;
	char *tmp = malloc(len + sizeof(suffix));
	struct stat st;
	int fd, why;

	if (!tmp)
		return rx_err(err, RAX_ENOMEM, "%s: no memory", path);
	memcpy(tmp, path, len);
	memcpy(tmp + len, suffix, sizeof(suffix));
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		status = rx_err_errno(err, RAX_EIO, errno,
				      "%s: cannot be created", path);
		free(tmp);
		return status;
	}
	/* keep a replaced file's permissions; a new one gets 0644 */
	(void)fchmod(fd, stat(path, &st) == 0 ? st.st_mode & 0777 : 0644);
	why = write_all(fd, data, size);
	if (close(fd) < 0 && !why)
		why = errno;
	if (!why && rename(tmp, path) < 0)
		why = errno;
	if (why) {
		unlink(tmp);
		status = rx_err_errno(err, RAX_EIO, why,
				      "%s: cannot be written", path);
	} else {
		sync_folder(path);
	}
	free(tmp);
	return status;
}
