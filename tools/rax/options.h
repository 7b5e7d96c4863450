/* options.h - options of the command line and configuration files. SPDX-License-Identifier: MIT */
#ifndef RAX_TOOL_OPTIONS_H
#define RAX_TOOL_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rax/error.h>
#include <rax/vm.h>

enum option_kind {
	KIND_FLAG, KIND_STRING, KIND_FILE, KIND_SIZE, KIND_NUMBER, KIND_LIST,
	KIND_ENGINE, KIND_MACHINE, KIND_CLOCK, KIND_JIT,
	KIND_PERF,
};

enum option_id {
#define SECTION(title)
#define OPTION(id, argument, kind, least, most, other, help) OPT_##id,
#include "options.def"
#undef SECTION
#undef OPTION
	OPT_COUNT
};

struct option_info {
	const char *id;		/* "icount_shift"; option_name() has the name */
	const char *argument;	/* NULL: a flag */
	enum option_kind kind;
	uint64_t least, most;	/* of a number */
	const char *otherwise;	/* what it is when not given, NULL: nothing */
	const char *help;
};
extern const struct option_info option_table[OPT_COUNT];

#define OPTION_NAME_MAX 32
/* "icount-shift", in buf, which is returned. */
const char *option_name(enum option_id id, char buf[OPTION_NAME_MAX]);
/* What an option of this kind can be, NULL behind the last; NULL: anything. */
const char *(*option_choice(enum option_kind kind))(unsigned);

/* Values: text as given (owned), and its number where the kind has one. */
struct options {
	char *text[OPT_COUNT];		/* NULL: not given */
	uint64_t number[OPT_COUNT];
	char **disks;
	size_t ndisks;
};

/*
 * Parses argv[1..] and the --config file; options of the command line win
 * over it. A word that is no option is the kernel. On failure *err is the
 * line to print. options_free() in any case.
 */
rax_status options_parse(struct options *o, int argc, char **argv, rax_error *err);
void options_free(struct options *o);
/* values.c: sets one option from text, with all checks. */
rax_status option_set(struct options *o, enum option_id id, const char *text, rax_error *err);
/* Fills in *err and returns RAX_EINVAL; control characters become '?'. */
rax_status option_fail(rax_error *err, const char *fmt, ...) RAX_PRINTF(2, 3);

/* nearest.c: the word of the n nearest to what; NULL: none is near. */
const char *nearest(const char *what, const char *const *words, size_t n);

/* help.c, man.c, completion.c */
void print_help(FILE *out);
void print_man(FILE *out);
void print_completion(FILE *out);
/* "--smp N", in buf, which is returned */
const char *option_usage(enum option_id id, char *buf, size_t size);
/* The help of an option with its choices, bounds and default. */
const char *option_help(enum option_id id, char *buf, size_t size);

/* A line of the option table as texts show it, or the title of a section. */
struct text_row {
	const char *title;	/* NULL: an option */
	enum option_id id;
};
extern const struct text_row text_rows[];
extern const size_t ntext_rows;

struct exit_code {
	int code;
	const char *meaning;
};
extern const struct exit_code exit_codes[];
extern const size_t nexit_codes;
extern const char exit_codes_note[];

/* How rax is called: the words behind "rax", NULL behind the last. */
extern const char *const usages[];

/* dis.c, run.c: commands, with argv[0] their name; they return an exit code. */
int command_dis(int argc, char **argv);
int command_asm(int argc, char **argv);
int command_lift(int argc, char **argv);
int command_coverage(int argc, char **argv);
int command_jit_dump(int argc, char **argv);
int command_run(const struct options *o);
int command_run_dump(int argc, char **argv);

/* Exit codes; what they mean is in help.c. */
enum {
	EXIT_BAD_INPUT = 1,
	EXIT_USAGE = 2,
	EXIT_DIVERGED = 3,
	EXIT_DEADLOCK = 4,
	EXIT_INTERNAL = 70,
	EXIT_LIMIT = 124,
	EXIT_SIGNAL = 128,	/* plus its number */
};

#endif
