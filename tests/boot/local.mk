# local.mk - boots of whole guests. SPDX-License-Identifier: MIT
#
# boot_tests: boots of Linux, which need a fetched guest (tools/guest/fetch.py);
# `make test boot_tests=tests/boot/linux.sh` adds one to `make check`'s tests.
boot_tests =
sh_tests += tests/boot/microkernel.sh $(boot_tests)
py_tests += tests/boot/test_guest_tools.py
