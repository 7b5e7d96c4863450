/* val.h - a value or a fault, returned in registers. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_VAL_H
#define RX_CORE_VAL_H

#include <stdint.h>

#include "core/insn.h"

/*
 * What loads and other helpers that may fault return: by value, so that no
 * local of the caller has its address taken (gcc would then turn tail calls
 * into calls). v means something only where status is not RX_FAULT.
 */
struct rx_val {
	uint64_t v;
	enum rx_exec status;
};

/* The pure function of an atomic read-modify-write. */
enum rx_rmw {
	RX_RMW_SWAP,
	RX_RMW_ADD,
	RX_RMW_AND,
	RX_RMW_OR,
	RX_RMW_XOR,
	RX_RMW_MIN,	/* signed */
	RX_RMW_MAX,
	RX_RMW_MINU,
	RX_RMW_MAXU,
};

static inline struct rx_val rx_val(uint64_t v)
{
	return (struct rx_val){ v, RX_NEXT };
}

static inline struct rx_val rx_val_fault(void)
{
	return (struct rx_val){ 0, RX_FAULT };
}

#endif
