/* x87.h - single x87 instructions, on the host and by fp.h. SPDX-License-Identifier: MIT */
#ifndef RX_TESTS_FP_X87_H
#define RX_TESTS_FP_X87_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fp/fp.h"

/* bits of the status word; the lower six of the control word mask the same */
enum { X87_IE = 1, X87_DE = 2, X87_ZE = 4, X87_OE = 8, X87_UE = 16, X87_PE = 32,
       X87_ALL = 63, X87_C0 = 0x100, X87_C1 = 0x200, X87_C2 = 0x400, X87_C3 = 0x4000 };

enum x87_arg { X87_ONE, X87_TWO, X87_M16, X87_M32, X87_M64, X87_I16, X87_I32, X87_I64 };

/* a is ST(0) where there is one, b is ST(1), m the memory operand. An
 * instruction that stores changes m only. */
struct x87_case {
	rx_f80 a, b;
	uint64_t m;
	uint16_t cw, sw;	/* sw: out, exceptions and conditions */
};

struct x87_op {
	const char *name;
	enum x87_arg arg;
	bool stores;		/* the result is in memory */
	bool rough;		/* results may be one ulp apart */
	void (*hw)(struct x87_case *c);
	void (*soft)(struct x87_case *c);
};

extern const struct x87_op x87_ops[];
extern const size_t x87_nops;	/* on other hosts .hw is NULL */

#endif
