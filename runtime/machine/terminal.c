/* terminal.c - raw terminals for the public interface. SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/error.h"
#include "io/term.h"
#include "rax/vm.h"

struct rax_terminal {
	struct rx_term term;
};

rax_status rax_terminal_raw(rax_terminal **term, int fd, rax_error *err)
{
	*term = calloc(1, sizeof(**term));
	if (!*term)
		return rx_err(err, RAX_ENOMEM, "no memory for the terminal's state");
	if (!rx_term_raw(&(*term)->term, fd)) {
		free(*term);
		*term = NULL;
	}
	return RAX_OK;
}

void rax_terminal_restore(rax_terminal *term)
{
	if (term)
		rx_term_restore(&term->term);
}

void rax_terminal_resume(rax_terminal *term)
{
	if (term)
		rx_term_resume(&term->term);
}

void rax_terminal_free(rax_terminal *term)
{
	rax_terminal_restore(term);
	free(term);
}
