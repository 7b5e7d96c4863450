# local.mk - the tests of the ASL parser. SPDX-License-Identifier: MIT
# To be included behind tests/local.mk, which defines py_tests.

py_tests += \
	tools/asl-parser/tests/test_cli.py \
	tools/asl-parser/tests/test_expr.py \
	tools/asl-parser/tests/test_grammar.py \
	tools/asl-parser/tests/test_layout.py \
	tools/asl-parser/tests/test_refused.py \
	tools/asl-parser/tests/test_robust.py \
	tools/asl-parser/tests/test_roundtrip.py \
	tools/asl-parser/tests/test_span.py
