/* conf_rv64.c - every encoding against recorded results. SPDX-License-Identifier: MIT
 *
 *	conf_rv64 [-l] [PATTERN...]		as other test programs (TAP)
 *	conf_rv64 [--insn NAME] [--case INDEX] [--engine NAME]
 *		[--vectors FILE] [--max FAILURES]
 *						plain output: differences, a sum
 *	conf_rv64 --dump STEP			cases and results as text, each
 *						STEP-th of an instruction
 *
 * FILE "-" is standard input: results that an oracle just gave.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rv64/decode.h"
#include "rv64/disasm.h"
#include "tests/conf/subject.h"
#include "tests/conf/vectors.h"
#include "tests/lib/tap.h"

#define SHOWN 3		/* failures of an instruction in a TAP run */

static struct vectors vectors;
static struct subject *subjects[SUBJECT_ENGINES];

/* ---- words for differences */

struct text {
	char s[600];
	size_t n;
};

static void add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->n, sizeof(t->s) - t->n, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
	if (t->n >= sizeof(t->s))
		t->n = sizeof(t->s) - 1;
}

static void add_outcome(struct text *t, const struct rx_result *r)
{
	if (r->outcome == RX_OUT_NEXT)
		add(t, "falls through");
	else if (r->outcome == RX_OUT_JUMP)
		add(t, "jumps to %#" PRIx64, r->value);
	else
		add(t, "exception %u (%#" PRIx64 ")", r->cause, r->value);
}

static void add_differences(struct text *t, const struct rx_case *c,
			    const struct rx_result *got,
			    const struct rx_result *want)
{
	if (got->outcome != want->outcome || got->cause != want->cause ||
	    (got->outcome != RX_OUT_NEXT && got->value != want->value)) {
		add_outcome(t, got);
		add(t, ", not ");
		add_outcome(t, want);
		add(t, "; ");
	}
	for (unsigned k = 0; k < 32; k++)
		if (got->x[k] != want->x[k])
			add(t, "x%u is %#" PRIx64 ", not %#" PRIx64 "; ", k,
			    got->x[k], want->x[k]);
	for (unsigned k = 0; k < 32; k++)
		if (got->f[k] != want->f[k])
			add(t, "f%u is %#" PRIx64 ", not %#" PRIx64 "; ", k,
			    got->f[k], want->f[k]);
	if (got->fcsr != want->fcsr)
		add(t, "fcsr is %#x, not %#x; ", got->fcsr, want->fcsr);
	for (unsigned k = 0; c->mem_at && k < RX_CASE_MEM; k++)
		if (got->mem[k] != want->mem[k])
			add(t, "byte %#" PRIx64 " is %#x, not %#x; ",
			    c->mem_at + k, got->mem[k], want->mem[k]);
}

/* What went in, of the registers that the instruction reads. */
static void add_inputs(struct text *t, const struct rx_diff_insn *d,
		       const struct rx_case *c)
{
	add(t, "with");
	for (unsigned k = 0; k < d->noperands; k++) {
		const struct rx_diff_operand *o = &d->operands[k];
		const unsigned n = (unsigned)rx_case_operand(o, c->word);

		if (o->read && o->kind == RX_DIFF_X)
			add(t, " x%u=%#" PRIx64, n, c->x[n]);
		if (o->read && o->kind == RX_DIFF_F)
			add(t, " f%u=%#" PRIx64, n, c->f[n]);
	}
	add(t, " fcsr=%#x", c->fcsr);
}

/* ---- one case */

struct place {
	const struct vectors_insn *v;
	uint64_t index;
	unsigned engine;
};

static void describe(struct text *t, const struct place *p,
		     const struct rx_case *c, const char *wrong,
		     const struct rx_result *got, const struct rx_result *want)
{
	const struct rx_diff_insn *d = &rg_rv64_diff[p->v->id];
	struct rx_insn i = { .pc = c->pc };
	char dis[96];

	rg_rv64_decode(0, (const uint8_t *)&c->word, c->length, &i);
	rg_rv64_disasm(&i, dis, sizeof(dis));
	if (p->v->seed)
		add(t, "tests/diff/live.py --seed %" PRIu64 " --cases %" PRIu64
		    " tests/conf/conf_rv64 %s (case %" PRIu64 ", engine %s)",
		    p->v->seed, p->v->count, d->name, p->index,
		    subject_engine(p->engine));
	else
		add(t, "tests/conf/conf_rv64 --insn %s --case %" PRIu64
		    " --engine %s", d->name, p->index, subject_engine(p->engine));
	add(t, ": %s (%#x): ", dis, c->word);
	if (wrong)
		add(t, "%s; ", wrong);
	else
		add_differences(t, c, got, want);
	add_inputs(t, d, c);
	if (p->v->oracle[0])
		add(t, " [%s]", p->v->oracle);
}

