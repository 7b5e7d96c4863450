/* test_toml.c - configuration files. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/toml.h"
#include "tests/lib/tap.h"

/* Appends a value as JSON would write it. */
static void dump_value(const struct rx_toml_node *n, char *out, size_t size)
{
	size_t at = strlen(out);
	const struct rx_toml_node *c;

#define PUT(...) (void)snprintf(out + at, size - at, __VA_ARGS__)
	switch (n->type) {
	case RX_TOML_STRING:
		PUT("\"%s\"", n->string);
		break;
	case RX_TOML_INTEGER:
		PUT("%lld", (long long)n->integer);
		break;
	case RX_TOML_BOOLEAN:
		PUT("%s", n->boolean ? "true" : "false");
		break;
	default:
		PUT(n->type == RX_TOML_ARRAY ? "[" : "{");
		for (c = n->first; c; c = c->next) {
			at = strlen(out);
			if (n->type == RX_TOML_TABLE)
				PUT("%s=", c->key);
			dump_value(c, out, size);
			at = strlen(out);
			if (c->next)
				PUT(",");
		}
		at = strlen(out);
		PUT(n->type == RX_TOML_ARRAY ? "]" : "}");
	}
#undef PUT
}

/* "path=value;" of each value in file order */
static void dump(const struct rx_toml *t, char *out, size_t size)
{
	const struct rx_toml_node *n;
	char path[200];

	out[0] = 0;
	for (n = t->values; n; n = n->next_value) {
		rx_toml_path(n, path, sizeof(path));
		(void)snprintf(out + strlen(out), size - strlen(out), "%s=",
			       path);
		dump_value(n, out, size);
		(void)snprintf(out + strlen(out), size - strlen(out), ";");
	}
}

static const struct { const char *text, *want; } good[] = {
	{ "", "" },
	{ "# only a comment", "" },
	{ "\xef\xbb\xbf" "a = 1", "a=1;" },
	{ "a=1\nb = 2 # c\r\n\r\n\tc\t=\t3", "a=1;b=2;c=3;" },
	{ "a = +99\nb = -17\nc = 0\nd = -0\ne = +0", "a=99;b=-17;c=0;d=0;e=0;" },
	{ "a = 1_000\nb = 0xDead_beef\nc = 0o755\nd = 0b1101_0110",
	  "a=1000;b=3735928559;c=493;d=214;" },
	{ "a = 9223372036854775807\nb = -9223372036854775808",
	  "a=9223372036854775807;b=-9223372036854775808;" },
	{ "a = true\nb = false", "a=true;b=false;" },
	{ "a = \"x\"\nb = 'y\\n'\nc = \"\"\nd = ''",
	  "a=\"x\";b=\"y\\n\";c=\"\";d=\"\";" },
	{ "a = \"\\t\\\"\\\\\\u00e4\\U0001F600\"",
	  "a=\"\t\"\\\xc3\xa4\xf0\x9f\x98\x80\";" },
	{ "a = \"# no comment\" # but this", "a=\"# no comment\";" },
	{ "a = \"\"\"\nx\ny\"\"\"", "a=\"x\ny\";" },
	{ "a = \"\"\"x \\\n\n   y\"\"\"", "a=\"x y\";" },
	{ "a = \"\"\"\"\"q\"\"\"\"\"", "a=\"\"\"q\"\"\";" },
	{ "a = '''\r\nx\\y\r\n'z''''", "a=\"x\\y\n'z'\";" },
	{ "a = \"\"\"\\\"\"\"\\\"\"\"\"", "a=\"\"\"\"\"\";" },
	{ "1234 = 1\n-_ = 2\n\"a b\" = 3\n'c.d' = 4",
	  "1234=1;-_=2;a b=3;c.d=4;" },
	{ "a.b = 1\na . \"c\" . d = 2", "a.b=1;a.c.d=2;" },
	{ "[t]\na = 1\n[t.u]\na = 2\n[ v . w ] # x\na = 3",
	  "t.a=1;t.u.a=2;v.w.a=3;" },
	{ "[a.b]\nx = 1\n[a]\ny = 2", "a.b.x=1;a.y=2;" },
	{ "[fruit]\napple.color = 1\n[fruit.apple.taste]\ns = 1",
	  "fruit.apple.color=1;fruit.apple.taste.s=1;" },
	{ "a = []\nb = [1, 2,]\nc = [ # x\n 1, # y\n\n 2 ]\nd = [[1],['a', \"b\"]]",
	  "a=[];b=[1,2];c=[1,2];d=[[1],[\"a\",\"b\"]];" },
	{ "a = [1, 'x', true]", "a=[1,\"x\",true];" },
	{ "a = {}\nb = { x = 1, y.z = 'q' }\nc = 5",
	  "b.x=1;b.y.z=\"q\";c=5;" },
	{ "a = [ { x = 1 }, { y = [2] } ]", "a=[{x=1},{y=[2]}];" },
	{ "[[p]]\na = 1\n[[p]]\n[p.q]\nb = 2\n[[p.r]]\nc = 3\n[[p.r]]",
	  "p.0.a=1;p.1.q.b=2;p.1.r.0.c=3;" },
};

