/* native_cpu.c - what the host's processor has. SPDX-License-Identifier: MIT */
#include "tests/diff/native.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdio.h>
#include <string.h>

enum { EAX, EBX, ECX, EDX };

/* XCR0 bits that a feature's registers need */
#define SSE_ UINT64_C(0x2)
#define AVX_ UINT64_C(0x6)
#define KZM_ UINT64_C(0xe6)
#define AMX_ UINT64_C(0x60000)
#define APX_ UINT64_C(0x80000)

static const struct feature {
	const char *name;
	uint32_t leaf, sub;
	uint8_t reg, bit;
	uint64_t xcr0;
} features[] = {
	{ "FPU", 1, 0, EDX, 0, 0 }, { "TSC", 1, 0, EDX, 4, 0 },
	{ "CX8", 1, 0, EDX, 8, 0 }, { "CMOV", 1, 0, EDX, 15, 0 },
	{ "CLFSH", 1, 0, EDX, 19, 0 }, { "MMX", 1, 0, EDX, 23, 0 },
	{ "FXSR", 1, 0, EDX, 24, 0 }, { "SSE", 1, 0, EDX, 25, 0 },
	{ "SSE2", 1, 0, EDX, 26, 0 }, { "SSE3", 1, 0, ECX, 0, 0 },
	{ "PCLMULQDQ", 1, 0, ECX, 1, 0 }, { "SSSE3", 1, 0, ECX, 9, 0 },
	{ "FMA", 1, 0, ECX, 12, AVX_ }, { "CX16", 1, 0, ECX, 13, 0 },
	{ "SSE4.1", 1, 0, ECX, 19, 0 }, { "SSE4.2", 1, 0, ECX, 20, 0 },
	{ "MOVBE", 1, 0, ECX, 22, 0 }, { "POPCNT", 1, 0, ECX, 23, 0 },
	{ "AES", 1, 0, ECX, 25, 0 }, { "XSAVE", 1, 0, ECX, 26, 0 },
	{ "OSXSAVE", 1, 0, ECX, 27, 0 }, { "AVX", 1, 0, ECX, 28, AVX_ },
	{ "F16C", 1, 0, ECX, 29, AVX_ }, { "RDRAND", 1, 0, ECX, 30, 0 },
	{ "FSGSBASE", 7, 0, EBX, 0, 0 }, { "BMI1", 7, 0, EBX, 3, 0 },
	{ "HLE", 7, 0, EBX, 4, 0 }, { "AVX2", 7, 0, EBX, 5, AVX_ },
	{ "BMI2", 7, 0, EBX, 8, 0 }, { "RTM", 7, 0, EBX, 11, 0 },
	{ "AVX512F", 7, 0, EBX, 16, KZM_ }, { "AVX512DQ", 7, 0, EBX, 17, KZM_ },
	{ "RDSEED", 7, 0, EBX, 18, 0 }, { "ADX", 7, 0, EBX, 19, 0 },
	{ "AVX512_IFMA", 7, 0, EBX, 21, KZM_ },
	{ "CLFLUSHOPT", 7, 0, EBX, 23, 0 }, { "CLWB", 7, 0, EBX, 24, 0 },
	{ "AVX512CD", 7, 0, EBX, 28, KZM_ }, { "SHA", 7, 0, EBX, 29, SSE_ },
	{ "AVX512BW", 7, 0, EBX, 30, KZM_ }, { "AVX512VL", 7, 0, EBX, 31, KZM_ },
	{ "AVX512_VBMI", 7, 0, ECX, 1, KZM_ }, { "PKU", 7, 0, ECX, 3, 0 },
	{ "WAITPKG", 7, 0, ECX, 5, 0 }, { "AVX512_VBMI2", 7, 0, ECX, 6, KZM_ },
	{ "CET_SS", 7, 0, ECX, 7, 0 }, { "GFNI", 7, 0, ECX, 8, SSE_ },
	{ "VAES", 7, 0, ECX, 9, AVX_ }, { "VPCLMULQDQ", 7, 0, ECX, 10, AVX_ },
	{ "AVX512_VNNI", 7, 0, ECX, 11, KZM_ },
	{ "AVX512_BITALG", 7, 0, ECX, 12, KZM_ },
	{ "AVX512_VPOPCNTDQ", 7, 0, ECX, 14, KZM_ },
	{ "RDPID", 7, 0, ECX, 22, 0 }, { "CLDEMOTE", 7, 0, ECX, 25, 0 },
	{ "MOVDIRI", 7, 0, ECX, 27, 0 }, { "MOVDIR64B", 7, 0, ECX, 28, 0 },
	{ "FSRM", 7, 0, EDX, 4, 0 }, { "AVX512_VP2INTERSECT", 7, 0, EDX, 8, KZM_ },
	{ "SERIALIZE", 7, 0, EDX, 14, 0 }, { "CET_IBT", 7, 0, EDX, 20, 0 },
	{ "AMX-BF16", 7, 0, EDX, 22, AMX_ }, { "AVX512_FP16", 7, 0, EDX, 23, KZM_ },
	{ "AMX-TILE", 7, 0, EDX, 24, AMX_ }, { "AMX-INT8", 7, 0, EDX, 25, AMX_ },
	{ "SHA512", 7, 1, EAX, 0, AVX_ }, { "SM3", 7, 1, EAX, 1, AVX_ },
	{ "SM4", 7, 1, EAX, 2, AVX_ }, { "RAO-INT", 7, 1, EAX, 3, 0 },
	{ "AVX_VNNI", 7, 1, EAX, 4, AVX_ }, { "AVX512_BF16", 7, 1, EAX, 5, KZM_ },
	{ "CMPCCXADD", 7, 1, EAX, 7, 0 }, { "AMX-FP16", 7, 1, EAX, 21, AMX_ },
	{ "AVX_IFMA", 7, 1, EAX, 23, AVX_ }, { "MOVRS", 7, 1, EAX, 31, 0 },
	{ "AVX_VNNI_INT8", 7, 1, EDX, 4, AVX_ },
	{ "AVX_NE_CONVERT", 7, 1, EDX, 5, AVX_ },
	{ "AVX_VNNI_INT16", 7, 1, EDX, 10, AVX_ },
	{ "PREFETCHI", 7, 1, EDX, 14, 0 }, { "AVX10", 7, 1, EDX, 19, KZM_ },
	{ "APX_F", 7, 1, EDX, 21, APX_ },
	{ "LAHF-SAHF", 0x80000001, 0, ECX, 0, 0 },
	{ "LZCNT", 0x80000001, 0, ECX, 5, 0 },
	{ "SSE4A", 0x80000001, 0, ECX, 6, 0 },
	{ "PREFETCHW", 0x80000001, 0, ECX, 8, 0 },
	{ "XOP", 0x80000001, 0, ECX, 11, AVX_ },
	{ "FMA4", 0x80000001, 0, ECX, 16, AVX_ },
	{ "TBM", 0x80000001, 0, ECX, 21, 0 },
	{ "SYSCALL", 0x80000001, 0, EDX, 11, 0 },
	{ "RDTSCP", 0x80000001, 0, EDX, 27, 0 },
	{ "3DNOW", 0x80000001, 0, EDX, 31, 0 },
	{ "CLZERO", 0x80000008, 0, EBX, 0, 0 },
	{ "MCOMMIT", 0x80000008, 0, EBX, 8, 0 },
};
#define NFEATURES (sizeof(features) / sizeof(features[0]))

