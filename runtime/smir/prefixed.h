/* prefixed.h - memory operands of core/prefixed.h as SMIR. SPDX-License-Identifier: MIT */
#ifndef RX_SMIR_PREFIXED_H
#define RX_SMIR_PREFIXED_H

#include "core/prefixed.h"
#include "smir/smir.h"

/* Where an ISA keeps what addresses are made of: offsets in its state. */
struct rx_smir_px {
	size_t regs;		/* 64-bit registers */
	size_t bases;		/* of segments, 64 bits each */
	size_t mask;		/* of linear addresses, 64 bits */
};

/* plus: added before the address is cut to its size; 0: nothing. */
rx_sv rx_smir_px_offset(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			struct rx_smir_px at);
rx_sv rx_smir_px_linear(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			unsigned seg, struct rx_smir_px at);
/* The same without the index. */
rx_sv rx_smir_px_vsib(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
		      unsigned seg, struct rx_smir_px at);
/* What a register of string operands points at. */
rx_sv rx_smir_px_string(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			unsigned reg, unsigned seg, struct rx_smir_px at);
/* The immediate is the address. */
rx_sv rx_smir_px_absolute(struct rx_smir_fn *f, const struct rx_insn *i, rx_sv plus,
			  unsigned seg, struct rx_smir_px at);

#endif
