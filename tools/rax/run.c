/* run.c - running a machine. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

/* What signal handlers need: set before they are installed. */
static rax_terminal *terminal;
static rax_vm *volatile running;

static void on_stop(int sig)
{
	rax_vm *vm = running;

	(void)sig;
	if (vm)
		rax_vm_stop(vm);
}

/* The terminal is put back before the signal does what it would have done. */
static void on_crash(int sig)
{
	rax_terminal_restore(terminal);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_tstp(int sig)
{
	(void)sig;
	rax_terminal_restore(terminal);
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
}

static volatile sig_atomic_t last_signal;

static void on_quit(int sig)
{
	last_signal = sig;
	on_stop(sig);
}

static void install(int sig, void (*handler)(int))
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;
	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void install_handlers(void)
{
	static const int quit[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	static const int crash[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	size_t k;

	for (k = 0; k < sizeof(quit) / sizeof(quit[0]); k++)
		install(quit[k], on_quit);
	for (k = 0; k < sizeof(crash) / sizeof(crash[0]); k++)
		install(crash[k], on_crash);
	install(SIGTSTP, on_tstp);
	signal(SIGPIPE, SIG_IGN);
}

static void console_help(void *opaque)
{
	(void)opaque;
	fprintf(stderr, "\r\nCtrl-A x  quit\r\nCtrl-A h  this list\r\n"
			"Ctrl-A Ctrl-A  type Ctrl-A\r\n");
}

static uint64_t number_or(const struct options *o, int id, uint64_t otherwise)
{
	return o->text[id] ? o->number[id] : otherwise;
}

static int fill_config(rax_config *c, const struct options *o)
{
	static const struct { int id; uint64_t max; } ranges[] = {
		{ OPT_smp, 16 }, { OPT_icount_shift, 20 }, { OPT_rtc_epoch, INT64_MAX / 1000000000 },
	};
	size_t k;

	for (k = 0; k < sizeof(ranges) / sizeof(ranges[0]); k++) {
		int id = ranges[k].id;

		if (o->text[id] && (o->number[id] > ranges[k].max ||
				    (id == OPT_smp && !o->number[id]))) {
			fprintf(stderr, "rax: --%s is %" PRIu64 ", it must be %d to %" PRIu64 "\n",
				id == OPT_smp ? "smp" : id == OPT_rtc_epoch ? "rtc-epoch" :
				"icount-shift", o->number[id], id == OPT_smp, ranges[k].max);
			return EXIT_USAGE;
		}
	}
	rax_config_init(c);
	c->machine = o->text[OPT_machine];
	c->engine = o->text[OPT_engine];
	c->kernel = o->text[OPT_kernel];
	c->firmware = o->text[OPT_firmware];
	c->initrd = o->text[OPT_initrd];
	c->dtb = o->text[OPT_dtb];
	c->cmdline = o->text[OPT_cmdline];
	c->disks = (const char *const *)o->disks;
	c->ndisks = o->ndisks;
	c->memory = number_or(o, OPT_memory, c->memory);
	c->smp = (uint32_t)number_or(o, OPT_smp, c->smp);
	if (o->text[OPT_clock] && !strcmp(o->text[OPT_clock], "icount"))
		c->clock = RAX_CLOCK_ICOUNT;
	c->icount_shift = (uint32_t)number_or(o, OPT_icount_shift, c->icount_shift);
	c->rtc_epoch = number_or(o, OPT_rtc_epoch, c->rtc_epoch);
	c->seed = number_or(o, OPT_seed, c->seed);
	c->console_in = STDIN_FILENO;
	c->console_out = STDOUT_FILENO;
	c->console_help = console_help;
	if (o->nwords > (c->kernel ? 0 : 1)) {
		fprintf(stderr, "rax: '%s' is one word too many; see rax --help\n",
			o->words[c->kernel ? 0 : 1]);
		return EXIT_USAGE;
	}
	if (!c->kernel && o->nwords)
		c->kernel = o->words[0];
	if (!c->kernel && !c->firmware) {
		fprintf(stderr, "rax: nothing to run: give --kernel FILE, or see rax --help\n");
		return EXIT_USAGE;
	}
	return 0;
}

static int status_code(rax_status st)
{
	switch (st) {
	case RAX_OK:
		return 0;
	case RAX_EINVAL:
		return EXIT_USAGE;
	case RAX_EDIVERGED:
		return EXIT_DIVERGED;
	case RAX_EINTERNAL:
		return EXIT_INTERNAL;
	default:
		return EXIT_GUEST_ERROR;
	}
}

static int report(rax_status st, const rax_error *err)
{
	rax_terminal_restore(terminal);
	fprintf(stderr, "rax: %s\n", err->message);
	return status_code(st);
}

/* Runs until something ends it; resets go on. */
static int run_vm(rax_vm *vm, const struct options *o)
{
	uint64_t max = number_or(o, OPT_max_insns, UINT64_MAX);
	rax_error err = { 0 };

	for (;;) {
		uint64_t left = max == UINT64_MAX ? max : max - rax_vm_icount(vm);

		switch (rax_vm_run(vm, left)) {
		case RAX_STOP_EXIT:
			return rax_vm_exit_code(vm);
		case RAX_STOP_RESET:
			if (rax_vm_reset(vm, &err))
				return report(RAX_EIO, &err);
			if (max != UINT64_MAX)
				max += rax_vm_icount(vm);
			break;
		case RAX_STOP_USER:
			return last_signal ? 128 + last_signal : 0;
		case RAX_STOP_LIMIT:
			rax_terminal_restore(terminal);
			fprintf(stderr, "rax: stopped after %" PRIu64 " instructions\n",
				rax_vm_icount(vm));
			return EXIT_LIMIT;
		case RAX_STOP_DEADLOCK:
			rax_terminal_restore(terminal);
			fprintf(stderr, "rax: every processor waits and nothing can wake one\n");
			return EXIT_DEADLOCK;
		case RAX_STOP_ERROR:
			rax_vm_error(vm, &err);
			return report(err.code, &err);
		}
	}
}

static int verify(const rax_config *c, const struct options *o)
{
	rax_error err = { 0 };
	rax_divergence div;
	int code = 0;
	rax_status st;

	st = rax_verify(c, o->text[OPT_verify], number_or(o, OPT_max_insns, UINT64_MAX), &code,
			&div, &err);
	return st ? report(st, &err) : code;
}

int command_run(const struct options *o)
{
	rax_config c;
	rax_error err = { 0 };
	rax_vm *vm = NULL;
	rax_status st;
	int code = fill_config(&c, o);

	if (code)
		return code;
	if (o->text[OPT_verify])
		return verify(&c, o);
	c.console_keys = isatty(STDIN_FILENO);
	st = rax_vm_create(&c, &vm, &err);
	if (st)
		return report(st, &err);
	running = vm;
	install_handlers();
	st = rax_terminal_raw(&terminal, STDIN_FILENO, &err);
	code = st ? report(st, &err) : run_vm(vm, o);
	rax_terminal_restore(terminal);
	if (o->text[OPT_state_hash])
		fprintf(stderr, "state %016" PRIx64 " after %" PRIu64 " instructions\n",
			rax_vm_state_hash(vm), rax_vm_icount(vm));
	running = NULL;
	rax_vm_free(vm);
	rax_terminal_free(terminal);
	terminal = NULL;
	return code;
}
