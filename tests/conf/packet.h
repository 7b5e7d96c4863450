/* packet.h - codes of instructions that come in groups. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONF_PACKET_H
#define TESTS_CONF_PACKET_H

#include "core/group.h"
#include "tests/conf/case.h"

/* As a conf_coder: a group with c->insn, alone or among others. */
bool conf_packet_make(const struct rx_group_rules *rules, struct conf_case *c, uint64_t *s);

#endif
