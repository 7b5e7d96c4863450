/* run.c - running a machine. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "perf.h"
#include "signals.h"

static void console_help(void *opaque)
{
	(void)opaque;
	fprintf(stderr, "\r\nCtrl-A x  quit\r\nCtrl-A h  this list\r\n"
			"Ctrl-A Ctrl-A  type Ctrl-A\r\n");
}

static uint64_t number_or(const struct options *o, enum option_id id, uint64_t otherwise)
{
	return o->text[id] ? o->number[id] : otherwise;
}

static int is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value && strcmp(value, "0") != 0;
}

/* The option, else the environment. */
static const char *jit_mode(const struct options *o)
{
	return o->text[OPT_jit] ? o->text[OPT_jit] : is_set("RAX_NO_JIT") ? "off" :
	       is_set("RAX_JIT_VERIFY") ? "verify" : "on";
}

/* --jit against --engine and --verify; only an explicit one is a contradiction. */
static int choose_engine(rax_config *c, const struct options *o)
{
	const char *mode = jit_mode(o);
	const int asked = o->text[OPT_jit] != NULL;
	const char *engine = o->text[OPT_engine];
	const int is_jit = !engine || !strcmp(engine, "jit");

	c->engine = engine;
	c->verify = o->text[OPT_verify];
	if (!strcmp(mode, "on"))
		return 0;
	if (!strcmp(mode, "off")) {
		if (engine && is_jit && asked)
			goto contradiction;
		if (is_jit)
			c->engine = "threaded";
		return 0;
	}
	if ((!is_jit || c->verify) && asked)
		goto contradiction;
	if (is_jit && !c->verify) {
		c->engine = "jit";
		c->verify = "step";
	}
	return 0;
contradiction:
	fprintf(stderr, "rax: --jit %s and --engine or --verify contradict each other; "
			"leave one out\n", mode);
	return EXIT_USAGE;
}

static void fill_config(rax_config *c, const struct options *o)
{
	rax_config_init(c);
	c->machine = o->text[OPT_machine];
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
	c->jit_level = (uint32_t)number_or(o, OPT_jit_level, c->jit_level);
	c->jit_heat = (uint32_t)number_or(o, OPT_jit_heat, c->jit_heat);
	c->jit_cache = number_or(o, OPT_jit_cache, c->jit_cache);
	c->jit_counts = o->text[OPT_stats] != NULL;
	c->host_mask = o->text[OPT_host_mask] ? o->text[OPT_host_mask] : getenv("RAX_HOST_MASK");
	c->console_in = STDIN_FILENO;
	c->console_out = STDOUT_FILENO;
	c->console_keys = isatty(STDIN_FILENO);
	c->console_help = console_help;
}

/* What ended a run, where it is no guest's code: a line for standard error. */
struct ending {
	int code;
	rax_error line;		/* message "": nothing to say */
};

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
		return EXIT_BAD_INPUT;
	}
}

static void say(struct ending *e, int code, const char *line)
{
	e->code = code;
	snprintf(e->line.message, sizeof(e->line.message), "%s", line);
}

/* Runs until something ends it; resets go on. */
static void run(rax_vm *vm, uint64_t max, struct ending *e)
{
	for (;;) {
		const uint64_t left = max == UINT64_MAX ? max : max - rax_vm_icount(vm);

		switch (rax_vm_run(vm, left)) {
		case RAX_STOP_EXIT:
			e->code = rax_vm_exit_code(vm);
			return;
		case RAX_STOP_RESET:
			if (!rax_vm_reset(vm, &e->line))
				break;
			e->code = status_code(e->line.code);
			return;
		case RAX_STOP_USER:
			e->code = signals_caught() ? EXIT_SIGNAL + signals_caught() : 0;
			return;
		case RAX_STOP_LIMIT:
			say(e, EXIT_LIMIT, "the limit of --max-insns is reached");
			return;
		case RAX_STOP_DEADLOCK:
			say(e, EXIT_DEADLOCK, "every processor waits and nothing can wake one");
			return;
		case RAX_STOP_DIVERGED:
		case RAX_STOP_ERROR:
			rax_vm_error(vm, &e->line);
			e->code = status_code(e->line.code);
			return;
		}
	}
}

static void write_line(void *opaque, const char *line)
{
	fprintf(opaque, "%s\n", line);
}

static void print_stats(const rax_vm *vm)
{
	uint64_t value;
	const char *name;

	fprintf(stderr, "%14" PRIu64 " instructions\n", rax_vm_icount(vm));
	for (unsigned k = 0; (name = rax_vm_stat(vm, k, &value)) != NULL; k++)
		fprintf(stderr, "%14" PRIu64 " %s\n", value, name);
}

