/* signals.c - signals and the terminal while a guest runs. SPDX-License-Identifier: MIT */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* What handlers need; set before they are installed, and for good. */
static rax_terminal *terminal;
static rax_vm *running;
static volatile sig_atomic_t caught;

/* A stack of its own: the guest's run may have used up the other one. */
static char crash_stack[65536];

static void by_default(int sig)
{
	struct sigaction sa;
	sigset_t set;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	sigaction(sig, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void on_quit(int sig)
{
	const int saved_errno = errno;

	if (caught) {		/* the first one did not help */
		rax_terminal_restore(terminal);
		by_default(sig);
	}
	caught = sig;
	rax_vm_stop(running);
	errno = saved_errno;
}

/* The terminal is put back before the signal does what it would have done. */
static void on_crash(int sig)
{
	rax_terminal_restore(terminal);
	by_default(sig);
}

static void on_stop(int sig);

static const struct {
	int sig;
	void (*handler)(int);
	int flags;
} table[] = {
	{ SIGINT, on_quit, 0 }, { SIGTERM, on_quit, 0 }, { SIGHUP, on_quit, 0 },
	{ SIGQUIT, on_quit, 0 },
	{ SIGSEGV, on_crash, SA_ONSTACK }, { SIGBUS, on_crash, SA_ONSTACK },
	{ SIGILL, on_crash, SA_ONSTACK }, { SIGFPE, on_crash, SA_ONSTACK },
	{ SIGABRT, on_crash, SA_ONSTACK }, { SIGSYS, on_crash, SA_ONSTACK },
	{ SIGTSTP, on_stop, SA_RESTART }, { SIGCONT, on_stop, SA_RESTART },
	{ SIGPIPE, SIG_IGN, 0 },	/* a failed write says so */
};
#define NSIGNALS (sizeof(table) / sizeof(table[0]))
static struct sigaction before[NSIGNALS];

static void install(int sig, void (*handler)(int), int flags, struct sigaction *old)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;
	sa.sa_flags = flags;
	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, old);
}

/*
 * SIGTSTP: gives the terminal back and stops. SIGCONT comes first when rax
 * goes on, also after a SIGSTOP, which nobody can catch: raw again.
 */
static void on_stop(int sig)
{
	const int saved_errno = errno;

	if (sig == SIGCONT) {
		rax_terminal_resume(terminal);
	} else {
		rax_terminal_restore(terminal);
		by_default(sig);
		install(sig, on_stop, SA_RESTART, NULL);
	}
	errno = saved_errno;
}

rax_status signals_begin(rax_vm *vm, rax_error *err)
{
	const stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof(crash_stack) };
	size_t k;

	running = vm;
	caught = 0;
	sigaltstack(&stack, NULL);
	for (k = 0; k < NSIGNALS; k++) {
		install(table[k].sig, table[k].handler, table[k].flags, &before[k]);
		/* what nohup and shells in the background ignore stays ignored */
		if (before[k].sa_handler == SIG_IGN)
			sigaction(table[k].sig, &before[k], NULL);
	}
	return rax_terminal_raw(&terminal, STDIN_FILENO, err);
}

void signals_end(void)
{
	rax_terminal *t = terminal;
	size_t k;

	terminal = NULL;	/* SIGCONT does not make it raw any more */
	rax_terminal_free(t);
	for (k = 0; k < NSIGNALS; k++)
		sigaction(table[k].sig, &before[k], NULL);
}

int signals_caught(void)
{
	return caught;
}
