/* dis.c - rax dis, rax asm, rax lift and rax jit-dump of bytes. SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rax/asm.h>
#include <rax/lift.h>

#include "options.h"

#define MAX_BYTES 4096	/* of one HEX argument */
#define MAX_LINE 16384	/* of standard input */
#define MAX_TEXT 4096	/* of an instruction with its explanation */
#define SHOWN 40	/* of a bad item */

/* What the options ask for. */
struct job {
	const char *isa, *syntax, *level;
	const char *explain, *help;	/* flags: not NULL where given */
	uint32_t number;		/* that level is */
};

static const struct known_option {
	const char *name;
	const char *wants;	/* its argument; NULL: it is a flag */
	const char *commands;
	size_t at;		/* in struct job */
} known_options[] = {
	{ "--isa", "ISA", "dis asm lift jit-dump", offsetof(struct job, isa) },
	{ "--syntax", "NAME", "dis asm", offsetof(struct job, syntax) },
	{ "--jit-level", "N", "jit-dump", offsetof(struct job, level) },
	{ "--explain", NULL, "dis", offsetof(struct job, explain) },
	{ "--help", NULL, "dis asm lift jit-dump", offsetof(struct job, help) },
};
#define NOPTIONS (sizeof(known_options) / sizeof(known_options[0]))

/* Answers one item; single: by one line. 0: it is, or has, an error. */
typedef int item_fn(const struct job *job, const char *text, int single);

static int error_line(const char *what, const char *text)
{
	char shown[SHOWN + 4];
	size_t k;

	for (k = 0; k < SHOWN && text[k]; k++)
		shown[k] = text[k] >= ' ' && text[k] <= '~' ? text[k] : '?';
	strcpy(shown + k, text[k] ? "..." : "");
	printf("error: '%s' %s\n", shown, what);
	return 0;
}

