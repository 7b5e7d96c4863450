/* conf.c - every encoding of every ISA against recorded results. SPDX-License-Identifier: MIT
 *
 *	conf [-l] [PATTERN...]			as other test programs (TAP)
 *	conf --isa NAME [--insn NAME] [--case INDEX] [--engine NAME]
 *		[--vectors FILE] [--max FAILURES] [--each FAILURES]
 *		[--host-mask LIST]
 *						plain output: differences (at most
 *						so many, of an instruction), a sum
 *	conf --isa NAME --dump STEP		the window, then cases and results as
 *						text, each STEP-th of an instruction
 *
 * FILE "-" is standard input: results that an oracle just gave.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "core/isa.h"
#include "tests/conf/differ.h"
#include "tests/conf/options.h"
#include "tests/conf/recording.h"
#include "tests/conf/runner.h"
#include "tests/lib/tap.h"

#define SHOWN 3		/* failures of an instruction in a TAP run */
#define MOST 32		/* recordings */
#define BENCHES 16

/* An ISA with its machines */
struct bench {
	const struct conf_target *t;
	struct runner *runner[RUNNER_ENGINES];
	unsigned long runs[RUNNER_ENGINES];
	struct conf_case c;
	struct conf_result got, want;
};

struct place {
	struct bench *b;
	const struct recording *r;
	const struct recorded_insn *v;
	struct place *next;	/* of all: they live as long as the program */
};

static struct recording recordings[MOST];
static unsigned nrecordings;
static struct bench benches[BENCHES];

static const char *bench_new(struct bench *b, const struct conf_target *t)
{
	b->t = t;
	if (!conf_case_init(&b->c, t->isa) || !conf_result_init(&b->got, t->isa) ||
	    !conf_result_init(&b->want, t->isa))
		return "out of memory";
	for (unsigned e = 0; e < runner_engines(); e++)
		if (!(b->runner[e] = runner_new(t, e)))
			return "there is no machine to run on";
	return NULL;
}

static void bench_free(struct bench *b)
{
	for (unsigned e = 0; e < runner_engines(); e++)
		runner_free(b->runner[e]);
	conf_case_fini(&b->c);
	conf_result_fini(&b->got);
	conf_result_fini(&b->want);
}

/* ---- one case */

struct sum {
	unsigned long cases, failures, unjudged, valid;
	unsigned long choices;	/* runs on which vendors disagree */
	uint64_t only;		/* this index alone, UINT64_MAX: all */
	int engine;		/* -1: all */
	void (*fail)(const char *text);
};

static void describe(struct text *t, const struct place *p, unsigned engine)
{
	const struct conf_case *c = &p->b->c;

	if (!strcmp(p->r->path, "-"))
		text_add(t, "tests/diff/live.py --isa %s --seed %" PRIu64 " --cases %"
			 PRIu64 " %s (case %" PRIu64 ", engine %s)", c->isa->name,
			 c->seed, p->v->count, c->insn->name, c->index,
			 runner_engine(engine));
	else
		text_add(t, "tests/conf/conf --isa %s --vectors %s --insn %s --case %"
			 PRIu64 " --engine %s", c->isa->name, p->r->path,
			 c->insn->name, c->index, runner_engine(engine));
	text_add(t, ": ");
	text_add_code(t, c);
}

/* How a case's packed result is to look; hashed ones stay as they are. */
static size_t wanted(const struct place *p, const uint8_t *in, size_t size,
		     uint8_t out[CONF_PACK_MAX], bool *hashed)
{
	struct conf_result *want = &p->b->want;

	if (!conf_unpack(&p->b->c, in, size, want, hashed))
		return 0;
	if (*hashed) {
		memcpy(out, in, size);
		return size;
	}
	conf_result_mask(&p->b->c, want);
	return conf_pack(&p->b->c, want, out);
}

/* Is the meaning a choice of others than the oracle's vendor? */
static bool chosen(const struct place *p)
{
	const char *vendor = p->b->c.insn->vendor;

	return vendor && strncmp(p->r->oracle, vendor, strlen(vendor));
}

