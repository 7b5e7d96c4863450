/* arena.c - memory that dies together. SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN _Alignof(max_align_t)
#define CHUNK_BYTES ((size_t)16384)

struct rx_arena_chunk {
	struct rx_arena_chunk *next;
	_Alignas(max_align_t) unsigned char data[];
};

static void *new_chunk(struct rx_arena *arena, size_t size)
{
	struct rx_arena_chunk *chunk;
	size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

	chunk = calloc(1, sizeof(*chunk) + room);
	if (!chunk)
		return NULL;
	if (arena->chunks && room - size < arena->room - arena->used) {
		/* a large object: the chunk in use has more room left */
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
		return chunk->data;
	}
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->used = size;
	arena->room = room;
	return chunk->data;
}

void *rx_arena_alloc(struct rx_arena *arena, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = size ? (size + ALIGN - 1) & ~(ALIGN - 1) : ALIGN;
	if (arena->limit && size > arena->limit - arena->total)
		return NULL;
	if (arena->chunks && size <= arena->room - arena->used) {
		p = arena->chunks->data + arena->used;
		arena->used += size;
	} else {
		p = new_chunk(arena, size);
	}
	if (p)
		arena->total += size;
	return p;
}

void *rx_arena_array(struct rx_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return rx_arena_alloc(arena, bytes);
}

char *rx_arena_strndup(struct rx_arena *arena, const char *s, size_t len)
{
	char *p = len < SIZE_MAX ? rx_arena_alloc(arena, len + 1) : NULL;

	if (p)
		memcpy(p, s, len);	/* the NUL is there: it is zeroed */
	return p;
}

void rx_arena_fini(struct rx_arena *arena)
{
	struct rx_arena_chunk *c = arena->chunks, *next;

	for (; c; c = next) {
		next = c->next;
		free(c);
	}
	arena->chunks = NULL;
	arena->used = arena->room = arena->total = 0;
}
