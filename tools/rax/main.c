/* main.c - the rax command. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "options.h"

static int print_and_check(void (*print)(FILE *))
{
	print(stdout);
	return fflush(stdout) || ferror(stdout) ? EXIT_GUEST_ERROR : 0;
}

int main(int argc, char **argv)
{
	struct options o;
	rax_error err = { 0 };
	int code;

	if (argc > 1 && !strcmp(argv[1], "dis"))
		return command_dis(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "asm"))
		return command_asm(argc - 1, argv + 1);
	/* for the build, which makes man page and completion with them */
	if (argc == 2 && !strcmp(argv[1], "--print-man"))
		return print_and_check(print_man);
	if (argc == 2 && !strcmp(argv[1], "--print-completion"))
		return print_and_check(print_completion);

	if (argc == 1) {
		fprintf(stderr, "rax: nothing to run: give --kernel FILE, or see rax --help\n");
		return EXIT_USAGE;
	}
	if (options_parse(&o, argc, argv, &err)) {
		fprintf(stderr, "rax: %s\n", err.message);
		code = EXIT_USAGE;
	} else if (o.text[OPT_help]) {
		code = print_and_check(print_help);
	} else if (o.text[OPT_version]) {
		printf("rax %s\n", rax_version());
		code = fflush(stdout) ? EXIT_GUEST_ERROR : 0;
	} else {
		code = command_run(&o);
	}
	options_free(&o);
	return code;
}
