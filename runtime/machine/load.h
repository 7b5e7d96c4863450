/* load.h - putting programs into a machine and starting it. SPDX-License-Identifier: MIT */
#ifndef RX_MACHINE_LOAD_H
#define RX_MACHINE_LOAD_H

#include "base/file.h"
#include "boot/fdt.h"
#include "machine/htif.h"
#include "machine/machine.h"
#include "machine/sbi.h"

/* What a program file is, by its content. */
enum rx_kind { RX_KIND_NONE, RX_KIND_ELF, RX_KIND_RISCV_IMAGE, RX_KIND_RAW };

struct rx_program {
	struct rx_file file;
	const char *path;	/* for messages; NULL: not given */
	enum rx_kind kind;
	const char *isa;	/* that it is for; NULL: the file does not say */
};

/* Everything that is loaded at a start or a reset; files are owned. */
struct rx_load {
	struct rx_program kernel, firmware, initrd, dtb;
	const char *cmdline;
	bool seeded;		/* rng-seed from seed instead of the host */
	uint64_t seed;
	struct rx_char *console;
	struct rx_sbi sbi;
	struct rx_htif htif;
};

/* Reads a file and finds out what it is. path NULL: nothing. */
RAX_MUST_CHECK rax_status rx_program_read(struct rx_program *p, const char *path,
					  uint64_t limit, rax_error *err);
/* Says why a file of RX_KIND_RAW is no program. */
rax_status rx_program_refuse(const struct rx_program *p, rax_error *err);
void rx_load_fini(struct rx_load *load);
/* The program by which the machine is chosen: what is started first and says. */
const struct rx_program *rx_load_decides(const struct rx_load *load);
/* What a program is for, for messages: "x86-64". */
const char *rx_program_for(const struct rx_program *p);
/* start of struct rx_machine, for RISC-V */
RAX_MUST_CHECK rax_status rx_load_riscv(struct rx_load *load, struct rx_vm *vm,
					const struct rx_machine *machine,
					rax_error *err);

#endif
