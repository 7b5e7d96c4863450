/* sbi.h - the built-in supervisor binary interface. SPDX-License-Identifier: MIT
 *
 * Stands in for M-mode firmware of riscv machines: RISC-V SBI 2.0 with the
 * extensions BASE, TIME, IPI, RFENCE, HSM, SRST and DBCN, and the legacy
 * calls 0 to 8. Calls are served by the host at the ecall.
 */
#ifndef RX_MACHINE_SBI_H
#define RX_MACHINE_SBI_H

#include <stdint.h>

#include "core/vm.h"
#include "io/char.h"

struct rx_sbi {
	struct rx_vm *vm;
	struct rx_char *chr;
	struct rx_char_user user;
	uint64_t suspended_at[RX_MAX_CPUS];	/* pc behind the last suspension */
};

/*
 * Puts all harts into the state in which firmware leaves them: hart 0 in
 * S-mode at entry with a0 = 0 and a1 = fdt, the others stopped. sbi is the
 * caller's and lives as long as the vm; chr may be NULL.
 */
void rx_sbi_start(struct rx_sbi *sbi, struct rx_vm *vm, struct rx_char *chr,
		  uint64_t entry, uint64_t fdt);

#endif
