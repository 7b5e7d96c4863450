/* file.h - host files, whole and bounded. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_FILE_H
#define RX_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

/* A file's content; data is owned by it and has a NUL behind its end. */
struct rx_file {
	uint8_t *data;
	size_t size;
};

/*
 * Reads all of path; pipes and devices too. RAX_EIO: cannot be opened or
 * read, or is a folder; RAX_EFORMAT: more than limit bytes; RAX_ENOMEM.
 */
RAX_MUST_CHECK rax_status rx_file_read(struct rx_file *file, const char *path,
				       uint64_t limit, rax_error *err);
void rx_file_fini(struct rx_file *file);

/*
 * Replaces path by size bytes at data, or leaves it as it was: writes a
 * temporary file beside it, syncs and renames.
 */
RAX_MUST_CHECK rax_status rx_file_write(const char *path, const void *data,
					size_t size, rax_error *err);

#endif