static void run_case(const struct place *p, const uint8_t *want, size_t size,
		     bool hashed, struct sum *sum)
{
	struct bench *b = p->b;

	for (unsigned e = 0; e < runner_engines(); e++) {
		struct text t = { .n = 0 };
		uint8_t got[CONF_PACK_MAX];
		const char *wrong;
		size_t n;

		if (sum->engine >= 0 && sum->engine != (int)e)
			continue;
		sum->cases++;
		sum->valid += b->c.valid;
		b->runs[e]++;
		wrong = runner_run(b->runner[e], &b->c, &b->got);
		n = conf_pack(&b->c, &b->got, got);
		if (!wrong && n == size && !memcmp(got, want, n))
			continue;
		/* oracles that do not look at alignment, and an address that
		 * could not be told before */
		if (!wrong && b->c.loose && b->t->isa->lenient && b->got.cause == CONF_MISALIGNED) {
			sum->unjudged++;
			continue;
		}
		if (!wrong && chosen(p)) {
			sum->choices++;
			continue;
		}
		sum->failures++;
		describe(&t, p, e);
		text_add_verdict(&t, &b->c, wrong, &b->got, hashed ? NULL : &b->want);
		text_add(&t, " [%s]", p->r->oracle);
		sum->fail(t.s);
	}
}

/* ---- all cases of an instruction */

static bool next_case(const struct place *p, uint64_t k, const uint8_t **at,
		      size_t *n)
{
	const uint8_t *end = p->v->data + p->v->size, *code;
	unsigned length;

	*n = conf_peek(*at, (size_t)(end - *at), &code, &length);
	if (*n)
		conf_case_remake(&p->b->c, p->v->insn, k, p->v->seed, code, length);
	return *n != 0;
}

static void run_insn(const struct place *p, struct sum *sum)
{
	const struct recorded_insn *v = p->v;
	const uint8_t *at = v->data;
	uint64_t hash = 0;

	for (uint64_t k = v->first; k < v->first + v->count; k++) {
		uint8_t want[CONF_PACK_MAX];
		bool hashed;
		size_t n, size = 0;

		if (next_case(p, k, &at, &n))
			size = wanted(p, at, n, want, &hashed);
		if (!size) {
			sum->failures++;
			sum->fail("the recording is damaged");
			return;
		}
		at += n;
		hash = conf_case_hash(&p->b->c, hash);
		if (p->b->want.outcome == CONF_OUT_NONE)
			sum->unjudged++;
		else if (sum->only == UINT64_MAX || sum->only == k)
			run_case(p, want, size, hashed, sum);
	}
	if (hash != v->hash || at != v->data + v->size) {
		sum->failures++;
		sum->fail("the recording is of other cases: record again (tests/diff/record.py)");
	}
}

/* ---- as TAP tests */

static unsigned long shown;

static void tap_fail(const char *text)
{
	if (shown++ < SHOWN)
		rx_tap_fail("tests/conf", 0, "%s", text);
}

static void test_insn(const void *arg)
{
	const struct place *p = arg;
	struct sum sum = { .only = UINT64_MAX, .engine = -1, .fail = tap_fail };

	shown = 0;
	run_insn(p, &sum);
	RX_TAP_CHECK(!sum.failures, "%lu of %lu runs of cases of %s failed",
		     sum.failures, sum.cases, p->v->insn->name);
	if (sum.choices)
		printf("# vendors disagree on %lu runs of %s: %s (%s), not as %s\n", sum.choices,
		       p->v->insn->name, p->v->insn->choice, p->v->insn->vendor, p->r->oracle);
	RX_TAP_CHECK(sum.valid || sum.unjudged, "none of the cases of %s is that instruction",
		     p->v->insn->name);
}

static void test_missing(const void *arg)
{
	const struct conf_insn *d = arg;

	for (unsigned n = 0; n < nrecordings; n++)
		for (size_t k = 0; k < recordings[n].ninsns; k++)
			if (!strcmp(recordings[n].insn[k].insn->extension, d->extension)) {
				RX_TAP_CHECK(false, "%s has no recorded results: record "
					     "(tests/diff/record.py)", d->name);
				return;
			}
	rx_tap_skip("no recording covers %s", d->extension);
}

