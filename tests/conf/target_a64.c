/* target_a64.c - how A64 processing elements run cases. SPDX-License-Identifier: MIT */
#include "tests/conf/target.h"

const struct conf_target conf_target_a64 = { .isa = &rg_a64_conf };
