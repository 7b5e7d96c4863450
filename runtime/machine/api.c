/* api.c - the public interface to machines. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "core/verify.h"
#include "io/block.h"
#include "io/char.h"
#include "machine/load.h"
#include "machine/machine.h"
#include "rax/vm.h"
#include "rv64/isa.h"

static const struct rx_engine *const engines[] = {
	&rx_engine_threaded, &rx_engine_step, &rx_engine_smir,
};
#define NENGINES (sizeof(engines) / sizeof(engines[0]))

struct rax_vm {
	struct rx_vm vm;
	bool vm_valid;
	const struct rx_machine *machine;
	struct rx_load load;
	struct rx_char *console;
	struct rx_block *disk[RX_MACHINE_MAX_DISKS], *disk_base[RX_MACHINE_MAX_DISKS];
	unsigned ndisks;
	char *strings[5];	/* copies of the configuration's */
	void (*write)(void *opaque, const void *data, size_t size);
	void *opaque;
};

const char *rax_engine_name(unsigned index)
{
	return index < NENGINES ? engines[index]->name : NULL;
}

const char *rax_machine_name(unsigned index)
{
	const struct rx_machine *m = rx_machine_at(index);

	return m ? m->name : NULL;
}

const char *rax_version(void)
{
	return PACKAGE_VERSION;
}

void rax_config_init(rax_config *config)
{
	memset(config, 0, sizeof(*config));
	config->struct_size = sizeof(*config);
	config->memory = 256 * RX_MIB;
	config->smp = 1;
	config->rtc_epoch = 1577836800;	/* 2020-01-01 */
	config->console_in = config->console_out = -1;
}

static rax_status copy_string(char **slot, const char *from, const char **to, rax_error *err)
{
	*to = NULL;
	if (!from)
		return RAX_OK;
	*slot = strdup(from);
	if (!*slot)
		return rx_err(err, RAX_ENOMEM, "no memory for the configuration");
	*to = *slot;
	return RAX_OK;
}

static rax_status read_files(rax_vm *v, const rax_config *c, rax_error *err)
{
	struct rx_load *l = &v->load;
	const char *path[4];
	rax_status st = copy_string(&v->strings[0], c->kernel, &path[0], err);

	if (!st)
		st = copy_string(&v->strings[1], c->firmware, &path[1], err);
	if (!st)
		st = copy_string(&v->strings[2], c->initrd, &path[2], err);
	if (!st)
		st = copy_string(&v->strings[3], c->dtb, &path[3], err);
	if (!st)
		st = copy_string(&v->strings[4], c->cmdline, &l->cmdline, err);
	if (!st && !c->kernel && !c->firmware)
		st = rx_err(err, RAX_EINVAL, "nothing to run: neither a kernel nor a firmware is given");
	if (!st)
		st = rx_program_read(&l->kernel, path[0], RX_LIMIT_IMAGE_FILE, err);
	if (!st && l->kernel.kind == RX_KIND_RAW && !path[1])
		st = rx_program_refuse(&l->kernel, err);
	if (!st)
		st = rx_program_read(&l->firmware, path[1], RX_LIMIT_IMAGE_FILE, err);
	if (!st)
		st = rx_program_read(&l->initrd, path[2], RX_LIMIT_IMAGE_FILE, err);
	if (!st)
		st = rx_program_read(&l->dtb, path[3], RX_LIMIT_DTB_FILE, err);
	l->seeded = c->clock == RAX_CLOCK_ICOUNT;
	l->seed = c->seed;
	return st;
}

/*
 * replica: one of two machines that are compared. Its disks are opened
 * read-only and written in memory; b's console is in memory, too.
 */
enum replica { SINGLE, REPLICA_A, REPLICA_B };

static rax_status open_disks(rax_vm *v, const rax_config *c, enum replica replica, rax_error *err)
{
	size_t k;

	if (c->ndisks > RX_MACHINE_MAX_DISKS)
		return rx_err(err, RAX_ERANGE, "%zu disks; at most %u are possible", c->ndisks,
			      RX_MACHINE_MAX_DISKS);
	for (k = 0; k < c->ndisks; k++) {
		rax_status st = rx_block_raw_open(replica ? &v->disk_base[k] : &v->disk[k],
						  c->disks[k], replica != SINGLE, err);

		if (!st && replica)
			st = rx_block_cow_new(&v->disk[k], v->disk_base[k], 0, err);
		if (st)
			return st;
		v->ndisks++;
	}
	return RAX_OK;
}

/* A console that an embedder's function gets. */
struct callback_char {
	struct rx_char chr;
	rax_vm *owner;
};

