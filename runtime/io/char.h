/* char.h - console back ends. SPDX-License-Identifier: MIT
 *
 * A back end holds a bounded queue of input; front ends (devices, SBI, HTIF)
 * pull from it when the guest asks, and write output to it. Several front
 * ends may share one: input goes to the one that wrote last, so that keys
 * reach the program whose prompt is on the screen.
 *
 * All of it belongs to the vm's thread.
 */
#ifndef RX_IO_CHAR_H
#define RX_IO_CHAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/vm.h"
#include "rax/error.h"

struct rx_char;

#define RX_CHAR_QUEUE 4096	/* bytes of input that wait for the guest */

struct rx_char_ops {
	/* Takes all of it. */
	void (*write)(struct rx_char *chr, const uint8_t *buf, size_t len);
	void (*flush)(struct rx_char *chr);
	/* A front end took bytes: the queue has room. May be NULL. */
	void (*room)(struct rx_char *chr);
	void (*fini)(struct rx_char *chr);
};

/* A front end; embedded in its owner, who sets notify and opaque. */
struct rx_char_user {
	/* Input has arrived for it. May be NULL: it asks by itself. */
	void (*notify)(void *opaque);
	void *opaque;
	struct rx_char_user *next;
};

struct rx_char {
	const struct rx_char_ops *ops;
	struct rx_vm *vm;
	struct rx_char_user *users;
	struct rx_char_user *active;	/* wrote last; NULL: nobody yet */
	uint8_t queue[RX_CHAR_QUEUE];
	unsigned head, count;
	bool reading;			/* inside rx_char_read(): do not notify */
	uint64_t written;		/* bytes of output so far */
	uint64_t written_hash;		/* FNV-1a of them */
	bool hurry;			/* the user wants an end: do not wait for readers */
	int error;			/* errno of the first failed write */
	/* Sees all input with its time stamp (guest ns), to record it. */
	void (*tap)(void *opaque, uint64_t when, const uint8_t *buf, size_t len);
	void *tap_opaque;
};

/* Front ends. A NULL chr is a console that nobody looks at. */
void rx_char_attach(struct rx_char *chr, struct rx_char_user *user);
void rx_char_detach(struct rx_char *chr, struct rx_char_user *user);
void rx_char_write(struct rx_char *chr, struct rx_char_user *user,
		   const void *buf, size_t len);
/* Takes up to len bytes of input; returns how many. */
size_t rx_char_read(struct rx_char *chr, struct rx_char_user *user, void *buf,
		    size_t len);
/* Puts len bytes that were read last back; what does not fit is lost. */
void rx_char_unread(struct rx_char *chr, const void *buf, size_t len);
void rx_char_flush(struct rx_char *chr);

/* Back ends: first thing after allocating a zeroed object that starts with it. */
void rx_char_init(struct rx_char *chr, const struct rx_char_ops *ops,
		  struct rx_vm *vm);
/* Queues input and tells the front ends; returns how many fitted. */
size_t rx_char_input(struct rx_char *chr, const void *buf, size_t len);
static inline size_t rx_char_room(const struct rx_char *chr)
{
	return RX_CHAR_QUEUE - chr->count;
}

/* Flushes, and frees the back end. Before rx_vm_fini(); NULL is fine. */
void rx_char_free(struct rx_char *chr);

/*
 * Standard input and output, or any two descriptors, which stay open and
 * keep their flags. Output is held back for at most 2 ms of host time. A
 * reader that is slow blocks the vm, until rx_vm_stop(); a failed write (a closed
 * pipe: ignore SIGPIPE) stops the vm with RX_STOP_ERROR.
 *
 * With keys (for a terminal in raw mode, see io/term.h) Ctrl-A is a
 * prefix: x stops the vm with RX_STOP_USER, h calls help, Ctrl-A or a is a
 * literal Ctrl-A. in = -1: no input.
 */
struct rx_char_stdio_config {
	int in, out;
	bool keys;			/* Ctrl-A commands */
	void (*help)(void *opaque);
	void *opaque;
};
RAX_MUST_CHECK rax_status rx_char_stdio_new(struct rx_char **chr, struct rx_vm *vm,
		const struct rx_char_stdio_config *cfg, rax_error *err);

/*
 * In memory: output is kept (at most limit bytes; what follows is counted and
 * hashed only), input comes from a script. An entry is delivered at guest
 * time when_ns, or at once if that has passed; entries are added in order.
 * Under icount the same script gives the same run, so the tap of one
 * machine's console feeds the script of another.
 */
RAX_MUST_CHECK rax_status rx_char_mem_new(struct rx_char **chr, struct rx_vm *vm,
		size_t limit, rax_error *err);
RAX_MUST_CHECK rax_status rx_char_mem_script(struct rx_char *chr, uint64_t when_ns,
		const void *buf, size_t len);
/* Output so far, NUL-terminated, owned by chr, valid until the next write. */
const char *rx_char_mem_output(struct rx_char *chr, size_t *len);

#endif
