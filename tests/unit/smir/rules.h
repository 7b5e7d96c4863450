/* rules.h - what a pass makes of a few operations. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SMIR_RULES_H
#define TESTS_UNIT_SMIR_RULES_H

/* Operations on %1 (r1) that end in a value for r2; what becomes of them. */
struct rule {
	const char *ops, *result;
	const char *has, *lacks;	/* in the text afterwards */
};

/* Also: registers are the same before and after, whatever they were. */
void check_rules(const struct rule *rules, unsigned n);

#endif