static void callback_write(struct rx_char *chr, const uint8_t *buf, size_t len)
{
	const rax_vm *v = ((struct callback_char *)chr)->owner;

	v->write(v->opaque, buf, len);
}

static void callback_nothing(struct rx_char *chr)
{
	(void)chr;
}

static rax_status open_console(rax_vm *v, const rax_config *c, rax_error *err)
{
	static const struct rx_char_ops ops = { .write = callback_write,
						 .flush = callback_nothing,
						 .fini = callback_nothing };
	struct rx_char_stdio_config cfg = { c->console_in, c->console_out, c->console_keys,
					    c->console_help, c->console_opaque };
	struct callback_char *cb;

	if (!c->console_write && (c->console_in >= 0 || c->console_out >= 0))
		return rx_char_stdio_new(&v->console, &v->vm, &cfg, err);
	if (!c->console_write)
		return RAX_OK;
	cb = calloc(1, sizeof(*cb));
	if (!cb)
		return rx_err(err, RAX_ENOMEM, "no memory for the console");
	v->write = c->console_write;
	v->opaque = c->console_opaque;
	cb->owner = v;
	rx_char_init(&cb->chr, &ops, &v->vm);
	v->console = &cb->chr;
	return RAX_OK;
}

static const struct rx_engine *find_engine(const char *name)
{
	size_t k;

	for (k = 0; k < NENGINES; k++)
		if (!name || !strcmp(engines[k]->name, name))
			return engines[k];
	return NULL;
}

static rax_status find_machine(rax_vm *v, const rax_config *c, rax_error *err)
{
	const struct rx_program *p = v->load.kernel.path ? &v->load.kernel : &v->load.firmware;

	v->machine = rx_machine_find(c->machine ? c->machine : "riscv-virt");
	if (!v->machine)
		return rx_err(err, RAX_EINVAL, "there is no machine '%.60s'", c->machine);
	if (!c->smp || c->smp > v->machine->max_cpus)
		return rx_err(err, RAX_EINVAL, "%u processors; %s has 1 to %u", c->smp,
			      v->machine->name, v->machine->max_cpus);
	(void)p;
	return RAX_OK;
}

static rax_status build(rax_vm *v, const rax_config *c, enum replica replica, rax_error *err)
{
	struct rx_machine_config m = { .ram_size = c->memory, .virtio_console = true,
				       .virtio_rng = true,
				       .rng_seeded = c->clock == RAX_CLOCK_ICOUNT,
				       .rng_seed = c->seed };
	const struct rx_engine *engine = find_engine(c->engine);
	rax_status st;
	unsigned k;

	if (!engine)
		return rx_err(err, RAX_EINVAL, "there is no engine '%.60s'", c->engine);
	st = read_files(v, c, err);
	if (!st)
		st = find_machine(v, c, err);
	if (!st)
		st = rx_vm_init(&v->vm, &rg_rv64, c->smp, err);
	if (st)
		return st;
	v->vm_valid = true;
	v->vm.clock.mode = c->clock == RAX_CLOCK_ICOUNT ? RX_CLOCK_ICOUNT : RX_CLOCK_HOST;
	v->vm.clock.shift = c->icount_shift;
	if (c->clock == RAX_CLOCK_ICOUNT)
		v->vm.clock.epoch_s = c->rtc_epoch;
	st = replica == REPLICA_B ? rx_char_mem_new(&v->console, &v->vm, 0, err) :
	     open_console(v, c, err);
	if (!st)
		st = open_disks(v, c, replica, err);
	if (st)
		return st;
	m.console = v->load.console = v->console;
	for (k = 0; k < v->ndisks; k++)
		m.disk[k] = v->disk[k];
	m.ndisks = v->ndisks;
	st = v->machine->build(&v->vm, &m, err);
	if (!st)
		st = rx_vm_set_engine(&v->vm, engine, err);
	if (!st)
		st = rx_load_riscv(&v->load, &v->vm, v->machine, err);
	return st;
}

static rax_status create(const rax_config *config, enum replica replica, rax_vm **vm,
			 rax_error *err)
{
	rax_config c;
	rax_vm *v;
	rax_status st;

	*vm = NULL;
	rax_config_init(&c);
	if (config->struct_size < offsetof(rax_config, console_in) ||
	    config->struct_size > sizeof(c))
		return rx_err(err, RAX_EINVAL, "rax_config.struct_size is %u; call rax_config_init()",
			      config->struct_size);
	memcpy(&c, config, config->struct_size);
	v = calloc(1, sizeof(*v));
	if (!v)
		return rx_err(err, RAX_ENOMEM, "no memory for a virtual machine");
	st = build(v, &c, replica, err);
	if (st) {
		rax_vm_free(v);
		return st;
	}
	*vm = v;
	return RAX_OK;
}

