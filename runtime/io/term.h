/* term.h - raw mode of the host's terminal. SPDX-License-Identifier: MIT */
#ifndef RX_IO_TERM_H
#define RX_IO_TERM_H

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

/* Owned by the caller (a static object, for signal handlers); starts zeroed. */
struct rx_term {
	int fd;
	struct termios saved, raw;
	volatile sig_atomic_t known;	/* saved and raw are valid */
	volatile sig_atomic_t active;	/* the terminal is raw */
};

/*
 * Makes the terminal at fd raw: no echo, no line editing, no signals from
 * keys; output processing stays as it is. Returns false, with nothing
 * changed, when fd is no terminal or this process is in its background.
 */
bool rx_term_raw(struct rx_term *term, int fd);
/* Undoes it, once. Async-signal-safe; keeps errno. */
void rx_term_restore(struct rx_term *term);
/*
 * Raw once more, after rx_term_restore() or when somebody else (a shell that
 * stopped us) changed it. Does nothing where rx_term_raw() was not successful
 * or this process is in the background. Async-signal-safe; keeps errno.
 */
void rx_term_resume(struct rx_term *term);

#endif
