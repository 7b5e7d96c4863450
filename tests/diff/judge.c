/* judge.c - asks an oracle about cases. SPDX-License-Identifier: MIT
 *
 *	judge --isa NAME --oracle TEXT [--seed N] [--first N] [--count N]
 *		[--insns PATTERN,...] -- COMMAND...
 *	judge --isa NAME --list		names and extensions of instructions
 *
 * Runs the oracle program COMMAND and writes a recording (tests/conf/recording.h)
 * of all instructions, or those that a pattern matches. --count 0: as many
 * cases as conf_case_count() says.
 */
#include <fnmatch.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/conf/recording.h"
#include "tests/conf/target.h"
#include "tests/diff/oracle.h"

#define MOST_OPEN 16

static struct {
	const struct conf_target *t;
	struct oracle *oracle;
	const char *name;
	uint64_t seed, first, count;
	char **patterns;
	unsigned npatterns;
	bool list;
	const char *why[RECORDING_WHY];
	unsigned nwhy;
	struct conf_case c[MOST_OPEN];
	struct conf_result r;
	uint8_t *out;
	size_t used, size;
	unsigned long cases;
} run;

static void fail(const char *what, const char *detail)
{
	fprintf(stderr, "judge: %s%s%s\n", what, *detail ? ": " : "", detail);
	exit(2);
}

/* The number of a reason; written where it is new. */
static unsigned why(const char *text)
{
	for (unsigned k = 0; k < run.nwhy; k++)
		if (run.why[k] == text)
			return k;
	if (run.nwhy == RECORDING_WHY)
		fail("too many reasons", "");
	run.why[run.nwhy] = text;
	return run.nwhy++;
}

static void take(const struct conf_case *c)
{
	const char *wrong = run.oracle->answer(run.oracle, c, &run.r), *struck;

	if (wrong) {
		char text[200];
		int n = snprintf(text, sizeof(text), "%s case %" PRIu64 " ", c->insn->name,
				 c->index);

		for (unsigned k = 0; k < c->length && n < 180; k++)
			n += snprintf(text + n, sizeof(text) - (size_t)n, "%02x", c->code[k]);
		fprintf(stderr, "judge: the oracle %s: ", wrong);
		fail(text, "");
	}
	conf_result_mask(c, &run.r);
	struck = oracle_strike(c, &run.r, run.name);
	if (struck) {
		run.r.outcome = CONF_OUT_NONE;
		run.r.value = why(struck);
	}
	if (run.used + CONF_PACK_MAX > run.size) {
		run.size = 2 * run.size + 65536;
		run.out = realloc(run.out, run.size);
		if (!run.out)
			fail("out of memory", "");
	}
	run.used += conf_pack(c, &run.r, run.out + run.used);
	run.cases++;
}

/* Returns the hash with the case mixed in. */
static uint64_t ask(const struct conf_insn *d, uint64_t index, uint64_t hash)
{
	struct conf_case *c = &run.c[index % MOST_OPEN];
	const char *wrong;

	if (!conf_case_make(c, d, index, run.seed, run.t->coder))
		fail("no code was found for", d->name);
	/* as it is made again from the recording */
	conf_case_remake(c, d, index, run.seed, c->code, c->length);
	wrong = run.oracle->ask(run.oracle, c);
	if (wrong)
		fail(d->name, wrong);
	return conf_case_hash(c, hash);
}

static void judge(const struct conf_insn *d)
{
	const uint64_t end = run.first + (run.count ? run.count : conf_case_count(d));
	const unsigned before = run.nwhy;
	uint64_t asked = run.first, done = run.first, hash = 0;

	run.used = 0;
	while (done < end) {
		if (asked == end || asked - done == run.oracle->window)
			take(&run.c[done++ % MOST_OPEN]);
		else
			hash = ask(d, asked++, hash);
	}
	for (unsigned k = before; k < run.nwhy; k++)
		printf("why %u %s\n", k, run.why[k]);
	printf("insn %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 " %zu\n",
	       d->name, run.seed, run.first, end - run.first, hash, run.used);
	fwrite(run.out, 1, run.used, stdout);
}

static bool wanted(const struct conf_insn *d)
{
	if (d->skip)
		return false;
	for (unsigned k = 0; k < run.npatterns; k++)
		if (!fnmatch(run.patterns[k], d->name, 0))
			return true;
	return !run.npatterns;
}

static void split(char *list)
{
	char *save = NULL;

	for (char *p = strtok_r(list, ",", &save); p; p = strtok_r(NULL, ",", &save)) {
		run.patterns = realloc(run.patterns, (run.npatterns + 1) * sizeof(char *));
		if (!run.patterns)
			fail("out of memory", "");
		run.patterns[run.npatterns++] = p;
	}
}

static int list(void)
{
	const struct conf_isa *isa = run.t->isa;

	for (unsigned k = 0; k < isa->ninsns; k++)
		if (wanted(&isa->insns[k]))
			printf("%s %s\n", isa->insns[k].name, isa->insns[k].extension);
	return fflush(stdout) ? 2 : 0;
}

static void options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "isa", required_argument, NULL, 'i' },
		{ "oracle", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "first", required_argument, NULL, 'f' },
		{ "count", required_argument, NULL, 'n' },
		{ "insns", required_argument, NULL, 'p' },
		{ "list", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	run.name = "an oracle";
	while ((opt = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (opt == 'i')
			run.t = conf_target(optarg);
		else if (opt == 'o')
			run.name = optarg;
		else if (opt == 's')
			run.seed = strtoull(optarg, NULL, 0);
		else if (opt == 'f')
			run.first = strtoull(optarg, NULL, 0);
		else if (opt == 'n')
			run.count = strtoull(optarg, NULL, 0);
		else if (opt == 'p')
			split(optarg);
		else if (opt == 'l')
			run.list = true;
		else
			exit(2);
	}
	if (!run.t)
		fail("--isa is missing, or names no instruction set of this program", "");
}

int main(int argc, char **argv)
{
	const char *wrong = NULL;

	options(argc, argv);
	if (run.list)
		return list();
	run.oracle = oracle_pipe(run.t->isa, argv + optind, &wrong);
	if (!run.oracle) {
		fprintf(stderr, "judge: %s %s\n", optind < argc ? argv[optind] : "?", wrong);
		return 2;
	}
	for (unsigned k = 0; k < MOST_OPEN; k++)
		if (!conf_case_init(&run.c[k], run.t->isa))
			fail("out of memory", "");
	if (!conf_result_init(&run.r, run.t->isa))
		fail("out of memory", "");
	printf("isa %s\noracle %s\n", run.t->isa->name, run.name);
	for (unsigned k = 0; k < run.t->isa->ninsns; k++)
		if (wanted(&run.t->isa->insns[k]))
			judge(&run.t->isa->insns[k]);
	run.oracle->close(run.oracle);
	return fflush(stdout) || ferror(stdout) ? 2 : 0;
}
