/* compiler.h - compiler attributes and hints. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_COMPILER_H
#define RX_BASE_COMPILER_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifndef RX_HAVE_TAILCALL
#define RX_HAVE_TAILCALL 0
#endif

#ifndef RX_VERIFY
#define RX_VERIFY 0	/* intermediate results are not verified */
#endif

#define RX_LIKELY(x) __builtin_expect(!!(x), 1)
#define RX_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RX_INLINE static inline __attribute__((always_inline))
#define RX_NOINLINE __attribute__((noinline))
#define RX_COLD __attribute__((cold, noinline))
#define RX_CHECK __attribute__((warn_unused_result))
#define RX_PURE __attribute__((pure))	/* clang: no side effect that & would hide */

#if defined(__clang__) && defined(__has_attribute)
#if __has_attribute(musttail)
#define RX_MUSTTAIL __attribute__((musttail))
#endif
#endif
#ifndef RX_MUSTTAIL
#define RX_MUSTTAIL
#endif

#endif
