/* print.c - text and numbers to the console. SPDX-License-Identifier: MIT */
#include "mk.h"

void mk_puts(const char *text)
{
	for (; *text != '\0'; text++)
		arch_putc(*text);
}

void mk_hex(uint64_t value)
{
	int shift;

	for (shift = 60; shift >= 0; shift -= 4)
		arch_putc("0123456789abcdef"[value >> shift & 15]);
}

static void digits(uint64_t value, unsigned least)
{
	char text[20];
	unsigned n = 0;

	while (value != 0 || n < least) {
		text[n++] = (char)('0' + value % 10);
		value /= 10;
	}
	while (n > 0)
		arch_putc(text[--n]);
}

void mk_decimal(uint64_t value)
{
	digits(value, 1);
}

void mk_real(double value)
{
	const uint64_t places = 1000000000;
	uint64_t scaled;

	if (value < 0) {
		arch_putc('-');
		value = -value;
	}
	scaled = (uint64_t)(value * (double)places + 0.5);
	digits(scaled / places, 1);
	arch_putc('.');
	digits(scaled % places, 9);
}

void mk_result(const char *name, uint64_t value)
{
	mk_puts(name);
	arch_putc(' ');
	mk_hex(value);
	arch_putc('\n');
}
