/* rvv.h - cases of RISC-V vector instructions. SPDX-License-Identifier: MIT
 *
 * Shared by the oracle's program (tests/diff/guest/rvv.c), which runs on an
 * emulator, and the test (conf_rvv.c): both make the same cases from a number.
 * They differ from those of other instructions in that a whole vector state
 * has to be legal before, and that VLEN is the processor's.
 */
#ifndef TESTS_CONF_RVV_H
#define TESTS_CONF_RVV_H

#include <stddef.h>
#include <stdint.h>

#define RVV_CASES 3600		/* for each VLEN; instructions take turns */
#define RVV_MAX_VLENB 128
#define RVV_DATA 0x30000000u	/* a page of memory, nothing around it */
#define RVV_DATA_SIZE 0x1000u
#define RVV_X12 UINT64_C(0x1212121212121212)	/* before */

struct rvv_case {
	const char *insn;
	uint32_t word;
	uint64_t avl, vtype;	/* of the vsetvl before */
	uint64_t vstart, fcsr;
	uint64_t x10, x11;
	uint8_t v[32 * RVV_MAX_VLENB];	/* vlenb bytes each */
};

enum { RVV_DONE, RVV_ILLEGAL, RVV_FAULT };

struct rvv_result {
	uint64_t outcome, addr;	/* addr: of RVV_FAULT */
	uint64_t vl, vtype, vstart, fcsr, x12;
	uint8_t v[32 * RVV_MAX_VLENB];
};

void rvv_case(struct rvv_case *c, unsigned vlen, unsigned k);
/* Contents of the page of data. */
void rvv_data(uint8_t page[RVV_DATA_SIZE]);
uint64_t rvv_hash(const struct rvv_result *r, unsigned vlen);
/* As text, for people; in ends up to three lines. */
size_t rvv_print(char *to, size_t size, const struct rvv_case *c,
		 const struct rvv_result *r, unsigned vlen);

#endif
