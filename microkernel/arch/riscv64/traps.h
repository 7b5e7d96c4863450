/* traps.h - traps taken and returned from. SPDX-License-Identifier: MIT */
#ifndef MK_RISCV64_TRAPS_H
#define MK_RISCV64_TRAPS_H

/* Prints every kind of trap; the number of wrong results. */
unsigned traps_test(void);

#endif
