/* target_hexagon.c - how Hexagon threads run cases. SPDX-License-Identifier: MIT */
#include "hexagon/group.h"
#include "tests/conf/packet.h"
#include "tests/conf/target.h"

static bool code(struct conf_case *c, uint64_t *s)
{
	return conf_packet_make(&rg_hexagon_rules, c, s);
}

const struct conf_target conf_target_hexagon = {
	.isa = &rg_hexagon_conf,
	.coder = code,
};
