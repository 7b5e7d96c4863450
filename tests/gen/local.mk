# local.mk - tests of the generator. SPDX-License-Identifier: MIT

py_tests += \
	tests/gen/test_asl.py \
	tests/gen/test_bodies.py \
	tests/gen/test_decode.py \
	tests/gen/test_encoding.py \
	tests/gen/test_ieee.py \
	tests/gen/test_ieee80.py \
	tests/gen/test_intel.py \
	tests/gen/test_lanes.py \
	tests/gen/test_intelxml.py \
	tests/gen/test_main.py \
	tests/gen/test_opfuncs.py \
	tests/gen/test_ops.py \
	tests/gen/test_packets.py \
	tests/gen/test_regs.py \
	tests/gen/test_simd.py \
	tests/gen/test_smir.py \
	tests/gen/test_support.py \
	tests/gen/test_testtable.py \
	tests/gen/test_x86.py \
	tests/gen/test_x86_bodies.py \
	tests/gen/test_x87.py

sh_tests += tests/gen/test_handlers.sh
