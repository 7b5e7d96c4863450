/* judge.c - asks an oracle about cases. SPDX-License-Identifier: MIT
 *
 *	judge --isa NAME [--oracle TEXT] [--seed N] [--first N] [--count N]
 *		[--insns PATTERN,...] [-- COMMAND...]
 *	judge --isa NAME --list		names and extensions of instructions
 *
 * Runs the oracle program COMMAND (x86: without one the host's processor) and
 * writes a recording (tests/conf/recording.h)
 * of all instructions, or those that a pattern matches. --count 0: as many
 * cases as conf_case_count() says.
 */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/conf/options.h"
#include "tests/conf/recording.h"
#include "tests/conf/target.h"
#include "tests/diff/native.h"
#include "tests/diff/oracle.h"

#define MOST_OPEN 16
#define MOST_DEATHS 2000

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
	unsigned long cases, deaths;
	char **command;
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

/* The host's processor */
static const char *native_name(void)
{
	static char name[200];
	struct rx_native_cpu cpu;

	if (!rx_native_cpu(&cpu))
		return "an unknown processor";
	snprintf(name, sizeof(name), "%s %s, XCR0 %#" PRIx64, cpu.vendor, cpu.name, cpu.xcr0);
	return name;
}

static void open_oracle(void)
{
	const char *wrong;

	if (!run.name)
		run.name = run.command[0] ? "an oracle" : native_name();
	run.oracle = run.command[0] ? oracle_pipe(run.t->isa, run.command, &wrong)
		     : oracle_native(run.t->isa, &wrong);
	if (!run.oracle)
		fail(run.command[0] ? run.command[0] : "no oracle", wrong);
}

/* The oracle died of the case: a new one goes on with those behind it. */
static void replace_oracle(const struct conf_case *c, uint64_t asked)
{
	fprintf(stderr, "judge: the oracle died of %s case %" PRIu64 " ", c->insn->name,
		c->index);
	for (unsigned k = 0; k < c->length; k++)
		fprintf(stderr, "%02x", c->code[k]);
	fprintf(stderr, "\n");
	if (++run.deaths > MOST_DEATHS)
		fail("the oracle dies too often", "");
	run.oracle->close(run.oracle);
	open_oracle();
	for (uint64_t k = c->index + 1; k < asked; k++)
		if (run.oracle->ask(run.oracle, &run.c[k % MOST_OPEN]))
			fail("the oracle takes no cases", "");
}

/* asked: the next case's index */
static void take(const struct conf_case *c, uint64_t asked)
{
	const char *struck = "the oracle dies of it";

	if (run.oracle->answer(run.oracle, c, &run.r)) {
		replace_oracle(c, asked);
	} else {
		conf_result_mask(c, &run.r);
		struck = oracle_strike(c, &run.r, run.name);
	}
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

	if (!conf_case_make(c, d, index, run.seed, run.t->coder)) {
		fprintf(stderr, "judge: no code was found for %s\n", d->name);
		return 0;
	}
	/* as it is made again from the recording */
	conf_case_remake(c, d, index, run.seed, c->code, c->length);
	run.oracle->ask(run.oracle, c);	/* if it is dead, take() knows */
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
			take(&run.c[done++ % MOST_OPEN], asked);
		else if ((hash = ask(d, asked, hash)))
			asked++;
		else
			return;
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
	const char *isa = NULL;
	char *patterns = NULL;
	const struct conf_option known[] = {
		{ "isa", CONF_O_TEXT, &isa },
		{ "oracle", CONF_O_TEXT, &run.name },
		{ "seed", CONF_O_NUMBER, &run.seed },
		{ "first", CONF_O_NUMBER, &run.first },
		{ "count", CONF_O_NUMBER, &run.count },
		{ "insns", CONF_O_TEXT, &patterns },
		{ "list", CONF_O_FLAG, &run.list },
		{ NULL, CONF_O_FLAG, NULL },
	};
	const int rest = conf_options(argc, argv, known);

	if (!rest)
		exit(2);
	run.command = argv + rest;
	run.t = isa ? conf_target(isa) : NULL;
	if (!run.t)
		fail("--isa is missing, or names no instruction set of this program", "");
	if (patterns)
		split(patterns);
}

int main(int argc, char **argv)
{
	options(argc, argv);
	if (run.list)
		return list();
	open_oracle();
	for (unsigned k = 0; k < MOST_OPEN; k++)
		if (!conf_case_init(&run.c[k], run.t->isa))
			fail("out of memory", "");
	if (!conf_result_init(&run.r, run.t->isa))
		fail("out of memory", "");
	printf("isa %s\noracle %s\n", run.t->isa->name, run.name);
	for (unsigned k = 0; k < run.t->isa->ninsns; k++)
		if (wanted(&run.t->isa->insns[k]) &&
		    !(run.oracle->lacks &&
		      run.oracle->lacks(run.oracle, &run.t->isa->insns[k])))
			judge(&run.t->isa->insns[k]);
	run.oracle->close(run.oracle);
	return fflush(stdout) || ferror(stdout) ? 2 : 0;
}
