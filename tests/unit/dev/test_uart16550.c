/* test_uart16550.c - the UART as drivers see it. SPDX-License-Identifier: MIT */
#include <string.h>

#include "devt.h"
#include "dev/devices.h"
#include "io/char.h"
#include "suites.h"

enum { RBR, IER, IIR, LCR, MCR, LSR, MSR, SCR, THR = RBR, FCR = IIR };

static struct devt t;
static struct rx_char *chr;

static void setup(void)
{
	devt_init(&t);
	CU_ASSERT_EQUAL_FATAL(rx_char_mem_new(&chr, &t.vm, 4096, NULL), RAX_OK);
	devt_attach(&t, rx_uart16550_new(&t.vm, chr), 0x100);
}

static void teardown(void)
{
	rx_char_free(chr);
	devt_fini(&t);
}

static uint8_t in(unsigned reg)
{
	return (uint8_t)devt_read(&t, reg, 1);
}

static void out(unsigned reg, uint8_t value)
{
	devt_write(&t, reg, 1, value);
}

static void type(const char *text)
{
	CU_ASSERT_EQUAL(rx_char_input(chr, text, strlen(text)), strlen(text));
}

static void test_reset(void)
{
	setup();
	CU_ASSERT_EQUAL(in(LSR), 0x60);
	CU_ASSERT_EQUAL(in(IIR), 0x01);
	CU_ASSERT_EQUAL(in(MSR), 0xb0);
	CU_ASSERT_EQUAL(in(IER), 0);
	CU_ASSERT_FALSE(t.irq);
	teardown();
}

static void test_output(void)
{
	setup();
	out(THR, 'h');
	out(THR, 'i');
	CU_ASSERT_STRING_EQUAL(rx_char_mem_output(chr, NULL), "hi");
	CU_ASSERT_EQUAL(in(LSR) & 0x60, 0x60);
	teardown();
}

static void test_registers(void)
{
	setup();
	for (unsigned v = 0; v < 256; v++) {
		out(SCR, (uint8_t)v);
		CU_ASSERT_EQUAL(in(SCR), v);
	}
	out(IER, 0xff);
	CU_ASSERT_EQUAL(in(IER), 0x0f);
	out(IER, 0);
	out(LCR, 0x83);
	out(0, 0x34);
	out(1, 0x12);
	CU_ASSERT_EQUAL(in(0), 0x34);
	CU_ASSERT_EQUAL(in(1), 0x12);
	out(LCR, 3);
	CU_ASSERT_EQUAL(in(IER), 0);
	CU_ASSERT_EQUAL(rx_char_mem_output(chr, NULL)[0], 0);
	/* a 16550A: FIFO bits in IIR only while enabled */
	out(FCR, 1);
	CU_ASSERT_EQUAL(in(IIR), 0xc1);
	out(FCR, 0);
	CU_ASSERT_EQUAL(in(IIR), 0x01);
	/* registers behind the eighth read as zero */
	CU_ASSERT_EQUAL(devt_read(&t, 8, 1), 0);
	/* wider accesses are to one register */
	out(SCR, 0x5a);
	CU_ASSERT_EQUAL(devt_read(&t, 4, 4), 0);
	out(MCR, 3);
	CU_ASSERT_EQUAL(devt_read(&t, 4, 4), 3);
	CU_ASSERT_TRUE(devt_refused(&t, 5, 4));
	teardown();
}

/* The THRE interrupt as drivers test for it: enabling raises it each time. */
static void test_thre_irq(void)
{
	setup();
	out(IER, 2);
	CU_ASSERT_TRUE(t.irq);
	CU_ASSERT_EQUAL(in(IIR), 0x02);
	CU_ASSERT_FALSE(t.irq);
	CU_ASSERT_EQUAL(in(IIR), 0x01);
	out(IER, 0);
	out(IER, 2);
	CU_ASSERT_EQUAL(in(IIR), 0x02);
	CU_ASSERT_EQUAL(in(IIR), 0x01);
	out(THR, 'x');		/* sent at once: empty again */
	CU_ASSERT_TRUE(t.irq);
	CU_ASSERT_EQUAL(in(IIR), 0x02);
	CU_ASSERT_FALSE(t.irq);
	/* another interrupt does not acknowledge it */
	out(THR, 'y');
	type("a");
	out(IER, 3);
	CU_ASSERT_EQUAL(in(IIR), 0x04);
	CU_ASSERT_EQUAL(in(RBR), 'a');
	CU_ASSERT_EQUAL(in(IIR), 0x02);
	teardown();
}