static bool decodes(const struct place *p, const struct rx_case *c)
{
	struct rx_insn i = { .pc = c->pc };

	return rg_rv64_decode(0, (const uint8_t *)&c->word, c->length, &i) ==
	       c->length && i.id == (c->valid ? p->v->id + 1 : 0);
}

/* True: as recorded; false: why not is in t. */
static bool check(const struct place *p, const struct rx_case *c,
		  const struct rx_result *want, struct text *t)
{
	uint8_t a[RX_RESULT_MAX], b[RX_RESULT_MAX];
	struct rx_result got;
	const char *wrong = subject_run(subjects[p->engine], c, &got);
	size_t n;

	if (!wrong && !decodes(p, c))
		wrong = "is decoded as something else";
	n = rx_result_pack(c, &got, a);
	if (!wrong && n == rx_result_pack(c, want, b) && !memcmp(a, b, n))
		return true;
	t->n = 0;
	describe(t, p, c, wrong, &got, want);
	return false;
}

/* ---- all cases of an instruction */

struct sum {
	unsigned long cases, failures, unjudged;
	uint64_t only;		/* this index alone, UINT64_MAX: all */
	int engine;		/* -1: all */
	void (*fail)(const char *text);
};

static void run_case(const struct vectors_insn *v, uint64_t index,
		     const struct rx_case *c, const struct rx_result *want,
		     struct sum *sum)
{
	for (unsigned e = 0; e < SUBJECT_ENGINES; e++) {
		struct text t = { .n = 0 };

		if (sum->engine >= 0 && sum->engine != (int)e)
			continue;
		sum->cases++;
		if (!check(&(struct place){ v, index, e }, c, want, &t)) {
			sum->failures++;
			sum->fail(t.s);
		}
	}
}

static void run_insn(const struct vectors_insn *v, struct sum *sum)
{
	const struct rx_diff_insn *d = &rg_rv64_diff[v->id];
	const uint8_t *p = v->data, *end = v->data + v->size;
	uint64_t hash = 0;

	for (uint64_t k = v->first; k < v->first + v->count; k++) {
		struct rx_case c;
		struct rx_result want;
		size_t n;

		rx_case_make(d, k, v->seed, &c);
		hash = rx_case_hash(&c, hash);
		n = rx_result_unpack(&c, p, (size_t)(end - p), &want);
		if (!n) {
			sum->failures++;
			sum->fail("the recording is damaged");
			return;
		}
		p += n;
		if (want.outcome == RX_OUT_NONE)
			sum->unjudged++;
		else if (sum->only == UINT64_MAX || sum->only == k)
			run_case(v, k, &c, &want, sum);
	}
	if (hash != v->hash || p != end) {
		sum->failures++;
		sum->fail("the recording is of other cases: record again (tests/diff/record.py)");
	}
}

/* ---- as TAP tests */

static unsigned long shown;

static void tap_fail(const char *text)
{
	if (shown++ < SHOWN)
		rx_tap_fail("tests/conf/rv64.vec.zst", 0, "%s", text);
}

static void test_insn(const void *arg)
{
	const struct vectors_insn *v = arg;
	struct sum sum = { .only = UINT64_MAX, .engine = -1, .fail = tap_fail };

	shown = 0;
	run_insn(v, &sum);
	RX_TAP_CHECK(!sum.failures, "%lu of %lu runs of cases of %s failed",
		     sum.failures, sum.cases, rg_rv64_diff[v->id].name);
	RX_TAP_CHECK(sum.cases || sum.unjudged, "no cases");
}

static void test_missing(const void *arg)
{
	RX_TAP_CHECK(false, "%s has no recorded results: record (tests/diff/record.py)",
		     ((const struct rx_diff_insn *)arg)->name);
}

static void test_reason(const void *arg)
{
	rx_tap_skip("%s", (const char *)arg);
}

/* What was not judged stands at the end, with its reason. */
static void add_unjudged(void)
{
	for (unsigned k = 0; k < rg_rv64_ndiff; k++) {
		const struct rx_diff_insn *d = &rg_rv64_diff[k];

		if (d->skip)
			rx_tap_add("conf/unjudged", d->name, test_reason, d->skip);
		if (d->partly)
			rx_tap_add("conf/unjudged", d->name, test_reason, d->partly);
	}
	for (unsigned k = 0; k < VECTORS_WHY; k++) {
		char name[24];

		snprintf(name, sizeof(name), "cases-%u", k);
		if (vectors.why[k])
			rx_tap_add("conf/unjudged", name, test_reason, vectors.why[k]);
	}
}

static void add_tests(void)
{
	for (unsigned k = 0; k < rg_rv64_ndiff; k++) {
		const struct rx_diff_insn *d = &rg_rv64_diff[k];
		const struct vectors_insn *v = NULL;
		char suite[40];

		for (size_t n = 0; n < vectors.ninsns; n++)
			if (vectors.insn[n].id == k)
				v = &vectors.insn[n];
		snprintf(suite, sizeof(suite), "conf/%s", d->extension);
		if (v)
			rx_tap_add(suite, d->name, test_insn, v);
		else if (!d->skip)
			rx_tap_add(suite, d->name, test_missing, d);
	}
	add_unjudged();
}

