/* coverage.c - rax coverage. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <rax/coverage.h>

#include "options.h"

struct sum {
	unsigned encodings, fast, lifted, lowered, native, verified;
};

static void print_row(const rax_coverage_row *r)
{
	static const char *const lowered[] = { "as call", "with calls", "native" };

	printf("%-16s %-14s executed %-5s lifted %-7s lowered %-10s", r->name, r->extension,
	       r->fast ? "fast" : "exact", r->lifted ? "native" : "as call",
	       lowered[r->lowered]);
	if (r->cases)
		printf(" verified: %s, %u cases", r->oracle, r->cases);
	else
		printf(" not verified");
	printf("%s%s\n", *r->missing ? "; not judged: " : "", r->missing);
}

static int usage(const char *what, const char *text)
{
	fprintf(stderr, "rax coverage: %s%s; usage: rax coverage --isa ISA [--extension NAME]\n",
		what, text);
	return EXIT_USAGE;
}

static int print_all(const char *isa, const char *extension)
{
	struct sum sum = { 0 };
	rax_coverage_row row;
	rax_error err = { 0 };
	rax_status status;
	uint32_t k;

	for (k = 0; !(status = rax_coverage(isa, k, &row, &err)); k++) {
		if (extension && strcmp(row.extension, extension) != 0)
			continue;
		print_row(&row);
		sum.encodings++;
		sum.fast += row.fast != 0;
		sum.lifted += row.lifted != 0;
		sum.lowered += row.lowered > 0;
		sum.native += row.lowered > 1;
		sum.verified += row.cases != 0;
	}
	if (status == RAX_EINVAL) {
		fprintf(stderr, "rax coverage: %s\n", err.message);
		return EXIT_USAGE;
	}
	if (!sum.encodings)
		return usage("no encoding is of extension ", extension);
	printf("%u encodings: %u decoded, %u executed (%u fast), %u lifted (%u native), "
	       "%u of those lowered (%u native), %u verified\n", sum.encodings, sum.encodings,
	       sum.encodings, sum.fast, sum.encodings, sum.lifted, sum.lowered, sum.native,
	       sum.verified);
	return fflush(stdout) || ferror(stdout) ? EXIT_BAD_INPUT : 0;
}

int command_coverage(int argc, char **argv)
{
	const char *isa = NULL, *extension = NULL;
	int k;

	for (k = 1; k < argc; k += 2) {
		if (k + 1 == argc)
			return usage("nothing behind ", argv[k]);
		if (!strcmp(argv[k], "--isa"))
			isa = argv[k + 1];
		else if (!strcmp(argv[k], "--extension"))
			extension = argv[k + 1];
		else
			return usage("unknown: ", argv[k]);
	}
	return isa ? print_all(isa, extension) : usage("--isa is missing", "");
}
