/* state.h - the state that a case begins with. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_STATE_H
#define TESTS_CONF_STATE_H

#include "tests/conf/case.h"

/* A register in an image */
struct conf_place {
	unsigned file, element;
	uint32_t at;
};

/* What the decoded instruction holds of an operand */
uint64_t conf_value(const struct conf_operand *o, const struct rx_insn *i);
/* Does it jump into code of so many bytes from its own place on? */
bool conf_jumps_within(const struct conf_insn *d, const struct rx_insn *i, unsigned length);
/* The address of an access, if it is a sum */
uint64_t conf_address(const struct conf_case *c, const struct conf_insn *d,
		      const struct rx_insn *i, const struct conf_access *a);
/* All registers and the window, for code that is there. */
void conf_state_make(struct conf_case *c, uint64_t *s);
/* False: it is no register, or one that is always 0. */
bool conf_operand_place(const struct conf_isa *isa, const struct conf_operand *o,
			const struct rx_insn *i, struct conf_place *p);
/* Element n of an array; likewise. */
bool conf_array_place(const struct conf_isa *isa, unsigned array, unsigned n,
		      struct conf_place *p);
bool conf_term_place(const struct conf_isa *isa, const struct conf_insn *d,
		     const struct rx_insn *i, const struct conf_term *t,
		     struct conf_place *p);

#endif
