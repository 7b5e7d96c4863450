/* rmw.h - atomic read-modify-write of host memory. SPDX-License-Identifier: MIT
 *
 * Sequentially consistent, on naturally aligned addresses. Values are
 * zero-extended; the old one is returned. op is a constant in generated code.
 */
#ifndef RX_CORE_RMW_H
#define RX_CORE_RMW_H

#include <stdint.h>

#include "base/compiler.h"
#include "core/val.h"

#define RX_RMW_HOST(W) \
RX_INLINE uint64_t rx_rmw_pick##W(enum rx_rmw op, uint##W##_t old, uint##W##_t v) \
{ \
	switch (op) { \
	case RX_RMW_MIN: \
		return (int##W##_t)old < (int##W##_t)v ? old : v; \
	case RX_RMW_MAX: \
		return (int##W##_t)old > (int##W##_t)v ? old : v; \
	case RX_RMW_MINU: \
		return old < v ? old : v; \
	default: \
		return old > v ? old : v; \
	} \
} \
RX_INLINE uint64_t rx_rmw_host##W(void *host, enum rx_rmw op, uint##W##_t v) \
{ \
	uint##W##_t *p = (uint##W##_t *)host, old; \
\
	switch (op) { \
	case RX_RMW_SWAP: \
		return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST); \
	case RX_RMW_ADD: \
		return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); \
	case RX_RMW_AND: \
		return __atomic_fetch_and(p, v, __ATOMIC_SEQ_CST); \
	case RX_RMW_OR: \
		return __atomic_fetch_or(p, v, __ATOMIC_SEQ_CST); \
	case RX_RMW_XOR: \
		return __atomic_fetch_xor(p, v, __ATOMIC_SEQ_CST); \
	default: \
		old = __atomic_load_n(p, __ATOMIC_RELAXED); \
		while (!__atomic_compare_exchange_n(p, &old, \
				(uint##W##_t)rx_rmw_pick##W(op, old, v), 1, \
				__ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) \
			; \
		return old; \
	} \
}
RX_RMW_HOST(8)
RX_RMW_HOST(16)
RX_RMW_HOST(32)
RX_RMW_HOST(64)
#undef RX_RMW_HOST

#endif