static int hex_digit(int ch)
{
	return ch >= '0' && ch <= '9' ? ch - '0' :
	       ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 :
	       ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

/* Bytes in memory order; spaces may stand between them. -1: not hexadecimal. */
static int parse_bytes(const char *text, uint8_t *bytes, int room)
{
	int n = 0;

	for (;;) {
		int high, low;

		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			return n ? n : -1;
		high = hex_digit((unsigned char)text[0]);
		low = high < 0 ? -1 : hex_digit((unsigned char)text[1]);
		if (low < 0 || n == room)
			return -1;
		bytes[n++] = (uint8_t)(high << 4 | low);
		text += 2;
	}
}

/* One instruction's value, behind 0x: the last digit is the lowest. */
static int parse_value(const char *text, uint8_t bytes[RAX_INSN_MAX])
{
	size_t len = strlen(text), k;

	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (!len || len > 2 * RAX_INSN_MAX)
		return -1;
	memset(bytes, 0, RAX_INSN_MAX);
	for (k = 0; k < len; k++) {
		const int d = hex_digit((unsigned char)text[len - 1 - k]);

		if (d < 0)
			return -1;
		bytes[k / 2] |= (uint8_t)(d << (k % 2 * 4));
	}
	return (int)((len + 1) / 2);
}

static rax_status disassemble(const struct job *job, const uint8_t *bytes, size_t size,
			      char line[MAX_TEXT], size_t *used, rax_error *err)
{
	return (job->explain ? rax_explain : rax_disassemble_as)(
		job->isa, job->syntax, bytes, size, line, MAX_TEXT, used, err);
}

static int dis_value(const struct job *job, const char *text)
{
	uint8_t bytes[RAX_INSN_MAX];
	const int n = parse_value(text + 2, bytes);
	rax_error err = { 0 };
	char line[MAX_TEXT];
	size_t used = 0;

	if (n < 0)
		return error_line("is not a hexadecimal value of at most 16 bytes", text);
	if (disassemble(job, bytes, sizeof(bytes), line, &used, &err)) {
		printf("error: %s\n", err.message);
		return 0;
	}
	if (used < (size_t)n)
		return error_line("is longer than the instruction in its low bits", text);
	puts(line);
	return 1;
}

static int dis_item(const struct job *job, const char *text, int single)
{
	uint8_t bytes[MAX_BYTES];
	size_t at = 0;
	int n;

	while (isspace((unsigned char)*text))
		text++;
	if (text[0] == '0' && (text[1] | 0x20) == 'x')
		return dis_value(job, text);
	n = parse_bytes(text, bytes, MAX_BYTES);
	if (n < 0)
		return error_line("is not hexadecimal bytes", text);
	while (at < (size_t)n) {
		char line[MAX_TEXT];
		rax_error err = { 0 };
		size_t used = 0;

		if (disassemble(job, bytes + at, (size_t)n - at, line, &used, &err)) {
			printf("error: %s\n", err.message);
			return 0;
		}
		/* a line of standard input is one instruction, an argument may be several */
		if (single && used != (size_t)n)
			return error_line("is more than one instruction", text);
		puts(line);
		at += used;
	}
	return 1;
}

static int asm_item(const struct job *job, const char *text, int single)
{
	uint8_t bytes[RAX_INSN_MAX];
	rax_error err = { 0 };
	size_t used = 0, k;

	(void)single;
	if (rax_assemble_as(job->isa, job->syntax, text, bytes, &used, &err)) {
		for (k = 0; err.message[k]; k++)
			if (err.message[k] < ' ' || err.message[k] > '~')
				err.message[k] = '?';
		printf("error: %s\n", err.message);
		return 0;
	}
	for (k = 0; k < used; k++)
		printf("%02x", bytes[k]);
	putchar('\n');
	return 1;
}

/* The text of all functions that the bytes are; addresses count from 0. */
static int lift_bytes(const char *isa, const uint8_t *bytes, size_t n)
{
	size_t at = 0, used = 0, length = 0;
	rax_error err = { 0 };

	while (at < n) {
		char *text = NULL;
		rax_status st = rax_lift(isa, bytes + at, n - at, at, NULL, 0, &length, &used,
					 &err);

		if (!st && !(text = malloc(length + 1))) {
			puts("error: no memory is left");
			return 0;
		}
		if (!st)
			st = rax_lift(isa, bytes + at, n - at, at, text, length + 1, &length,
				      &used, &err);
		if (st)
			printf("error: %s\n", err.message);
		else
			fputs(text, stdout);
		free(text);
		if (st)
			return 0;
		at += used;
	}
	return 1;
}

/* The bytes of an item; behind 0x it is one instruction. -1: it is neither. */
static int item_bytes(const char *isa, const char *text, uint8_t bytes[MAX_BYTES])
{
	rax_error err = { 0 };
	char line[256];
	size_t used = 0;
	int n;

	while (isspace((unsigned char)*text))
		text++;
	if (text[0] != '0' || (text[1] | 0x20) != 'x')
		return parse_bytes(text, bytes, MAX_BYTES);
	n = parse_value(text + 2, bytes);
	if (n >= 0 && !rax_disassemble(isa, bytes, RAX_INSN_MAX, line, sizeof(line), &used, &err) &&
	    used > (size_t)n)
		n = (int)used;
	return n;
}

static int lift_item(const struct job *job, const char *text, int single)
{
	uint8_t bytes[MAX_BYTES];
	const int n = item_bytes(job->isa, text, bytes);
	int ok;

	if (n < 0)
		return error_line("is not hexadecimal bytes", text);
	ok = lift_bytes(job->isa, bytes, (size_t)n);
	if (single)	/* more may follow */
		putchar('\n');
	return ok;
}

static void print_line(void *opaque, const char *line)
{
	(void)opaque;
	puts(line);
}

static int compile_item(const struct job *job, const char *text, int single)
{
	uint8_t bytes[MAX_BYTES];
	const int n = item_bytes(job->isa, text, bytes);
	rax_error err = { 0 };
	rax_config c;
	int ok;

	if (n < 0)
		return error_line("is not hexadecimal bytes", text);
	rax_config_init(&c);
	ok = !rax_compile(job->isa, bytes, (size_t)n, 0, job->level ? job->number : c.jit_level,
			  print_line, NULL, &err);
	if (!ok)
		printf("error: %s\n", err.message);
	if (single)
		putchar('\n');
	return ok;
}

/* One line of standard input without its end; 0: there is none. *why: it is bad. */
static int next_line(char line[MAX_LINE + 1], const char **why)
{
	size_t n = 0;
	int ch;

	*why = NULL;
	while ((ch = getchar()) != EOF && ch != '\n') {
		if (n == MAX_LINE)
			*why = "the line is too long";
		else if (!ch)
			*why = "the line holds a NUL byte";
		else
			line[n++] = (char)ch;
	}
	if (ch == EOF && !n && !*why)
		return 0;
	if (n && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return 1;
}

static int from_stdin(const struct job *job, item_fn *item)
{
	char line[MAX_LINE + 1];
	const char *why;
	int ok = 1;

	while (next_line(line, &why)) {
		if (why)
			ok = 0, printf("error: %s\n", why);
		else
			ok &= item(job, line, 1);
		if (fflush(stdout))
			break;
	}
	return ok;
}

static int known(const char *isa)
{
	const char *list[32], *near;
	unsigned n;

	for (n = 0; n < 32 && (list[n] = rax_isa_name(n)); n++)
		if (!strcmp(list[n], isa))
			return 1;
	near = nearest(isa, list, n);
	fprintf(stderr, "rax: --isa: there is no '%.60s'; did you mean '%s'?\n", isa,
		near ? near : list[0]);
	return 0;
}

static int usage(FILE *out, const char *command)
{
	size_t k;

	for (k = 0; usages[k]; k++)
		if (!strncmp(usages[k], command, strlen(command)))
			fprintf(out, "%srax %s\n", out == stderr ? "rax: usage: " : "usage: ",
				usages[k]);
	return EXIT_USAGE;
}

/* argv[*k] as the option --name VALUE, --name=VALUE or --flag. 0: it is not; -1: said why. */
static int take(int argc, char **argv, int *k, const struct known_option *o, struct job *job)
{
	const char **to = (const char **)(void *)((char *)job + o->at);
	const size_t n = strlen(o->name);
	const char *a = argv[*k];

	if (strncmp(a, o->name, n) || (a[n] && (a[n] != '=' || !o->wants)))
		return 0;
	if (!o->wants || a[n]) {
		*to = a[n] ? a + n + 1 : a;
	} else if (++*k == argc) {
		fprintf(stderr, "rax: %s wants %s\n", o->name, o->wants);
		return -1;
	} else {
		*to = argv[*k];
	}
	return 1;
}

static int unknown(const char *command, const char *option)
{
	const char *names[NOPTIONS], *near;
	size_t n = 0;

	for (size_t k = 0; k < NOPTIONS; k++)
		if (strstr(known_options[k].commands, command))
			names[n++] = known_options[k].name;
	near = nearest(option, names, n);
	fprintf(stderr, "rax: unknown option '%.60s'; ", option);
	if (near)
		fprintf(stderr, "did you mean '%s'?\n", near);
	else
		fprintf(stderr, "see rax %s --help\n", command);
	return EXIT_USAGE;
}

/* The level, within its bounds. */
static int check_level(struct job *job)
{
	struct options o = { .ndisks = 0 };
	rax_error err = { 0 };
	int bad;

	if (!job->level)
		return 0;
	bad = option_set(&o, OPT_jit_level, job->level, &err) != RAX_OK;
	if (bad)
		fprintf(stderr, "rax: %s\n", err.message);
	job->number = (uint32_t)o.number[OPT_jit_level];
	options_free(&o);
	return bad;
}

/* Options may stand anywhere; what is none is moved to argv[0...], *items of them. */
static int parse(int argc, char **argv, struct job *job, int *items)
{
	const char *command = argv[0];
	int k, only_words = 0;

	for (k = 1; k < argc; k++) {
		size_t j;
		int got = 0;

		if (only_words || argv[k][0] != '-' || !argv[k][1]) {
			argv[(*items)++] = argv[k];
			continue;
		}
		only_words = !strcmp(argv[k], "--");
		if (only_words)
			continue;
		if (!strcmp(argv[k], "-h"))
			job->help = argv[k];
		for (j = 0; !got && j < NOPTIONS && !job->help; j++)
			if (strstr(known_options[j].commands, command))
				got = take(argc, argv, &k, &known_options[j], job);
		if (job->help) {
			usage(stdout, command);
			return 0;
		}
		if (got <= 0)
			return got ? EXIT_USAGE : unknown(command, argv[k]);
	}
	if (!job->isa || !*items)
		return usage(stderr, command);
	return known(job->isa) && !check_level(job) ? -1 : EXIT_USAGE;
}

static int command(int argc, char **argv, item_fn *item)
{
	struct job job = { .isa = NULL };
	int k, ok = 1, items = 0, code = parse(argc, argv, &job, &items);

	for (k = 0; code < 0 && k < items; k++)
		ok &= strcmp(argv[k], "-") ? item(&job, argv[k], 0) : from_stdin(&job, item);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "rax: writing the output failed\n");
		return EXIT_BAD_INPUT;
	}
	return code >= 0 ? code : ok ? 0 : EXIT_BAD_INPUT;
}

int command_dis(int argc, char **argv)
{
	return command(argc, argv, dis_item);
}

int command_asm(int argc, char **argv)
{
	return command(argc, argv, asm_item);
}

int command_lift(int argc, char **argv)
{
	return command(argc, argv, lift_item);
}

/* Of bytes where an instruction set is named, else of a run. */
int command_jit_dump(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr, argv[0]);
	for (int k = 1; k < argc && strcmp(argv[k], "--"); k++)
		if (!strncmp(argv[k], "--isa", 5) || !strcmp(argv[k], "--help") ||
		    !strcmp(argv[k], "-h"))
			return command(argc, argv, compile_item);
	return command_run_dump(argc, argv);
}