static void test_reason(const void *arg)
{
	rx_tap_skip("%s", (const char *)arg);
}

static void test_oracle(const void *arg)
{
	const struct recording *r = arg;

	RX_TAP_CHECK(r->ninsns, "%s is empty", r->path);
	printf("# %s: %zu instructions judged by %s\n", r->path, r->ninsns, r->oracle);
}

/* How many cases did an engine run as native code? The text of it; "": it makes none. */
static void native_share(const struct bench *b, unsigned engine, char *text, size_t size)
{
	const uint64_t n = runner_compiled(b->runner[engine]);

	*text = '\0';
	if (n)
		snprintf(text, size, "%s: %" PRIu64 " of %lu runs were native code",
			 runner_engine(engine), n, b->runs[engine]);
}

/* Is some instruction of the recording more to the compiler than its executor? */
static bool lifts(const struct recording *r)
{
	const struct rx_isa *isa = r->isa->isa;

	for (size_t k = 0; k < r->ninsns; k++)
		for (unsigned id = 0; id < isa->ninsns; id++)
			if (isa->coverage[id].lifted &&
			    !strcmp(isa->info[id].name, r->insn[k].insn->name))
				return true;
	return false;
}

/* The engine that compiles must not leave all to others. */
static void test_native(const void *arg)
{
	const struct bench *b = arg;
	const unsigned last = runner_engines() - 1;
	bool lifted = false;
	char text[100];

	for (unsigned k = 0; k < nrecordings; k++)
		lifted = lifted || (recordings[k].isa == b->t->isa && lifts(&recordings[k]));
	if (strcmp(runner_engine(last), "jit")) {
		rx_tap_skip("no engine compiles on this processor");
	} else if (!b->runs[last]) {
		rx_tap_skip("no case was run");
	} else if (!lifted) {
		rx_tap_skip("all instructions of %s are calls", b->t->isa->name);
	} else {
		native_share(b, last, text, sizeof(text));
		RX_TAP_CHECK(*text, "none of %lu cases ran as native code", b->runs[last]);
		printf("# %s %s\n", b->t->isa->name, text);
	}
}

/* What was not judged stands at the end, with its reason. */
static void add_unjudged(const struct bench *b)
{
	const struct conf_isa *isa = b->t->isa;
	char suite[40];

	snprintf(suite, sizeof(suite), "%s/unjudged", isa->name);
	for (unsigned k = 0; k < isa->ninsns; k++) {
		const struct conf_insn *d = &isa->insns[k];

		if (d->skip && *d->skip)
			rx_tap_add(suite, d->name, test_reason, d->skip);
		if (d->partly)
			rx_tap_add(suite, d->name, test_reason, d->partly);
	}
	for (unsigned n = 0; n < nrecordings; n++) {
		char name[24];

		if (recordings[n].isa != isa)
			continue;
		snprintf(name, sizeof(name), "oracle-%u", n);
		rx_tap_add(suite, name, test_oracle, &recordings[n]);
		for (unsigned k = 0; k < RECORDING_WHY; k++) {
			snprintf(name, sizeof(name), "cases-%u-%u", n, k);
			if (recordings[n].why[k])
				rx_tap_add(suite, name, test_reason, recordings[n].why[k]);
		}
	}
}

static struct place *places;

static bool add_recorded(struct bench *b, const struct conf_insn *d, const char *suite)
{
	unsigned found = 0;

	for (unsigned n = 0; n < nrecordings; n++) {
		for (size_t k = 0; k < recordings[n].ninsns; k++) {
			char name[120];
			struct place *p;

			if (recordings[n].insn[k].insn != d ||
			    !(p = malloc(sizeof(*p))))
				continue;
			*p = (struct place){ b, &recordings[n], &recordings[n].insn[k], places };
			places = p;
			snprintf(name, sizeof(name), found ? "%s by oracle %u" : "%s", d->name,
				 found + 1);
			rx_tap_add(suite, name, test_insn, p);
			found++;
		}
	}
	return found != 0;
}

