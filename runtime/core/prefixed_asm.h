/* prefixed_asm.h - operands of assembly text as they are written. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_PREFIXED_ASM_H
#define RX_CORE_PREFIXED_ASM_H

#include "core/prefixed.h"

enum rx_px_arg_kind { RX_PX_A_REG, RX_PX_A_MEM, RX_PX_A_NUM, RX_PX_A_ROUND, RX_PX_A_SAE };

/* One operand as written. */
struct rx_px_arg {
	enum rx_px_arg_kind kind;
	uint8_t cls, num;	/* REG; ROUND: num */
	bool star;		/* AT&T: an indirect target */
	bool minus;		/* NUM: value is negative */
	uint64_t value;		/* NUM */
	uint16_t bits;		/* MEM: 0 not said */
	uint8_t broadcast;	/* MEM: log2 of the copies, 0 none */
	uint8_t base, index;	/* MEM: numbers; RX_PX_NO_REG, RX_PX_RIP */
	uint8_t index_cls;	/* 0 none */
	uint8_t asz;		/* RX_PX_ASZ*; RX_PX_ASZ_ANY: no register says it */
	uint8_t scale, seg;
	int64_t disp;
	uint8_t mask;		/* {k1}: 1; 0 none */
	bool zeroing;
};
#define RX_PX_ASZ_ANY 255
#define RX_PX_MAX_ARGS 6

/* A whole line. */
struct rx_px_line {
	char name[24];
	bool lock, rep, repne, nf, evex, vex;
	unsigned n;
	struct rx_px_arg args[RX_PX_MAX_ARGS];	/* in Intel's order */
};

/* Reads a line of either syntax; RAX_EINVAL and a message if it is none. */
RAX_MUST_CHECK rax_status rx_px_read(const struct rx_px_tables *t, enum rx_px_syntax syntax,
				     const char *text, struct rx_px_line *line,
				     rax_error *err);

#endif