static void accepted(void)
{
	char out[1000];

	for (unsigned k = 0; k < sizeof(good) / sizeof(good[0]); k++) {
		struct rx_toml t;
		rax_error e = { 0 };
		rax_status s = rx_toml_parse(&t, "f", good[k].text,
					     strlen(good[k].text), &e);

		RX_TAP_CHECK(s == RAX_OK, "%u: %s", k, e.message);
		if (s)
			continue;
		dump(&t, out, sizeof(out));
		RX_TAP_CHECK(!strcmp(out, good[k].want), "%u: %s", k, out);
		rx_toml_fini(&t);
	}
}

static const struct { const char *text, *want; } bad[] = {
	{ "a", "f:1:2: expected '=' behind the key" },
	{ "a =", "f:1:4: expected a value" },
	{ "= 1", "f:1:1: expected a key" },
	{ "a = 1 b = 2", "f:1:7: expected the end of the line" },
	{ "a = 1\na = 2", "f:2:1: 'a' is already defined on line 1" },
	{ "a.b = 1\na = 2", "f:2:1: 'a' is already defined on line 1" },
	{ "a = 1\na.b = 2", "f:2:1: 'a' is already defined on line 1" },
	{ "[a]\n[a]", "f:2:2: 'a' is already defined on line 1" },
	{ "[a]\nb = 1\n[a.b]", "f:3:4: 'a.b' is already defined on line 2" },
	{ "a = {}\n[a.b]", "f:2:2: 'a' is already defined on line 1" },
	{ "a = {}\na.b = 1", "f:2:1: 'a' is already defined on line 1" },
	{ "a = { b = {} , b.c = 1 }", "f:1:16: 'a.b' is already defined" },
	{ "[a.b.c]\nz=9\n[a]\nb.c.t = 1", "f:4:1: 'a.b' is already defined" },
	{ "[f]\na.c = 1\n[f.a]", "f:3:4: 'f.a' is already defined on line 2" },
	{ "a = []\n[[a]]", "f:2:3: 'a' is already defined on line 1" },
	{ "[[a]]\n[a]", "f:2:2: 'a' is already defined on line 1" },
	{ "[a]\n[[a]]", "f:2:3: 'a' is already defined on line 1" },
	{ "[a.]", "f:1:4: expected a key" },
	{ "[]", "f:1:2: expected a key" },
	{ "[a\nb]", "f:1:3: expected ']'" },
	{ "[[a]", "f:1:5: expected ']]'" },
	{ "[a] b = 1", "f:1:5: expected the end of the line" },
	{ "a = 1.5", "f:1:6: floating-point numbers are not used" },
	{ "a = 1e3", "f:1:6: floating-point numbers are not used" },
	{ "a = -inf", "f:1:5: floating-point numbers are not used" },
	{ "a = nan", "f:1:5: floating-point numbers are not used" },
	{ "a = 1979-05-27", "f:1:9: dates and times are not used" },
	{ "a = 07:32:00", "f:1:7: dates and times are not used" },
	{ "a = 012", "f:1:5: a decimal number cannot start with 0" },
	{ "a = -01", "f:1:6: a decimal number cannot start with 0" },
	{ "a = 1__0", "f:1:6: unexpected character in a number" },
	{ "a = _1", "f:1:5: expected a value" },
	{ "a = 1_", "f:1:6: unexpected character" },
	{ "a = 0x", "f:1:7: expected a digit" },
	{ "a = 0x_1", "f:1:7: expected a digit" },
	{ "a = +0x1", "f:1:7: unexpected character in a number" },
	{ "a = 0o8", "f:1:7: expected a digit" },
	{ "a = 9223372036854775808", "f:1:23: integer does not fit 64 bits" },
	{ "a = -9223372036854775809", "f:1:24: integer does not fit" },
	{ "a = 0x8000000000000000", "f:1:22: integer does not fit" },
	{ "a = tru", "f:1:5: expected a value" },
	{ "a = True", "f:1:5: expected a value" },
	{ "a = truex", "f:1:5: expected a value" },
	{ "a = bare", "f:1:5: expected a value" },
	{ "a = \"x", "f:1:7: expected \" at the end of the string" },
	{ "a = \"x\ny\"", "f:1:7: expected \" at the end" },
	{ "a = 'x\ny'", "f:1:7: expected ' at the end" },
	{ "a = \"\\q\"", "f:1:7: unknown escape" },
	{ "a = \"\\u12g4\"", "f:1:10: expected a hexadecimal digit" },
	{ "a = \"\\ud800\"", "f:1:12: not a Unicode character" },
	{ "a = \"\\U00110000\"", "f:1:16: not a Unicode character" },
	{ "a = \"\\u0000\"", "f:1:12: U+0000 cannot be used" },
	{ "a = \"\x01\"", "f:1:6: control character in a string" },
	{ "a = 1 # \x01", "f:1:9: control character in a comment" },
	{ "a = \"\"\"x", "f:1:5: string without its closing \"\"\"" },
	{ "\"\"\"k\"\"\" = 1", "f:1:1: a key cannot be a multi-line" },
	{ "a = [1 2]", "f:1:8: expected ',' or ']'" },
	{ "a = [1,,2]", "f:1:8: expected a value" },
	{ "a = [", "f:1:6: expected a value" },
	{ "a = {b=1,}", "f:1:10: expected a key behind ','" },
	{ "a = {b=1\n}", "f:1:9: expected ',' or '}'" },
	{ "a = {b}", "f:1:7: expected '='" },
	{ "a = 1\rb = 2", "f:1:6: expected the end of the line" },
	{ "a = 1\n\nb = \"\xff\"", "f:3:6: not valid UTF-8" },
	{ "a = \"\xc0\x80\"", "f:1:6: not valid UTF-8" },
	{ "a = \"\xed\xa0\x80\"", "f:1:6: not valid UTF-8" },
	{ "a = \"\xe2\x82", "f:1:6: not valid UTF-8" },
};

