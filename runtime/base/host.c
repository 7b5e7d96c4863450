/* host.c - asks the host's processor what it has. SPDX-License-Identifier: MIT */
#include "base/host.h"

#include <string.h>

#include "base/error.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

static const char *const names[RX_HOST_NFEATURES] = {
#define X(id, name) name,
	RX_HOST_FEATURES(X)
#undef X
};

#if defined(__x86_64__)
/* Does the operating system save YMM registers? (Intel SDM, "Detection of AVX Instructions") */
static bool saves_ymm(uint32_t features)
{
	uint32_t low, high;

	if (!(features & bit_OSXSAVE))
		return false;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & 6) == 6;
}

unsigned rx_host_features(void)
{
	uint32_t a, b, c, d;
	unsigned found = 0;

	if (!__get_cpuid(1, &a, &b, &c, &d))
		return 0;
	if (c & bit_POPCNT)
		found |= RX_HOST_POPCNT;
	if (c & bit_AVX && saves_ymm(c))
		found |= RX_HOST_AVX | (c & bit_FMA ? RX_HOST_FMA : 0u) |
			 (c & bit_F16C ? RX_HOST_F16C : 0u);
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		found |= (found & RX_HOST_AVX && b & bit_AVX2 ? RX_HOST_AVX2 : 0u) |
			 (b & bit_BMI ? RX_HOST_BMI1 : 0u) | (b & bit_BMI2 ? RX_HOST_BMI2 : 0u);
	if (__get_cpuid(0x80000001, &a, &b, &c, &d) && c & bit_LZCNT)
		found |= RX_HOST_LZCNT;
	return found;
}
#else
unsigned rx_host_features(void)
{
	return 0;
}
#endif

/* "avx, fma ..." */
static void name_all(char *text, size_t size)
{
	size_t at = 0;

	*text = 0;
	for (unsigned k = 0; k < RX_HOST_NFEATURES; k++) {
		const size_t len = strlen(names[k]);

		if (at + len + 3 > size)
			return;
		if (k) {
			memcpy(text + at, ", ", 2);
			at += 2;
		}
		memcpy(text + at, names[k], len + 1);
		at += len;
	}
}

rax_status rx_host_parse(const char *list, unsigned *mask, rax_error *err)
{
	*mask = 0;
	while (*list) {
		const size_t len = strcspn(list, ",");
		char known[128];
		unsigned k = 0;

		while (k < RX_HOST_NFEATURES &&
		       (strlen(names[k]) != len || memcmp(names[k], list, len)))
			k++;
		if (k == RX_HOST_NFEATURES) {
			name_all(known, sizeof(known));
			return rx_err(err, RAX_EINVAL,
				      "there is no feature '%.*s' of the host to do without; "
				      "known: %s", len > 60 ? 60 : (int)len, list, known);
		}
		*mask |= 1u << k;
		list += len;
		list += *list == ',';
	}
	return RAX_OK;
}
