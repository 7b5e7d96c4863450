/* jit_api.c - the public compiler. SPDX-License-Identifier: MIT */
#include <string.h>

#include <rax/lift.h>

#include "base/error.h"
#include "base/limits.h"
#include "core/isa.h"
#include "core/vm.h"
#include "jit/jit.h"
#include "machine/isas.h"

#if RX_HAVE_JIT
#define MOST_BYTES RX_MIB

/* A machine of one processor, with nothing but this code. */
static rax_status build(struct rx_vm *vm, const struct rx_isa_mode *mode, const uint8_t *bytes,
			size_t size, uint64_t address, rax_error *err)
{
	const uint64_t base = address & RX_PAGE_MASK;
	const uint64_t end = (address + size + RX_PAGE_SIZE - 1) & RX_PAGE_MASK;
	rax_status st;

	if (end <= base)
		return rx_err(err, RAX_ERANGE, "the code is at the end of all addresses");
	st = rx_mem_add_ram(&vm->mem, base, end - base, err);
	if (!st && rx_mem_write(&vm->mem, address, bytes, size))
		st = rx_err(err, RAX_ERANGE, "the code does not fit memory");
	if (!st)
		st = rx_vm_set_engine(vm, &rx_engine_jit, err);
	if (!st)
		vm->cpu[0]->mode_key = mode->run_key;
	return st;
}

/* Instruction by instruction: is there one everywhere? */
static rax_status check(const struct rx_isa_mode *mode, const uint8_t *bytes, size_t size,
			uint64_t address, rax_error *err)
{
	for (size_t at = 0; at < size;) {
		struct rx_insn i[RX_INSN_RECORDS];
		const rax_status st = rx_isa_decode(mode, bytes, size, at, address, i, err);

		if (st)
			return st;
		at += i->len;
	}
	return RAX_OK;
}

static rax_status compile(const struct rx_isa_mode *mode, const uint8_t *bytes, size_t size,
			  uint64_t address, const struct rx_jit_settings *settings,
			  rax_error *err)
{
	struct rx_vm vm;
	rax_status st = rx_vm_init(&vm, mode->isa, 1, err);

	if (st)
		return st;
	vm.jit = *settings;
	st = build(&vm, mode, bytes, size, address, err);
	if (!st)
		st = rx_jit_compile_range(vm.cpu[0], address, address + size, err);
	rx_vm_fini(&vm);
	return st;
}
#endif

rax_status rax_compile(const char *isa, const uint8_t *bytes, size_t size, uint64_t address,
		       uint32_t level, void (*line)(void *opaque, const char *line),
		       void *opaque, rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa, err);
#if RX_HAVE_JIT
	const struct rx_jit_settings settings = { .level = level, .heat = 1, .check = true,
						  .cache = RX_JIT_CACHE, .line = line,
						  .opaque = opaque };
	rax_status st;

	if (!mode)
		return RAX_EINVAL;
	if (level >= RX_SMIR_LEVELS)
		return rx_err(err, RAX_EINVAL, "the optimiser has levels 0 to %d",
			      RX_SMIR_LEVELS - 1);
	if (!size)
		return rx_err(err, RAX_EFORMAT, "there are no bytes to compile");
	if (size > MOST_BYTES)
		return rx_err(err, RAX_ERANGE, "%zu bytes of code; at most %llu are compiled at "
			      "once", size, (unsigned long long)MOST_BYTES);
	st = check(mode, bytes, size, address, err);
	return st ? st : compile(mode, bytes, size, address, &settings, err);
#else
	(void)bytes;
	(void)size;
	(void)address;
	(void)level;
	(void)line;
	(void)opaque;
	return mode ? rx_err(err, RAX_ENOTSUP, "this build has no JIT") : RAX_EINVAL;
#endif
}
