/* wire.h - how cases travel to an oracle and results back. SPDX-License-Identifier: MIT
 *
 * Two pipes, little-endian, every message padded to 8 bytes. The host sends
 *	wire_hello, nfiles of wire_file, the window's background
 * once, and gets a wire_ready. Then for each case
 *	wire_ask, the state image, npatches of (wire_piece, its bytes)
 * for which it gets
 *	wire_tell, the state image, npieces of (wire_piece, its bytes)
 * The oracle knows the registers of its processor by name (tests/conf/describe.h)
 * and leaves what it does not know as it came.
 */
#ifndef TESTS_DIFF_WIRE_H
#define TESTS_DIFF_WIRE_H

#include <stdint.h>

#define WIRE_MAGIC 0x52415831u
#define WIRE_PAD(n) (((n) + 7u) & ~7u)

struct wire_hello {
	uint32_t magic, nfiles;
	uint32_t image;		/* bytes of a state */
	uint32_t fill;		/* of the page of code, before a case's */
	uint64_t code_end;	/* that page ends there, a hole follows */
	uint64_t data;		/* the window */
	uint32_t data_size, page;
};

struct wire_file {
	char name[24];
	uint32_t at, count, bytes, pad;
};

struct wire_ready {
	uint32_t magic, known;	/* files that the oracle knows: bit n is the n-th */
};

struct wire_ask {
	uint32_t bytes;		/* that follow */
	uint8_t length, npatches;
	uint16_t pad;
	uint8_t code[40];
};

struct wire_piece {
	uint32_t at, size;	/* in the window */
};

struct wire_tell {
	uint32_t bytes;		/* that follow */
	int32_t signal, code;	/* as in siginfo */
	uint32_t npieces;	/* of changed memory */
	uint64_t pc, address;
	uint64_t stray;		/* not 0: memory outside of the window changed */
};

#endif
