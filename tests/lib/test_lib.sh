#!/bin/sh
# test_lib.sh - do the reporters report failures? SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"

# ---- tap.c
demo=$builddir/tests/lib/tapdemo
if [ ! -x "$demo" ]; then
	skip "tap.c" "configure found no CUnit"
else
	"$demo" > "$tmp/out"
	is "failed tests give status 1" $? 1
	cat > "$tmp/wanted" <<-'EOF'
		1..10
		ok 1 - lib/table/zero
		not ok 2 - lib/table/one
		# FILE: 1 is odd
		ok 3 - lib/other/two
		ok 4 - lib/demo/passes
		not ok 5 - lib/demo/fails
		# FILE: 1 + 1 == 3
		# FILE: vector 17:
		#   second line
		not ok 6 - lib/demo/fails fatally
		# FILE: 0 == 1
		ok 7 - lib/demo/skips # SKIP no thing here
		not ok 8 - lib/demo/skips and fails
		# FILE: 0
		not ok 9 - lib/demo/asserts nothing
		# the test made no assertion
		not ok 10 - lib/demo/many failures
	EOF
	sed 's/^# [^ ]*tapdemo\.c:[0-9][0-9]*: /# FILE: /' "$tmp/out" |
		sed '/^# FILE: number /d; /^# \.\.\. and /d' > "$tmp/got"
	is "TAP of every outcome" "$(cat "$tmp/got")" "$(cat "$tmp/wanted")"
	is "20 failures of a test are shown" "$(grep -c ': number ' "$tmp/out")" 20
	is "the others are counted" "$(grep '\.\.\. and' "$tmp/out")" "# ... and 5 more"

	is "a name selects" "$("$demo" demo/passes)" "1..1
ok 1 - lib/demo/passes"
	is "a pattern selects" "$("$demo" 'lib/*/two')" "1..1
ok 1 - lib/other/two"
	"$demo" demo/passes > "$tmp/out"
	is "passed tests give status 0" $? 0
	is "-l lists" "$("$demo" -l table)" "lib/table/zero
lib/table/one"
	"$demo" no-such-test > "$tmp/out" 2> "$tmp/err"
	is "no test is an error" "$? $(cat "$tmp/err")" "2 $demo: no such test"
fi

# ---- automake's driver and summary.sh
# run NAME COMMAND...: as `make check` does, in $tmp
run() {
	name=$1
	shift
	(cd "$tmp" && sh "$driver" --test-name "$name.sh" --log-file "$name.log" \
		--trs-file "$name.trs" -- "$@") > "$tmp/$name.console" 2>&1
}
# total NAME...: summary of these tests
total() {
	files=
	for name; do
		files="$files $name.trs"
	done
	# shellcheck disable=SC2086 # a list of names
	(cd "$tmp" && sh "$summary" $files; echo "status $?")
}
driver=$(cd "$srcdir" && pwd)/build-aux/tap-driver.sh
summary=$(cd "$srcdir" && pwd)/tests/lib/summary.sh

cat > "$tmp/tap" <<'EOF'
cat "$1"
exit "${2:-0}"
EOF
printf '1..2\nok 1 - a\nok 2 - b\n' > "$tmp/good.tap"
run good sh tap good.tap
is "all pass" "$(total good)" "2 passed, 0 failed, 0 skipped
status 0"

cat > "$tmp/bad.tap" <<'EOF'
ok 1 - a
not ok 2 - b: c
# why
ok 3 - d # SKIP no thing
not ok 4
1..4
EOF
run bad sh tap bad.tap 1
is "failures and skips are listed" "$(total good bad)" "Failed:
  bad: b: c
      why
  bad: test 4
Skipped:
  bad: d: no thing
3 passed, 2 failed, 1 skipped
status 1"

printf '1..0 # SKIP no network\n' > "$tmp/none.tap"
run none sh tap none.tap
is "a skipped file is listed" "$(total good none)" "Skipped:
  none: no network
2 passed, 0 failed, 1 skipped
status 0"
is "skips alone are no success" "$(total none | tail -n 1)" "status 1"

run crash sh tap good.tap 3
is "a status counts" "$(total crash)" "Failed:
  crash: ERROR exited with status 3
2 passed, 1 failed, 0 skipped
status 1"
run status1 sh tap good.tap 1
is "status 1 counts without a failure" "$(total status1 | tail -n 2)" \
	"2 passed, 1 failed, 0 skipped
status 1"
printf '1..3\nok 1 - a\n' > "$tmp/short.tap"
run short sh tap short.tap
is "a missing result counts" "$(total short)" "Failed:
  short: ERROR too few tests run (expected 3, got 1)
1 passed, 1 failed, 0 skipped
status 1"
printf '1..2\nBail out! no memory\n' > "$tmp/bail.tap"
run bail sh tap bail.tap 99
is "bailing out counts" "$(total bail)" "Failed:
  bail: ERROR Bail out! no memory
0 passed, 1 failed, 0 skipped
status 1"
is "a test without result counts" "$(total good absent)" "Failed:
  absent: left no result
2 passed, 1 failed, 0 skipped
status 1"
if [ -x "$demo" ]; then
	demo=$(cd "$(dirname "$demo")" && pwd)/${demo##*/}
	run died env TAPDEMO_CRASH=1 "$demo" other
	is "a program that dies counts" "$(total died)" "Failed:
  died: ERROR too few tests run (expected 2, got 1)
  died: ERROR exited with status 3
1 passed, 2 failed, 0 skipped
status 1"
fi

# ---- unittest_tap.py
if [ -z "$PYTHON" ]; then
	skip "unittest_tap.py" "configure found no Python with jinja2 and ply"
else
	cat > "$tmp/demo.py" <<'EOF'
import unittest

class A(unittest.TestCase):
    def test_a(self):
        self.assertEqual(1, 1)
    def test_b(self):
        self.assertEqual(1, 2)
    @unittest.skip("no thing")
    def test_c(self):
        pass
    def test_d(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)
    def test_e(self):
        raise ValueError("e")

class B(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no class")
    def test_a(self):
        pass
EOF
	"$PYTHON" "$srcdir/tests/lib/unittest_tap.py" "$tmp/demo.py" > "$tmp/out" 2>&1
	is "failed unittests give status 1" $? 1
	is "TAP of unittests" "$(grep -v '^#' "$tmp/out")" "ok 1 - A.test_a
not ok 2 - A.test_b
ok 3 - A.test_c # SKIP no thing
not ok 4 - A.test_d
not ok 5 - A.test_e
not ok 6 - setUpClass (demo.B)
1..6"
	is "failures are explained" "$(grep -c '^# \(AssertionError\|ValueError\|RuntimeError\)' \
		"$tmp/out")" 4
	is "unittests are selected" "$("$PYTHON" "$srcdir/tests/lib/unittest_tap.py" \
		"$tmp/demo.py" A.test_a)" "ok 1 - A.test_a
1..1"
fi

tap_end
