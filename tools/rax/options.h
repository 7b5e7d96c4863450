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
	KIND_ENGINE, KIND_MACHINE, KIND_CLOCK,
};

enum option_id {
#define SECTION(title)
#define OPTION(id, argument, kind, help) OPT_##id,
#include "options.def"
#undef SECTION
#undef OPTION
	OPT_COUNT
};

struct option_info {
	const char *name;	/* "icount-shift" */
	const char *argument;	/* NULL: a flag */
	enum option_kind kind;
	const char *help;
	const char *section;	/* set on the first of its section */
};
extern const struct option_info option_table[OPT_COUNT];

/* Values: text as given (owned), and its number where the kind has one. */
struct options {
	char *text[OPT_COUNT];		/* NULL: not given */
	uint64_t number[OPT_COUNT];
	char **disks;
	size_t ndisks;
	char **words;			/* what is no option, borrowed from argv */
	int nwords;
};

/*
 * Parses argv[1..]. A --config file is read where it stands; options of the
 * command line win over it. On failure *err is the line to print.
 */
rax_status options_parse(struct options *o, int argc, char **argv, rax_error *err);
void options_free(struct options *o);
/* Sets one option from text, with all checks. */
rax_status options_set(struct options *o, enum option_id id, const char *text, rax_error *err);

/* The word of the n (skipping NULLs) nearest to what; NULL: none is near. */
const char *nearest(const char *what, const char *const *words, size_t n);

void print_help(FILE *out);
void print_man(FILE *out);
void print_completion(FILE *out);

/* Commands: their words behind the name; they return an exit code. */
int command_dis(int argc, char **argv);
int command_asm(int argc, char **argv);
int command_run(const struct options *o);

/* Exit codes, documented in the man page. */
enum {
	EXIT_GUEST_ERROR = 1,	/* an input file is bad, or asm and dis found errors */
	EXIT_USAGE = 2,
	EXIT_DIVERGED = 3,
	EXIT_DEADLOCK = 4,
	EXIT_INTERNAL = 70,
	EXIT_LIMIT = 124,
};

#endif
