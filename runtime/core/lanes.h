/* lanes.h - elements of vectors, for generated code. SPDX-License-Identifier: MIT
 *
 * A vector is a block of bytes, elements are little-endian like the hosts. An
 * index is the caller's business: it is below what the block holds.
 */
#ifndef RX_CORE_LANES_H
#define RX_CORE_LANES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

typedef uint8_t rx_lane8;
typedef uint16_t __attribute__((may_alias)) rx_lane16;
typedef uint32_t __attribute__((may_alias)) rx_lane32;
typedef uint64_t __attribute__((may_alias)) rx_lane64;
typedef unsigned __int128 __attribute__((may_alias)) rx_lane128;

/* Element k of W bits, an lvalue */
#define RX_LANE(W, p, k) (((rx_lane##W *)(void *)(p))[k])

/* A local vector: aligned for every host vector */
#define RX_VECTOR __attribute__((aligned(64)))

/* Before a loop whose iterations do not depend on each other. clang warns where it cannot. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"
#define RX_PARALLEL _Pragma("clang loop vectorize(assume_safety)")
#else
#define RX_PARALLEL _Pragma("GCC ivdep")
#endif

/* An executor with loops over lanes */
#if defined(__GNUC__) && !defined(__clang__)
#define RX_LANES_FN __attribute__((optimize("tree-vectorize", "vect-cost-model=dynamic")))
#else
#define RX_LANES_FN
#endif

RX_PURE static inline bool rx_lane_bit(const uint8_t *p, uint64_t k)
{
	return p[k >> 3] >> (k & 7) & 1;
}

static inline void rx_lane_set_bit(uint8_t *p, uint64_t k, uint64_t v)
{
	p[k >> 3] = (uint8_t)((p[k >> 3] & ~(1u << (k & 7))) |
			      (unsigned)(v & 1) << (k & 7));
}

/* The blocks may be the same. */
static inline void rx_lanes_copy(uint8_t *to, const uint8_t *from, uint64_t n)
{
	memmove(to, from, n);
}

static inline void rx_lanes_zero(uint8_t *p, uint64_t start, uint64_t end)
{
	if (start < end)
		memset(p + start, 0, end - start);
}

#endif
