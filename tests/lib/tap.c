/* tap.c - CUnit tests with TAP output. SPDX-License-Identifier: MIT
 *
 * CUnit runs the tests and collects failures; its message handlers print. All
 * state is in this file: a test program runs one registry, on one thread.
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/TestRun.h>

#include "tests/lib/tap.h"

#define FAILURES_SHOWN 20	/* of one test */

struct entry {
	char *suite;
	char *name;
	CU_TestFunc plain;	/* either this */
	rx_tap_fn *fn;		/* or this, with arg */
	const void *arg;
	unsigned int order;	/* of the suite */
	size_t serial;		/* of the test */
};

static struct entry *entries;
static size_t nentries, capacity;
static unsigned int nsuites;

static struct entry *current;	/* the test that runs, or the next one */
static size_t number;		/* its TAP number, from 1 */
static unsigned int asserts;	/* made by earlier tests */
static char skip_reason[256];	/* of the test that runs */
static bool failed;		/* some test has */

static void __attribute__((noreturn))
die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(99);
}

static char *
copy(const char *s)
{
	char *p = strdup(s);

	if (!p)
		die("out of memory");
	return p;
}

static void
add(const char *suite, const char *name, struct entry e)
{
	if (nentries == capacity) {
		capacity = capacity ? 2 * capacity : 64;
		entries = realloc(entries, capacity * sizeof(*entries));
		if (!entries)
			die("out of memory");
	}
	e.order = nsuites;
	/* usually the suite of the last one */
	for (size_t i = nentries; i-- > 0;) {
		if (!strcmp(entries[i].suite, suite)) {
			e.order = entries[i].order;
			break;
		}
	}
	if (e.order == nsuites)
		nsuites++;
	e.suite = copy(suite);
	e.name = copy(name);
	e.serial = nentries;
	entries[nentries++] = e;
}

void
rx_tap_add(const char *suite, const char *name, rx_tap_fn *fn, const void *arg)
{
	add(suite, name, (struct entry){ .fn = fn, .arg = arg });
}

void
rx_tap_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(skip_reason, sizeof(skip_reason), fmt, ap);
	va_end(ap);
	if (!skip_reason[0])
		strcpy(skip_reason, "no reason was given");
}

void
rx_tap_fail(const char *file, int line, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	CU_assertImplementation(CU_FALSE, (unsigned int)line, text, file, "",
				CU_FALSE);
}

/* One diagnostic, each of its lines behind "# ". */
static void
diagnostic(const char *file, unsigned int line, const char *text)
{
	printf("# %s:%u: ", file, line);
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n' && text[1])
			fputs("#   ", stdout);
	}
	putchar('\n');
}

static void
on_start(const CU_pTest test, const CU_pSuite suite)
{
	(void)test;
	(void)suite;
	number++;
	asserts = CU_get_number_of_asserts();
	skip_reason[0] = '\0';
}

static void
on_complete(const CU_pTest test, const CU_pSuite suite,
	    const CU_pFailureRecord failure)
{
	const CU_FailureRecord *f;
	unsigned int n = 0;
	bool skipped = !failure && skip_reason[0];
	bool empty = !skipped && CU_get_number_of_asserts() == asserts;
	bool ok = !failure && !empty;

	(void)test;
	(void)suite;
	printf("%s %zu - %s/%s", ok ? "ok" : "not ok", number, current->suite,
	       current->name);
	if (skipped)
		printf(" # SKIP %s", skip_reason);
	putchar('\n');
	if (empty)
		printf("# the test made no assertion\n");
	if (!ok)
		failed = true;
	for (f = failure; f; f = f->pNext) {
		if (n++ < FAILURES_SHOWN)
			diagnostic(f->strFileName, f->uiLineNumber,
				   f->strCondition);
	}
	if (n > FAILURES_SHOWN)
		printf("# ... and %u more\n", n - FAILURES_SHOWN);
	fflush(stdout);
	current++;
}

/* What CUnit calls for every test: `current` says which one it is, because the
 * registry holds them in the order of `entries`. */
static void
trampoline(void)
{
	if (current->fn)
		current->fn(current->arg);
	else
		current->plain();
}

static int
by_suite(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->serial < y->serial ? -1 : 1;
}

static bool
selected(const struct entry *e, char **patterns, int npatterns)
{
	char full[512];

	snprintf(full, sizeof(full), "%s/%s", e->suite, e->name);
	for (int i = 0; i < npatterns; i++) {
		if (strstr(full, patterns[i]) ||
		    fnmatch(patterns[i], full, 0) == 0)
			return true;
	}
	return npatterns == 0;
}

static void
release(struct entry *e)
{
	free(e->suite);
	free(e->name);
}

/* Keeps what was asked for. */
static void
filter(char **patterns, int npatterns)
{
	size_t n = 0;

	for (size_t i = 0; i < nentries; i++) {
		if (selected(&entries[i], patterns, npatterns))
			entries[n++] = entries[i];
		else
			release(&entries[i]);
	}
	nentries = n;
}

static void
fill_registry(void)
{
	CU_pSuite suite = NULL;

	for (size_t i = 0; i < nentries; i++) {
		if (!i || entries[i].order != entries[i - 1].order) {
			suite = CU_add_suite(entries[i].suite, NULL, NULL);
			if (!suite)
				die(CU_get_error_msg());
		}
		if (!CU_add_test(suite, entries[i].name, trampoline) ||
		    CU_get_error() != CUE_SUCCESS) {
			printf("# %s/%s\n", entries[i].suite, entries[i].name);
			die(CU_get_error_msg());
		}
	}
}

static int
run(void)
{
	if (CU_initialize_registry() != CUE_SUCCESS)
		die(CU_get_error_msg());
	fill_registry();
	CU_set_test_start_handler(on_start);
	CU_set_test_complete_handler(on_complete);
	current = entries;
	printf("1..%zu\n", nentries);
	fflush(stdout);
	CU_run_all_tests();
	CU_cleanup_registry();
	return failed || number != nentries;
}

int
rx_tap_main(int argc, char **argv, const struct rx_tap_suite *suites)
{
	int status = 0;
	bool list = argc > 1 && !strcmp(argv[1], "-l");

	for (; suites && suites->name; suites++) {
		for (const CU_TestInfo *t = suites->tests; t->pName; t++)
			add(suites->name, t->pName,
			    (struct entry){ .plain = t->pTestFunc });
	}
	filter(argv + 1 + list, argc - 1 - list);
	qsort(entries, nentries, sizeof(*entries), by_suite);
	if (!nentries) {
		fprintf(stderr, "%s: no such test\n", argv[0]);
		status = 2;
	} else if (list) {
		for (size_t i = 0; i < nentries; i++)
			printf("%s/%s\n", entries[i].suite, entries[i].name);
	} else {
		status = run();
	}
	for (size_t i = 0; i < nentries; i++)
		release(&entries[i]);
	free(entries);
	return status;
}