static void refused(void)
{
	for (unsigned k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		struct rx_toml t;
		rax_error e = { 0 };
		rax_status s = rx_toml_parse(&t, "f", bad[k].text,
					     strlen(bad[k].text), &e);

		RX_TAP_CHECK(s == RAX_EFORMAT &&
			     !strncmp(e.message, bad[k].want,
				      strlen(bad[k].want)),
			     "%u: %s", k, s ? e.message : "accepted");
		CU_ASSERT_PTR_NULL(t.top);
	}
}

/* Every prefix of every input ends in a value or a message. */
static void truncated(void)
{
	unsigned n = 0;

	for (unsigned k = 0; k < sizeof(good) / sizeof(good[0]); k++) {
		const size_t len = strlen(good[k].text);

		for (size_t cut = 0; cut < len; cut++) {
			/* its own memory, so that a sanitizer sees the end */
			char *copy = malloc(cut + 1);
			struct rx_toml t;
			rax_error e = { 0 };

			CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
			copy = realloc(copy, cut ? cut : 1);
			memcpy(copy, good[k].text, cut);
			if (rx_toml_parse(&t, "f", copy, cut, &e))
				CU_ASSERT_EQUAL(strncmp(e.message, "f:", 2), 0);
			rx_toml_fini(&t);
			free(copy);
			n++;
		}
	}
	CU_ASSERT(n > 300);
}

/* What could take long, or much memory, or the stack. */
static void hostile(void)
{
	const size_t size = 1000000;
	char *text = malloc(size + 1);
	static const char *const unit[] = { "[", "a=[\n", "{a=", "a.", "[[a]]\n",
					    "'", "\"a\" ", "a={b=" };

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (unsigned k = 0; k < sizeof(unit) / sizeof(unit[0]); k++) {
		const size_t len = strlen(unit[k]);
		struct rx_toml t;
		rax_error e;

		for (size_t at = 0; at < size; at++)
			text[at] = unit[k][at % len];
		CU_ASSERT_EQUAL(rx_toml_parse(&t, "f", text, size, &e),
				RAX_EFORMAT);
	}
	for (unsigned k = 0, at = 0; at < size - 20; k++)
		at += (unsigned)sprintf(text + at, "k%u=1\n", k);
	{
		struct rx_toml t;
		rax_error e;

		CU_ASSERT_EQUAL(rx_toml_parse(&t, "f", text, strlen(text), &e),
				RAX_EFORMAT);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.message, "more than 10000"));
	}
	free(text);
}

static void access_tree(void)
{
	static const char text[] = "a = 1\n[[d]]\nf = 'x'\n[[d]]\nf = 'y'\n";
	struct rx_toml t;
	struct rx_toml_node *d;
	char path[8];
	rax_error e;

	CU_ASSERT_EQUAL_FATAL(rx_toml_parse(&t, "f", text, strlen(text), &e), 0);
	CU_ASSERT_EQUAL(rx_toml_get(t.top, "a")->integer, 1);
	CU_ASSERT_PTR_NULL(rx_toml_get(t.top, "b"));
	CU_ASSERT_PTR_NULL(rx_toml_get(rx_toml_get(t.top, "a"), "x"));
	d = rx_toml_get(t.top, "d");
	CU_ASSERT_EQUAL(d->type, RX_TOML_ARRAY);
	CU_ASSERT_EQUAL(d->count, 2);
	CU_ASSERT_STRING_EQUAL(rx_toml_get(d->last, "f")->string, "y");
	CU_ASSERT_STRING_EQUAL(rx_toml_type_name(d->type), "array");
	rx_toml_path(rx_toml_get(d->last, "f"), path, sizeof(path));
	CU_ASSERT_STRING_EQUAL(path, "d.1.f");
	CU_ASSERT_EQUAL(rx_toml_err(&t, rx_toml_get(d->last, "f"), &e,
				    "unknown option '%s'", "q"), RAX_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.message, "f:5:1: unknown option 'q'");
	rx_toml_fini(&t);
}

CU_TestInfo toml_tests[] = {
	{ "accepted", accepted },
	{ "refused", refused },
	{ "truncated", truncated },
	{ "hostile", hostile },
	{ "access_tree", access_tree },
	CU_TEST_INFO_NULL,
};
