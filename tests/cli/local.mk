# local.mk - the rax command from outside. SPDX-License-Identifier: MIT
py_tests += \
	tests/cli/test_badinput.py \
	tests/cli/test_console.py \
	tests/cli/test_dis.py \
	tests/cli/test_hostile.py \
	tests/cli/test_jit.py \
	tests/cli/test_jit_fp.py \
	tests/cli/test_options.py \
	tests/cli/test_repeat.py \
	tests/cli/test_start.py
sh_tests += tests/cli/firmware.sh tests/cli/texts.sh