static void add_tests(struct bench *b)
{
	const struct conf_isa *isa = b->t->isa;
	char native[60];

	for (unsigned k = 0; k < isa->ninsns; k++) {
		const struct conf_insn *d = &isa->insns[k];
		char suite[60];

		snprintf(suite, sizeof(suite), "%s/%s", isa->name, d->extension);
		if (!add_recorded(b, d, suite) && !d->skip)
			rx_tap_add(suite, d->name, test_missing, d);
	}
	snprintf(native, sizeof(native), "%s/native", isa->name);
	rx_tap_add(native, "share", test_native, b);
	add_unjudged(b);
}

/* ---- as text, for the model evaluator (tests/conf/test_execute.py) */

static void hex(const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n--)
		printf("%02x", *p++);
	putchar(' ');
}

/* Patches of the window, their offsets before them, then "-" */
static void dump_patches(const struct conf_case *c, const uint8_t *mem)
{
	for (unsigned k = 0; k < c->npatches; k++) {
		printf("%#x ", c->patch[k].at);
		hex(mem + c->patch[k].at, c->patch[k].size);
	}
	printf("- ");
}

/* name code pc state patches outcome cause value state patches */
static void dump_case(const struct conf_case *c, const struct conf_result *r)
{
	printf("%s ", c->insn->name);
	hex(c->code, c->length);
	printf("%#" PRIx64 " ", c->pc);
	hex(c->state, c->isa->image);
	dump_patches(c, c->mem);
	printf("%d %u %#" PRIx64 " ", r->outcome, r->cause, r->value);
	hex(r->state, c->isa->image);
	dump_patches(c, r->mem);
	putchar('\n');
}

static int dump(struct bench *b, uint64_t every)
{
	bool hashed;
	size_t n;

	hex(b->c.background, conf_data_size(b->c.isa));
	putchar('\n');
	for (unsigned m = 0; m < nrecordings; m++) {
		for (size_t i = 0; i < recordings[m].ninsns; i++) {
			const struct place p = { b, &recordings[m], &recordings[m].insn[i], NULL };
			const uint8_t *at = p.v->data;

			for (uint64_t k = p.v->first; k < p.v->first + p.v->count; k++, at += n) {
				if (!next_case(&p, k, &at, &n) ||
				    !conf_unpack(&b->c, at, n, &b->want, &hashed))
					return 2;
				if (k % every == 0 && b->c.valid && !hashed &&
				    b->want.outcome != CONF_OUT_NONE)
					dump_case(&b->c, &b->want);
			}
		}
	}
	return fflush(stdout) || ferror(stdout) ? 2 : 0;
}

/* ---- by hand */

static uint64_t most = 20, most_each = UINT64_MAX;
static uint64_t printed, printed_here;

static void plain_fail(const char *text)
{
	if (printed_here >= most_each || printed >= most)
		return;
	printed++;
	printed_here++;
	printf("%s\n", text);
}

static int plain(struct bench *b, const char *insn, struct sum *sum)
{
	unsigned long choices = 0;
	bool found = false;
	char text[100];

	sum->fail = plain_fail;
	for (unsigned m = 0; m < nrecordings; m++) {
		for (size_t k = 0; k < recordings[m].ninsns; k++) {
			const struct recorded_insn *v = &recordings[m].insn[k];

			if (insn && strcmp(v->insn->name, insn))
				continue;
			found = true;
			printed_here = 0;
			run_insn(&(struct place){ b, &recordings[m], v, NULL }, sum);
			if (sum->choices != choices)
				printf("vendors disagree on %s: %s (%s)\n", v->insn->name,
				       v->insn->choice, v->insn->vendor);
			choices = sum->choices;
		}
	}
	if (!found) {
		fprintf(stderr, "conf: no results%s%s\n", insn ? " of " : "",
			insn ? insn : "");
		return 2;
	}
	printf("%lu runs of cases (%lu of valid code), %lu failed, %lu cases not judged",
	       sum->cases, sum->valid, sum->failures, sum->unjudged);
	if (choices)
		printf(", vendors disagree on %lu", choices);
	for (unsigned e = 0; e < runner_engines(); e++) {
		native_share(b, e, text, sizeof(text));
		if (*text)
			printf(", %s", text);
	}
	putchar('\n');
	return sum->failures != 0;
}

