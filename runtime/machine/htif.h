/* htif.h - the host-target interface of RISC-V test programs. SPDX-License-Identifier: MIT
 *
 * A program that has the symbols tohost and fromhost talks to its host through
 * these two words of memory: device in bits 63:56, command in 55:48, payload
 * below. Device 0: an odd payload ends the program, an even one is the address
 * of a system call block (only write to descriptors 1 and 2 is served); device
 * 1: console, command 0 reads a character, 1 writes one.
 */
#ifndef RX_MACHINE_HTIF_H
#define RX_MACHINE_HTIF_H

#include "core/vm.h"
#include "io/char.h"

struct rx_htif {
	struct rx_vm *vm;
	struct rx_char *chr;
	struct rx_char_user user;
	uint64_t tohost, fromhost;	/* physical addresses; fromhost 0: none */
	struct rx_timer half;		/* only one half was written yet */
	unsigned halves;		/* 1: low, 2: high */
	bool reading;
};

/* Watches tohost; chr may be NULL. RAX_ERANGE: the words are not in RAM. */
RAX_MUST_CHECK rax_status rx_htif_start(struct rx_htif *htif, struct rx_vm *vm,
					struct rx_char *chr, uint64_t tohost,
					uint64_t fromhost);

#endif
