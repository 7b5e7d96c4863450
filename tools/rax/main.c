/* main.c - the rax command. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "options.h"

static int printed(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	fprintf(stderr, "rax: writing the output failed\n");
	return EXIT_BAD_INPUT;
}

static int print(void (*text)(FILE *))
{
	text(stdout);
	return printed();
}

static int options(int argc, char **argv)
{
	struct options o;
	rax_error err = { 0 };
	int code;

	if (options_parse(&o, argc, argv, &err)) {
		fprintf(stderr, "rax: %s\n", err.message);
		code = EXIT_USAGE;
	} else if (o.text[OPT_help]) {
		code = print(print_help);
	} else if (o.text[OPT_version]) {
		printf("rax %s\n", rax_version());
		code = printed();
	} else {
		code = command_run(&o);
	}
	options_free(&o);
	return code;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "rax: nothing to run: give --kernel FILE, or see rax --help\n");
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "dis"))
		return command_dis(argc - 1, argv + 1);
	if (!strcmp(argv[1], "asm"))
		return command_asm(argc - 1, argv + 1);
	if (!strcmp(argv[1], "lift"))
		return command_lift(argc - 1, argv + 1);
	if (!strcmp(argv[1], "jit-dump"))
		return command_jit_dump(argc - 1, argv + 1);
	if (!strcmp(argv[1], "coverage"))
		return command_coverage(argc - 1, argv + 1);
	/* for the build, which makes man page and completion with them */
	if (argc == 2 && !strcmp(argv[1], "--print-man"))
		return print(print_man);
	if (argc == 2 && !strcmp(argv[1], "--print-completion"))
		return print(print_completion);
	return options(argc, argv);
}