static void test_receive_irq(void)
{
	setup();
	out(IER, 1);
	type("ab");
	CU_ASSERT_TRUE(t.irq);
	CU_ASSERT_EQUAL(in(IIR), 0x04);
	CU_ASSERT_EQUAL(in(LSR), 0x61);
	CU_ASSERT_EQUAL(in(RBR), 'a');
	CU_ASSERT_TRUE(t.irq);	/* the next one follows */
	CU_ASSERT_EQUAL(in(RBR), 'b');
	CU_ASSERT_FALSE(t.irq);
	CU_ASSERT_EQUAL(in(LSR), 0x60);
	CU_ASSERT_EQUAL(in(RBR), 0);
	teardown();
}

static void test_fifo_timeout(void)
{
	setup();
	out(LCR, 0x83);
	out(0, 2);	/* 115200 baud: a character takes 87 us */
	out(1, 0);
	out(LCR, 3);
	out(FCR, 0x81);	/* trigger level 8 */
	out(IER, 1);
	type("1234567");
	CU_ASSERT_FALSE(t.irq);
	CU_ASSERT_EQUAL(in(LSR) & 1, 1);
	devt_pass(&t, 300000);
	CU_ASSERT_FALSE(t.irq);
	devt_pass(&t, 100000);
	CU_ASSERT_TRUE(t.irq);
	CU_ASSERT_EQUAL(in(IIR), 0xcc);
	CU_ASSERT_TRUE(t.irq);
	CU_ASSERT_EQUAL(in(RBR), '1');
	CU_ASSERT_FALSE(t.irq);		/* a read restarts the time-out */
	devt_pass(&t, 400000);
	CU_ASSERT_EQUAL(in(IIR), 0xcc);
	type("89");
	CU_ASSERT_EQUAL(in(IIR), 0xc4);	/* 8 bytes: the trigger */
	for (char c = '2'; c <= '9'; c++)
		CU_ASSERT_EQUAL(in(RBR), c);
	CU_ASSERT_FALSE(t.irq);
	devt_pass(&t, 1000000);
	CU_ASSERT_FALSE(t.irq);		/* empty: no time-out */
	teardown();
}

/* More input than the FIFO holds waits behind it and is not lost. */
static void test_backlog(void)
{
	static const char text[] = "the quick brown fox jumps over the lazy dog";

	setup();
	out(FCR, 0xc1);
	out(IER, 1);
	type(text);
	CU_ASSERT_EQUAL(devt_field(&t, "rx_count", 0), 16);
	for (const char *p = text; *p; p++) {
		CU_ASSERT_EQUAL(in(LSR), 0x61);
		CU_ASSERT_EQUAL(in(RBR), *p);
	}
	CU_ASSERT_EQUAL(in(LSR), 0x60);
	teardown();
}

/* A driver's start-up clears the FIFO and reads blindly: input survives. */
static void test_startup_keeps_input(void)
{
	setup();
	type("run\n");
	for (int i = 0; i < 200; i++)	/* early polled output */
		in(LSR);
	out(FCR, 1);
	out(FCR, 7);
	out(FCR, 0);
	in(LSR);
	in(RBR);
	in(IIR);
	in(MSR);
	out(FCR, 0x81);
	out(IER, 5);
	devt_pass(&t, 10000000);
	CU_ASSERT_EQUAL(in(IIR) & 0x0f, 0x0c);
	CU_ASSERT_EQUAL(in(RBR), 'r');
	CU_ASSERT_EQUAL(in(RBR), 'u');
	out(FCR, 0x83);		/* a reset in the middle, too */
	out(IER, 5);
	CU_ASSERT_EQUAL(in(RBR), 'n');
	CU_ASSERT_EQUAL(in(RBR), '\n');
	CU_ASSERT_EQUAL(in(LSR) & 1, 0);
	teardown();
}

static void test_polled_input(void)
{
	char got[8] = "";
	unsigned n = 0;

	setup();
	type("hello");
	for (int i = 0; i < 500 && n < 5; i++) {
		if (in(LSR) & 1)
			got[n++] = (char)in(RBR);
	}
	CU_ASSERT_STRING_EQUAL(got, "hello");
	CU_ASSERT_EQUAL(in(LSR) & 1, 0);
	teardown();
}