rax_status rax_vm_create(const rax_config *config, rax_vm **vm, rax_error *err)
{
	return create(config, SINGLE, vm, err);
}

void rax_vm_free(rax_vm *v)
{
	size_t k;

	if (!v)
		return;
	rx_char_free(v->console);
	for (k = 0; k < RX_MACHINE_MAX_DISKS; k++) {
		rx_block_free(v->disk[k]);
		rx_block_free(v->disk_base[k]);
	}
	if (v->vm_valid)
		rx_vm_fini(&v->vm);
	rx_load_fini(&v->load);
	for (k = 0; k < sizeof(v->strings) / sizeof(v->strings[0]); k++)
		free(v->strings[k]);
	free(v);
}

rax_stop rax_vm_run(rax_vm *vm, uint64_t max)
{
	switch (rx_vm_run(&vm->vm, max)) {
	case RX_STOP_EXIT:
		rx_char_flush(vm->console);
		return RAX_STOP_EXIT;
	case RX_STOP_RESET:
		return RAX_STOP_RESET;
	case RX_STOP_USER:
		rx_char_flush(vm->console);
		return RAX_STOP_USER;
	case RX_STOP_LIMIT:
		rx_char_flush(vm->console);
		return RAX_STOP_LIMIT;
	case RX_STOP_DEADLOCK:
		rx_char_flush(vm->console);
		return RAX_STOP_DEADLOCK;
	default:
		return RAX_STOP_ERROR;
	}
}

void rax_vm_stop(rax_vm *vm)
{
	rx_vm_stop(&vm->vm, RX_STOP_USER, 0);
}

rax_status rax_vm_reset(rax_vm *vm, rax_error *err)
{
	struct rx_mem *mem = &vm->vm.mem;
	unsigned k;

	rx_vm_reset(&vm->vm);
	for (k = 0; k < mem->nregions; k++) {
		rax_status st = rx_mem_fill(mem, mem->region[k].base, 0, mem->region[k].size);

		if (st)
			return rx_err(err, st, "the guest's RAM cannot be cleared");
	}
	return rx_load_riscv(&vm->load, &vm->vm, vm->machine, err);
}

size_t rax_vm_console_input(rax_vm *vm, const void *data, size_t size)
{
	return vm->console ? rx_char_input(vm->console, data, size) : 0;
}

int rax_vm_exit_code(const rax_vm *vm)
{
	return vm->vm.exit_code;
}

void rax_vm_error(const rax_vm *vm, rax_error *err)
{
	*err = vm->vm.error;
}

uint64_t rax_vm_icount(const rax_vm *vm)
{
	return rx_vm_icount(&vm->vm);
}

uint64_t rax_vm_state_hash(rax_vm *vm)
{
	return rx_vm_hash(&vm->vm);
}

/* What a's console reads, b's reads at the same time. */
static void replay(void *opaque, uint64_t when, const uint8_t *buf, size_t len)
{
	rax_vm *b = opaque;

	if (rx_char_mem_script(b->console, when, buf, len))
		RX_DIE(&b->vm, "no memory for console input");
}

rax_status rax_verify(const rax_config *config, const char *engine_b, uint64_t max,
		      int *exit_code, rax_divergence *div, rax_error *err)
{
	struct rx_verify_report r = { 0 };
	rax_config ca = *config, cb;
	rax_vm *a = NULL, *b = NULL;
	enum rx_stop stop;
	rax_status st;

	memset(div, 0, sizeof(*div));
	ca.clock = RAX_CLOCK_ICOUNT;
	ca.console_keys = 0;
	cb = ca;
	cb.engine = engine_b;
	/* both see the same disks, and neither writes them */
	st = create(&ca, REPLICA_A, &a, err);
	if (!st)
		st = create(&cb, REPLICA_B, &b, err);
	if (!st && a->console) {
		a->console->tap = replay;
		a->console->tap_opaque = b;
	}
	if (!st)
		st = rx_verify_run(&a->vm, &b->vm, max, &stop, &r, err);
	if (st == RAX_EDIVERGED) {
		div->icount = r.icount;
		div->cpu = r.cpu;
		div->pc = r.pc;
		memcpy(div->insn, r.insn, sizeof(div->insn) - 1);
		strncpy(div->what, r.name ? r.name : "memory", sizeof(div->what) - 1);
		div->a = r.value[0];
		div->b = r.value[1];
		(void)rx_err(err, st, "%.500s", r.text);
	} else if (!st) {
		rx_char_flush(a->console);
		*exit_code = a->vm.exit_code;
	}
	rax_vm_free(a);
	rax_vm_free(b);
	return st;
}
