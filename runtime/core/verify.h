/* verify.h - two machines in lock-step. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_VERIFY_H
#define RX_CORE_VERIFY_H

#include <stdint.h>

#include "core/vm.h"

enum rx_verify_what {
	RX_VERIFY_REGISTER,	/* name, value[] */
	RX_VERIFY_MEMORY,	/* address, value[]: eight bytes of RAM */
	RX_VERIFY_DEVICE,	/* name of the first device that differs */
	RX_VERIFY_STOP,		/* value[]: enum rx_stop */
	RX_VERIFY_COUNT,	/* value[]: units */
};

/*
 * The first difference. Machine 0 is a, 1 is b. pc and insn are the
 * instruction after which it was seen, when exact; else one of the `range`
 * units that end at icount did it, and pc is where they began.
 */
struct rx_verify_report {
	enum rx_verify_what what;
	unsigned cpu;
	uint64_t icount;	/* units of the whole machine */
	uint64_t range;		/* 1: exact */
	uint64_t pc;
	char insn[96];		/* disassembled, "" if it cannot be */
	const char *name;
	uint64_t address;
	uint64_t value[2];
	char text[512];		/* all of this in one line */
};

/*
 * Runs a and b, made alike and under RX_CLOCK_ICOUNT, side by side for at
 * most max units, and compares all registers, counts, devices' state and, now
 * and then and at the end, RAM (pages that are being written more often). When
 * one of them runs on the step engine differences in registers other than
 * vectors are traced back to the instruction.
 *
 * RAX_OK: they agreed; *stop is why both stopped. RAX_EDIVERGED: *report.
 * RAX_EINVAL: they cannot be compared. RAX_ENOMEM.
 */
RAX_MUST_CHECK rax_status rx_verify_run(struct rx_vm *a, struct rx_vm *b,
					uint64_t max, enum rx_stop *stop,
					struct rx_verify_report *report,
					rax_error *err);

#endif