/* Zeros where the leaf is not there. */
static void leaf(uint32_t n, uint32_t sub, uint32_t r[4])
{
	memset(r, 0, 4 * sizeof(*r));
	__get_cpuid_count(n, sub, &r[EAX], &r[EBX], &r[ECX], &r[EDX]);
}

static uint64_t xcr0(void)
{
	uint32_t r[4], lo, hi;

	leaf(1, 0, r);
	if (!(r[ECX] >> 27 & 1))
		return 0;
	__asm__("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (uint64_t)hi << 32 | lo;
}

/* Manuals and tables differ in the signs between letters. */
static bool same(const char *a, const char *b)
{
	for (; ; a++, b++) {
		a += strspn(a, "_.-");
		b += strspn(b, "_.-");
		if (*a != *b || !*a)
			return *a == *b;
	}
}

bool rx_native_has(const char *name)
{
	for (size_t k = 0; k < NFEATURES; k++) {
		const struct feature *f = &features[k];
		uint32_t r[4];

		if (!same(f->name, name))
			continue;
		leaf(f->leaf, f->sub, r);
		return r[f->reg] >> f->bit & 1 && (xcr0() & f->xcr0) == f->xcr0;
	}
	return false;
}

const char *rx_native_feature(unsigned n)
{
	return n < NFEATURES ? features[n].name : NULL;
}

bool rx_native_cpu(struct rx_native_cpu *cpu)
{
	uint32_t r[4], family, model;
	char brand[49] = "";
	const char *b = brand;

	leaf(0, 0, r);
	memcpy(cpu->vendor, &r[EBX], 4);
	memcpy(cpu->vendor + 4, &r[EDX], 4);
	memcpy(cpu->vendor + 8, &r[ECX], 4);
	cpu->vendor[12] = '\0';
	for (uint32_t k = 0; k < 3; k++) {
		leaf(0x80000002 + k, 0, r);
		memcpy(brand + 16 * k, r, 16);
	}
	while (*b == ' ')
		b++;
	leaf(1, 0, r);
	family = r[EAX] >> 8 & 15;
	model = r[EAX] >> 4 & 15;
	if (family == 6 || family == 15)
		model |= r[EAX] >> 12 & 0xf0;
	if (family == 15)
		family += r[EAX] >> 20 & 0xff;
	snprintf(cpu->name, sizeof(cpu->name), "%s, family %#x model %#x stepping %u",
		 *b ? b : cpu->vendor, family, model, r[EAX] & 15);
	cpu->xcr0 = xcr0();
	return true;
}

#else

bool rx_native_cpu(struct rx_native_cpu *cpu)
{
	(void)cpu;
	return false;
}

bool rx_native_has(const char *name)
{
	(void)name;
	return false;
}

const char *rx_native_feature(unsigned n)
{
	(void)n;
	return NULL;
}

#endif
