/* arena.h - memory that dies together. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_ARENA_H
#define RX_BASE_ARENA_H

#include <stddef.h>

#include "base/compiler.h"

/*
 * Bump allocation from chunks of the host's heap. A zeroed struct rx_arena
 * is an empty one. Not thread-safe; nothing is freed before rx_arena_fini().
 */
struct rx_arena_chunk;
struct rx_arena {
	struct rx_arena_chunk *chunks;
	size_t used, room;	/* bytes of the newest chunk */
	size_t limit;		/* total bytes allowed, 0: no limit */
	size_t total;
};

/* Zeroed memory for any type; NULL: no memory, or over the limit. */
RX_CHECK void *rx_arena_alloc(struct rx_arena *arena, size_t size);
/* The same for count * size, which may overflow. */
RX_CHECK void *rx_arena_array(struct rx_arena *arena, size_t count,
			      size_t size);
/* Copies len bytes and adds a NUL. */
RX_CHECK char *rx_arena_strndup(struct rx_arena *arena, const char *s,
				size_t len);
void rx_arena_fini(struct rx_arena *arena);

#endif
