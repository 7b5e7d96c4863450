/* tap.h - CUnit tests with TAP output. SPDX-License-Identifier: MIT
 *
 *	in test_arena.c		CU_TestInfo arena_tests[] = {
 *					{ "alloc", test_alloc },
 *					CU_TEST_INFO_NULL,
 *				};
 *	in main.c		static const struct rx_tap_suite suites[] = {
 *					{ "base/arena", arena_tests },
 *					{ NULL, NULL },
 *				};
 *				return rx_tap_main(argc, argv, suites);
 *
 * A test is a function that makes CUnit assertions (CU_ASSERT...). It fails when
 * one of them does, and also when it makes none without skipping. Each becomes
 * one TAP line, `ok 3 - suite/test`, failures with file, line and expression.
 *
 * Arguments of the program: -l lists the tests; any other selects tests: a
 * pattern of the shell (*, ?, [) or a part of "suite/test".
 */
#ifndef TESTS_LIB_TAP_H
#define TESTS_LIB_TAP_H

#include <CUnit/CUnit.h>

typedef void rx_tap_fn(const void *arg);

/* A suite is named after its file, "module/file"; its tests end at
 * CU_TEST_INFO_NULL, the list of suites at a NULL name. */
struct rx_tap_suite {
	const char *name;
	const CU_TestInfo *tests;
};

/* Adds one test, before rx_tap_main(): for tests that are made from tables. `fn`
 * is called with `arg`. Names are copied. Tests of one suite run together, suites
 * and tests in the order in which they first appear. */
void rx_tap_add(const char *suite, const char *name, rx_tap_fn *fn,
		const void *arg);

/* Runs `suites` (may be NULL) and what was added.
 * Returns the exit status: 0; 1 when a test failed; 2 for bad arguments. */
int rx_tap_main(int argc, char **argv, const struct rx_tap_suite *suites);

/* Inside a test: it counts as skipped, with this reason. Return after it. */
void rx_tap_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Inside a test: a failed assertion with a text of its own. */
void rx_tap_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Assert `cond`; a failure prints the formatted text: say what would show it. */
#define RX_TAP_CHECK(cond, ...)						\
	do {								\
		if (cond) {						\
			CU_PASS("");					\
		} else {						\
			rx_tap_fail(__FILE__, __LINE__, __VA_ARGS__);	\
		}							\
	} while (0)

#endif