static int engine_of(const char *name)
{
	for (unsigned k = 0; k < runner_engines(); k++)
		if (!strcmp(runner_engine(k), name))
			return (int)k;
	fprintf(stderr, "conf: there is no engine '%s'\n", name);
	exit(2);
}

static int run_tap(int argc, char **argv, const char *folder)
{
	const char *wrong = NULL;

	for (unsigned k = 0; conf_targets[k] && k < BENCHES; k++) {
		wrong = recordings_find(folder, conf_targets[k]->isa->name,
					recordings, MOST, &nrecordings);
		if (!wrong)
			wrong = bench_new(&benches[k], conf_targets[k]);
		if (wrong) {
			fprintf(stderr, "conf: %s: %s\n", nrecordings ?
				recordings[nrecordings - 1].path : "", wrong);
			return 99;
		}
		add_tests(&benches[k]);
	}
	return rx_tap_main(argc, argv, NULL);
}

static int run_by_hand(const char *isa, const char *path, const char *folder,
		       const char *insn, uint64_t every, struct sum *sum)
{
	const struct conf_target *t = conf_target(isa);
	const char *wrong;

	if (!t) {
		fprintf(stderr, "conf: there is no instruction set '%s': use --isa\n", isa);
		return 2;
	}
	if (path)
		wrong = recording_read(&recordings[nrecordings++], path);
	else
		wrong = recordings_find(folder, isa, recordings, MOST, &nrecordings);
	if (!wrong && nrecordings && recordings[0].isa != t->isa)
		wrong = "is of another instruction set";
	if (!wrong)
		wrong = bench_new(&benches[0], t);
	if (wrong) {
		fprintf(stderr, "conf: %s %s\n", path ? path : folder, wrong);
		return 99;
	}
	return every ? dump(&benches[0], every) : plain(&benches[0], insn, sum);
}

/* Options of a run by hand, and the run. */
static int main_by_hand(int argc, char **argv, const char *folder)
{
	struct sum sum = { .only = UINT64_MAX, .engine = -1 };
	const char *insn = NULL, *isa = "", *path = NULL, *engine = NULL, *mask = "";
	uint64_t every = 0;
	unsigned without;
	rax_error err;
	const struct conf_option known[] = {
		{ "isa", CONF_O_TEXT, &isa },
		{ "insn", CONF_O_TEXT, &insn },
		{ "case", CONF_O_NUMBER, &sum.only },
		{ "engine", CONF_O_TEXT, &engine },
		{ "host-mask", CONF_O_TEXT, &mask },
		{ "vectors", CONF_O_TEXT, &path },
		{ "max", CONF_O_NUMBER, &most },
		{ "each", CONF_O_NUMBER, &most_each },
		{ "dump", CONF_O_NUMBER, &every },
		{ NULL, CONF_O_FLAG, NULL },
	};

	if (!conf_options(argc, argv, known))
		return 2;
	if (rx_host_parse(mask, &without, &err)) {
		fprintf(stderr, "conf: %s\n", err.message);
		return 2;
	}
	runner_mask(without);
	if (engine)
		sum.engine = engine_of(engine);
	return run_by_hand(isa, path, folder, insn, every, &sum);
}

int main(int argc, char **argv)
{
	const bool by_hand = argc > 1 && !strncmp(argv[1], "--", 2);
	const char *dir = getenv("srcdir");
	char folder[4096];
	int status;

	snprintf(folder, sizeof(folder), "%s/tests/conf", dir ? dir : ".");
	status = by_hand ? main_by_hand(argc, argv, folder) : run_tap(argc, argv, folder);
	for (unsigned k = 0; k < nrecordings; k++)
		recording_free(&recordings[k]);
	for (unsigned k = 0; k < BENCHES; k++)
		bench_free(&benches[k]);
	return status;
}
