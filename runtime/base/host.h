/* host.h - features of the host's processor. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_HOST_H
#define RX_BASE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "rax/error.h"

/* Those that somebody asks for, and the names by which they can be left out. */
#define RX_HOST_FEATURES(X) \
	X(AVX, "avx") X(AVX2, "avx2") X(FMA, "fma") X(BMI1, "bmi1") X(BMI2, "bmi2") \
	X(LZCNT, "lzcnt") X(POPCNT, "popcnt") X(F16C, "f16c")
enum rx_host_bit {
#define X(id, name) RX_HOST_BIT_##id,
	RX_HOST_FEATURES(X)
#undef X
	RX_HOST_NFEATURES
};
enum {
#define X(id, name) RX_HOST_##id = 1 << RX_HOST_BIT_##id,
	RX_HOST_FEATURES(X)
#undef X
};

/* What this processor has and its operating system allows; 0 on other hosts than x86. */
unsigned rx_host_features(void);
/* The mask of a list of names with commas between them; "" is none. */
RAX_MUST_CHECK rax_status rx_host_parse(const char *list, unsigned *mask, rax_error *err);

#endif
