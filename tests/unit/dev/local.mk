# local.mk - unit tests of runtime/dev. SPDX-License-Identifier: MIT

unit_tests += tests/unit/dev/dev
tests_unit_dev_dev_SOURCES = \
	tests/unit/dev/devt.c \
	tests/unit/dev/devt.h \
	tests/unit/dev/main.c \
	tests/unit/dev/suites.h \
	tests/unit/dev/test_aclint.c \
	tests/unit/dev/test_goldfish_rtc.c \
	tests/unit/dev/test_plic.c \
	tests/unit/dev/test_sifive_test.c \
	tests/unit/dev/test_uart16550.c \
	tests/unit/dev/test_virtio_blk.c \
	tests/unit/dev/test_virtio_console.c \
	tests/unit/dev/test_virtio_mmio.c \
	tests/unit/dev/test_virtio_queue.c \
	tests/unit/dev/test_virtio_rng.c \
	tests/unit/dev/virtt.c \
	tests/unit/dev/virtt.h
