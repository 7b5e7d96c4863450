/* private.h - derived state of an A64 processor. SPDX-License-Identifier: MIT
 *
 * Embedded at the end of struct rx_a64 (generated from spec/arm/a64). Nothing in
 * here is architectural.
 */
#ifndef RX_CPU_ARM_PRIVATE_H
#define RX_CPU_ARM_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

struct rx_a64_private {
	uint32_t host_fp;	/* what rx_fp_host_begin() gave */
	bool in_guest;		/* the host's sticky flags are FPSR's */
};

#endif
