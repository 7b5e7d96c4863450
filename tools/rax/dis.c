/* dis.c - rax dis and rax asm. SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rax/asm.h>

#include "options.h"

#define MAX_BYTES 64	/* of one HEX item */

/* One item in, one line out; false: the line is an error. */
typedef int item_fn(const char *isa, char *text, int single);

static int hex_digit(int ch)
{
	return ch >= '0' && ch <= '9' ? ch - '0' :
	       ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 :
	       ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

/* Bytes of an item: in memory order, or a value with 0x. -1: no hex. */
static int parse_hex(const char *text, uint8_t *bytes)
{
	int value = text[0] == '0' && (text[1] | 0x20) == 'x', n = 0, half = 0, k;

	for (text += value ? 2 : 0; *text; text++) {
		int d = hex_digit((unsigned char)*text);

		if (isspace((unsigned char)*text) && !half)
			continue;
		if (d < 0 || n == MAX_BYTES)
			return -1;
		bytes[n] = (uint8_t)(half ? bytes[n] << 4 | d : d);
		n += half;
		half = !half;
	}
	if (half || !n)
		return -1;
	for (k = 0; value && k < n / 2; k++) {
		uint8_t b = bytes[k];

		bytes[k] = bytes[n - 1 - k];
		bytes[n - 1 - k] = b;
	}
	return n;
}

static int dis_item(const char *isa, char *text, int single)
{
	uint8_t bytes[MAX_BYTES];
	int n = parse_hex(text, bytes);
	size_t at = 0;

	if (n < 0) {
		printf("error: '%.40s' is not hexadecimal bytes\n", text);
		return 0;
	}
	/* a line of standard input is one instruction; an argument may be several */
	while (at < (size_t)n) {
		char line[256];
		rax_error err = { 0 };
		size_t used = 0;

		if (rax_disassemble(isa, bytes + at, (size_t)n - at, line, sizeof(line), &used,
				    &err)) {
			printf("error: %s\n", err.message);
			return 0;
		}
		if (single && used != (size_t)n) {
			printf("error: '%.40s' is %zu bytes and the instruction at its start %zu\n",
			       text, (size_t)n, used);
			return 0;
		}
		puts(line);
		at += used;
	}
	return 1;
}

static int asm_item(const char *isa, char *text, int single)
{
	uint8_t bytes[RAX_INSN_MAX];
	rax_error err = { 0 };
	size_t used = 0, k;

	(void)single;
	if (rax_assemble(isa, text, bytes, &used, &err)) {
		printf("error: %s\n", err.message);
		return 0;
	}
	for (k = 0; k < used; k++)
		printf("%02x", bytes[k]);
	putchar('\n');
	return 1;
}

static int from_stdin(const char *isa, item_fn *item)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int ok = 1;

	while ((len = getline(&line, &size, stdin)) >= 0) {
		while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = '\0';
		if (strlen(line) != (size_t)len) {
			puts("error: the line holds a NUL byte");
			ok = 0;
		} else {
			ok &= item(isa, line, 1);
		}
		if (fflush(stdout))
			break;
	}
	free(line);
	return ok;
}

static int command(int argc, char **argv, item_fn *item, const char *what)
{
	const char *isa = NULL;
	rax_error err = { 0 };
	uint8_t none[1] = { 0 };
	char text[8];
	size_t used;
	int k, ok = 1, items = 0;

	for (k = 1; k < argc; k++) {
		if (!strcmp(argv[k], "--isa") && k + 1 < argc) {
			isa = argv[++k];
		} else if (!strncmp(argv[k], "--isa=", 6)) {
			isa = argv[k] + 6;
		} else if (!strcmp(argv[k], "--help") || !strcmp(argv[k], "-h")) {
			printf("usage: rax %s --isa ISA %s... | -\n", argv[0], what);
			return fflush(stdout) ? EXIT_GUEST_ERROR : 0;
		} else if (argv[k][0] == '-' && argv[k][1]) {
			fprintf(stderr, "rax: unknown option '%.60s' of rax %s; did you mean '--isa'?\n",
				argv[k], argv[0]);
			return EXIT_USAGE;
		} else {
			argv[1 + items++] = argv[k];
		}
	}
	if (!isa || !items) {
		fprintf(stderr, "rax: usage: rax %s --isa ISA %s... | -\n", argv[0], what);
		return EXIT_USAGE;
	}
	if (rax_disassemble(isa, none, 0, text, sizeof(text), &used, &err) == RAX_EINVAL) {
		fprintf(stderr, "rax: %s\n", err.message);
		return EXIT_USAGE;
	}
	for (k = 1; k <= items; k++)
		ok &= strcmp(argv[k], "-") ? item(isa, argv[k], 0) : from_stdin(isa, item);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "rax: writing the output failed\n");
		return EXIT_GUEST_ERROR;
	}
	return ok ? 0 : EXIT_GUEST_ERROR;
}

int command_dis(int argc, char **argv)
{
	return command(argc, argv, dis_item, "HEX");
}

int command_asm(int argc, char **argv)
{
	return command(argc, argv, asm_item, "TEXT");
}