/* ---- as text, for the model evaluator (tests/conf/test_execute.py) */

static void hex(const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n--)
		printf("%02x", *p++);
}

/* name word pc mem_at mem x outcome cause value mem x, bytes in memory order */
static void dump_insn(const struct vectors_insn *v, uint64_t every)
{
	const struct rx_diff_insn *d = &rg_rv64_diff[v->id];
	const uint8_t *p = v->data;
	size_t left = v->size, n;

	for (uint64_t k = v->first; k < v->first + v->count; k++) {
		struct rx_case c;
		struct rx_result r;

		rx_case_make(d, k, v->seed, &c);
		n = rx_result_unpack(&c, p, left, &r);
		if (!n)
			return;
		p += n;
		left -= n;
		if (k % every || !c.valid || r.outcome == RX_OUT_NONE)
			continue;
		printf("%s %#x %#" PRIx64 " %#" PRIx64 " ", d->name, c.word, c.pc, c.mem_at);
		hex(c.mem, sizeof(c.mem));
		putchar(' ');
		hex(c.x, sizeof(c.x));
		printf(" %d %u %#" PRIx64 " ", (int)r.outcome, r.cause, r.value);
		hex(r.mem, sizeof(r.mem));
		putchar(' ');
		hex(r.x, sizeof(r.x));
		putchar('\n');
	}
}

static int dump(uint64_t every)
{
	for (size_t k = 0; k < vectors.ninsns; k++)
		dump_insn(&vectors.insn[k], every);
	return fflush(stdout) || ferror(stdout) ? 2 : 0;
}

/* ---- by hand */

static unsigned long most = 20;

static void plain_fail(const char *text)
{
	static unsigned long n;

	if (n++ < most)
		printf("%s\n", text);
}

static int plain(const char *insn, struct sum *sum)
{
	bool found = false;

	sum->fail = plain_fail;
	for (size_t k = 0; k < vectors.ninsns; k++) {
		if (insn && strcmp(rg_rv64_diff[vectors.insn[k].id].name, insn))
			continue;
		found = true;
		run_insn(&vectors.insn[k], sum);
	}
	if (!found) {
		fprintf(stderr, "conf_rv64: no results%s%s\n", insn ? " of " : "",
			insn ? insn : "");
		return 2;
	}
	printf("%lu runs of cases, %lu failed, %lu cases not judged\n", sum->cases,
	       sum->failures, sum->unjudged);
	return sum->failures != 0;
}

static int engine_of(const char *name)
{
	for (unsigned k = 0; k < SUBJECT_ENGINES; k++)
		if (!strcmp(subject_engine(k), name))
			return (int)k;
	fprintf(stderr, "conf_rv64: there is no engine '%s'\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "insn", required_argument, NULL, 'i' },
		{ "case", required_argument, NULL, 'c' },
		{ "engine", required_argument, NULL, 'e' },
		{ "vectors", required_argument, NULL, 'v' },
		{ "max", required_argument, NULL, 'm' },
		{ "dump", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	struct sum sum = { .only = UINT64_MAX, .engine = -1 };
	const char *insn = NULL, *dir = getenv("srcdir"), *wrong;
	bool by_hand = argc > 1 && !strncmp(argv[1], "--", 2);
	uint64_t every = 0;
	char path[4096];
	int opt, status = 0;

	snprintf(path, sizeof(path), "%s/tests/conf/rv64.vec.zst", dir ? dir : ".");
	while (by_hand && (opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'i')
			insn = optarg;
		else if (opt == 'c')
			sum.only = strtoull(optarg, NULL, 0);
		else if (opt == 'e')
			sum.engine = engine_of(optarg);
		else if (opt == 'v')
			snprintf(path, sizeof(path), "%s", optarg);
		else if (opt == 'm')
			most = strtoul(optarg, NULL, 0);
		else if (opt == 'd')
			every = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	wrong = vectors_read(&vectors, path);
	for (unsigned e = 0; e < SUBJECT_ENGINES && !wrong; e++)
		if (!(subjects[e] = subject_new(e)))
			wrong = "has no machine to run on: out of memory";
	if (wrong) {
		fprintf(stderr, "conf_rv64: %s %s\n", path, wrong);
		status = 99;
	} else if (every) {
		status = dump(every);
	} else if (by_hand) {
		status = plain(insn, &sum);
	} else {
		add_tests();
		status = rx_tap_main(argc, argv, NULL);
	}
	for (unsigned e = 0; e < SUBJECT_ENGINES; e++)
		subject_free(subjects[e]);
	vectors_free(&vectors);
	return status;
}
