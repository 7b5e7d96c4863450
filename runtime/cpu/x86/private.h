/* private.h - derived state of an x86 processor. SPDX-License-Identifier: MIT
 *
 * Embedded at the end of struct rx_x86 (generated from spec/x86). Nothing in
 * here is architectural: rx_x86_resync() computes it from the registers.
 */
#ifndef RX_CPU_X86_PRIVATE_H
#define RX_CPU_X86_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

struct rx_x86_private {
	uint8_t mode;		/* RX_PX_MODE64, MODE32, MODE16 */
	bool stepping;		/* RFLAGS.TF when the instruction began */
	uint32_t host_fp;	/* what rx_fp_host_begin() gave */
	bool in_guest;		/* the host's sticky flags are MXCSR's */
	bool check_align;	/* #AC is armed: CPL 3, CR0.AM, RFLAGS.AC */
};

#endif
