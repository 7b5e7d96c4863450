/* crc32.c - CRC-32 by table over 64 KiB blocks. SPDX-License-Identifier: MIT */
#include "bench.h"

enum { SIZE = 65536 };

uint64_t bench_run(uint64_t work)
{
	static uint32_t table[256];
	static uint8_t data[SIZE];
	uint64_t state = 88172645463325252u, i;
	uint32_t crc = 0xffffffff;
	unsigned k, bit;

	for (k = 0; k < 256; k++) {
		uint32_t c = k;

		for (bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
		table[k] = c;
	}
	for (k = 0; k < SIZE; k++)
		data[k] = (uint8_t)bench_random(&state);
	for (i = 0; i < work; i++)
		for (k = 0; k < SIZE; k++)
			crc = table[(crc ^ data[k]) & 255] ^ crc >> 8;
	return crc;
}