static void test_loopback(void)
{
	setup();
	out(FCR, 1);
	out(MCR, 0x10);
	CU_ASSERT_EQUAL(in(MSR) & 0xf0, 0);
	in(MSR);
	out(MCR, 0x1f);
	CU_ASSERT_EQUAL(in(MSR), 0xfb);	/* RI went up: no TERI */
	CU_ASSERT_EQUAL(in(MSR), 0xf0);
	out(MCR, 0x1a);
	CU_ASSERT_EQUAL(in(MSR), 0x96);	/* DSR, RI down */
	type("zzz");			/* the line is cut off */
	for (unsigned i = 0; i < 16; i++)
		out(THR, (uint8_t)('a' + i));
	CU_ASSERT_EQUAL(in(LSR), 0x61);
	out(THR, '!');
	CU_ASSERT_EQUAL(in(LSR), 0x63);	/* overrun */
	CU_ASSERT_EQUAL(in(LSR), 0x61);	/* reading clears it */
	for (unsigned i = 0; i < 16; i++)
		CU_ASSERT_EQUAL(in(RBR), 'a' + i);
	CU_ASSERT_EQUAL(rx_char_mem_output(chr, NULL)[0], 0);
	out(LCR, 0x43);
	CU_ASSERT_EQUAL(in(LSR), 0x71);	/* break */
	CU_ASSERT_EQUAL(in(RBR), 0);
	teardown();
}

static void test_irq_priority(void)
{
	setup();
	out(MCR, 0x10);
	in(MSR);
	out(IER, 0x0f);
	out(MCR, 0x11);		/* DSR changes */
	out(THR, 'a');
	out(THR, 'b');		/* no FIFO: overrun */
	CU_ASSERT_EQUAL(in(IIR), 0x06);
	in(LSR);
	CU_ASSERT_EQUAL(in(IIR), 0x04);
	CU_ASSERT_EQUAL(in(RBR), 'b');
	CU_ASSERT_EQUAL(in(IIR), 0x02);
	CU_ASSERT_EQUAL(in(IIR), 0x00);
	CU_ASSERT_TRUE(t.irq);
	in(MSR);
	CU_ASSERT_EQUAL(in(IIR), 0x01);
	CU_ASSERT_FALSE(t.irq);
	teardown();
}

static void test_load(void)
{
	rax_error err;

	setup();
	devt_set_field(&t, "rx_count", 0, 2);	/* without FIFO: one at most */
	devt_set_field(&t, "lsr", 0, 0x61);
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, &err), RAX_EFORMAT);
	devt_set_field(&t, "rx_count", 0, 1);
	devt_set_field(&t, "ier", 0, 1);
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, &err), RAX_OK);
	CU_ASSERT_TRUE(t.irq);
	devt_set_field(&t, "lsr", 0, 0x60);
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, &err), RAX_EFORMAT);
	rx_vm_reset(&t.vm);
	CU_ASSERT_FALSE(t.irq);
	/* a time-out that was running runs on */
	out(FCR, 0x81);
	out(IER, 1);
	type("x");
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, &err), RAX_OK);
	devt_pass(&t, 100000000);
	CU_ASSERT_TRUE(t.irq);
	teardown();
}

/* Any sequence of accesses leaves a state that could be loaded. */
static void test_random(void)
{
	uint32_t x = 12345;

	setup();
	for (unsigned i = 0; i < 200000; i++) {
		x = x * 1664525 + 1013904223;
		if (x >> 31)
			in(x >> 8 & 7);
		else
			out(x >> 8 & 7, (uint8_t)(x >> 16));
		if (i % 64 == 0)
			rx_char_input(chr, "q", 1);
		if (i % 128 == 0)
			devt_pass(&t, x);
		for (unsigned k = 0; i % 256 == 0 && k < t.dev->cls->nfields; k++) {
			const struct rx_field *f = &t.dev->cls->fields[k];
			const uint64_t v = devt_field(&t, f->name, 0);

			if (v < f->min || v > f->max)
				rx_tap_fail(__FILE__, __LINE__, "%s out of range", f->name);
		}
	}
	CU_ASSERT_EQUAL(t.dev->cls->post_load(t.dev, NULL), RAX_OK);
	teardown();
}

CU_TestInfo dev_uart16550_tests[] = {
	{ "reset", test_reset },
	{ "output", test_output },
	{ "registers", test_registers },
	{ "THRE interrupt", test_thre_irq },
	{ "receive interrupt", test_receive_irq },
	{ "FIFO time-out", test_fifo_timeout },
	{ "backlog", test_backlog },
	{ "start-up keeps input", test_startup_keeps_input },
	{ "polled input", test_polled_input },
	{ "loopback", test_loopback },
	{ "interrupt priority", test_irq_priority },
	{ "load", test_load },
	{ "random accesses", test_random },
	CU_TEST_INFO_NULL,
};
