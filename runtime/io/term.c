/* term.c - raw mode of the host's terminal. SPDX-License-Identifier: MIT */
#include "io/term.h"

#include <errno.h>
#include <unistd.h>

bool rx_term_raw(struct rx_term *term, int fd)
{
	struct termios t;

	if (term->active)
		return true;
	/* In the background tcsetattr() would stop the process (SIGTTOU). */
	if (!isatty(fd) || tcgetpgrp(fd) != getpgrp() || tcgetattr(fd, &t) < 0)
		return false;
	term->fd = fd;
	term->saved = t;
	t.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR |
				 IGNCR | ICRNL | IXON | IXOFF);
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	t.c_cflag |= CS8;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	term->raw = t;
	term->known = 1;
	/* From here on a signal handler may have to restore. */
	term->active = 1;
	if (tcsetattr(fd, TCSADRAIN, &t) < 0) {
		rx_term_restore(term);
		term->known = 0;
		return false;
	}
	return true;
}

void rx_term_restore(struct rx_term *term)
{
	const int saved_errno = errno;

	if (term->active) {
		term->active = 0;
		/* Not TCSADRAIN: a reader that has stopped must not hold us. */
		while (tcsetattr(term->fd, TCSANOW, &term->saved) < 0 &&
		       errno == EINTR)
			;
	}
	errno = saved_errno;
}

void rx_term_resume(struct rx_term *term)
{
	const int saved_errno = errno;

	if (term->known && tcgetpgrp(term->fd) == getpgrp()) {
		term->active = 1;
		while (tcsetattr(term->fd, TCSANOW, &term->raw) < 0 &&
		       errno == EINTR)
			;
	}
	errno = saved_errno;
}
