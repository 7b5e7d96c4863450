/* isas.h - the instruction sets of this build, by name. SPDX-License-Identifier: MIT */
#ifndef RX_MACHINE_ISAS_H
#define RX_MACHINE_ISAS_H

#include "core/isa.h"
#include "rax/error.h"

/* A name that users know: an instruction set, and the mode of its decoder. */
struct rx_isa_mode {
	const char *name;	/* "x86-64" */
	const struct rx_isa *isa;
	uint32_t mode_key;
	uint32_t run_key;	/* while programs run, mostly: code is compiled for that */
};

/* NULL: no such instruction set, *err names those that there are. */
const struct rx_isa_mode *rx_isa_find(const char *name, rax_error *err);
/*
 * Decodes the instruction that begins at offset `at` of size bytes, which stand
 * at address. RAX_EFORMAT: there is none, or it is cut off; offset is `at`.
 */
RAX_MUST_CHECK rax_status rx_isa_decode(const struct rx_isa_mode *mode, const uint8_t *bytes,
					size_t size, size_t at, uint64_t address,
					struct rx_insn i[RX_INSN_RECORDS], rax_error *err);

#endif