/* What is written besides the guest's console. */
struct outputs {
	FILE *dump;		/* NULL: none; standard output: of rax jit-dump */
	const char *path;
	struct perf *perf;
	unsigned long lines;
};

static void dump_line(void *opaque, const char *line)
{
	struct outputs *out = opaque;

	out->lines++;
	write_line(out->dump, line);
}

static int cannot_write(const char *path)
{
	fprintf(stderr, "rax: cannot write %s: %s\n", path, strerror(errno));
	return EXIT_BAD_INPUT;
}

static int open_outputs(struct outputs *out, const struct options *o, rax_config *c)
{
	out->path = out->dump ? "standard output" : o->text[OPT_jit_dump];
	if (out->path && !out->dump && !(out->dump = fopen(out->path, "w")))
		return cannot_write(out->path);
	if (out->dump) {
		c->jit_text = dump_line;
		c->jit_opaque = out;
	}
	if (o->text[OPT_jit_perf] && !(out->perf = perf_begin(o->text[OPT_jit_perf], c)))
		return EXIT_BAD_INPUT;
	return 0;
}

/* All is complete on disk, or the exit code says that it is not. */
static int close_outputs(struct outputs *out, int code)
{
	int bad = 0;

	if (out->dump) {
		bad = fflush(out->dump) || ferror(out->dump);
		if ((out->dump != stdout && fclose(out->dump)) || bad)
			bad = cannot_write(out->path);
	}
	if (out->perf && perf_end(out->perf))
		bad = EXIT_BAD_INPUT;
	return code ? code : bad ? EXIT_BAD_INPUT : 0;
}

static int execute(const struct options *o, const rax_config *c)
{
	struct ending e = { 0 };
	rax_vm *vm = NULL;
	rax_status st = rax_vm_create(c, &vm, &e.line);

	if (!st) {
		st = signals_begin(vm, &e.line);
		if (!st)
			run(vm, number_or(o, OPT_max_insns, UINT64_MAX), &e);
		signals_end();
	}
	if (st)
		e.code = status_code(st);
	if (e.line.message[0])
		fprintf(stderr, "rax: %s\n", e.line.message);
	if (vm && o->text[OPT_state_hash])
		fprintf(stderr, "state %016" PRIx64 " after %" PRIu64 " instructions\n",
			rax_vm_state_hash(vm), rax_vm_icount(vm));
	if (e.code == EXIT_DIVERGED && !strcmp(jit_mode(o), "verify"))
		rax_vm_explain(vm, write_line, stderr);
	if (vm && o->text[OPT_stats])
		print_stats(vm);
	rax_vm_free(vm);
	return e.code;
}

/* dump: what is compiled goes there, and the console nowhere; NULL: an ordinary run */
static int run_guest(const struct options *o, FILE *dump)
{
	struct outputs out = { .dump = dump };
	rax_config c;
	int code;

	if (!o->text[OPT_kernel] && !o->text[OPT_firmware]) {
		fprintf(stderr, "rax: nothing to run: give --kernel FILE, or see rax --help\n");
		return EXIT_USAGE;
	}
	fill_config(&c, o);
	if (choose_engine(&c, o))
		return EXIT_USAGE;
	if (dump) {
		c.console_in = c.console_out = -1;
		c.engine = c.engine ? c.engine : "jit";
		if (strcmp(c.engine, "jit") || o->text[OPT_jit_dump]) {
			fprintf(stderr, "rax: jit-dump writes what --engine jit compiles to "
					"standard output; leave --%s out\n",
				o->text[OPT_jit_dump] ? "jit-dump" : o->text[OPT_engine] ?
				"engine" : "jit");
			return EXIT_USAGE;
		}
	}
	code = open_outputs(&out, o, &c);
	if (!code)
		code = execute(o, &c);
	if (dump && !code && !out.lines)
		fprintf(stderr, "rax: nothing was hot enough to be compiled; see --jit-heat\n");
	return close_outputs(&out, code);
}

int command_run(const struct options *o)
{
	return run_guest(o, NULL);
}

/* rax jit-dump of a guest; bytes are dis.c's */
int command_run_dump(int argc, char **argv)
{
	struct options o;
	rax_error err = { 0 };
	int code;

	if (options_parse(&o, argc, argv, &err)) {
		fprintf(stderr, "rax: %s\n", err.message);
		code = EXIT_USAGE;
	} else {
		code = run_guest(&o, stdout);
	}
	options_free(&o);
	return code;
}
