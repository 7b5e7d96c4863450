/* build.c - from a configuration to a loaded machine. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/limits.h"
#include "machine/api.h"
#include "machine/isas.h"

static const struct rx_engine *const engines[] = {
#if RX_HAVE_JIT
	&rx_engine_jit,
#endif
	&rx_engine_threaded, &rx_engine_step, &rx_engine_smir,
};
#define NENGINES (sizeof(engines) / sizeof(engines[0]))

const struct rx_engine *rx_engine_at(unsigned i)
{
	return i < NENGINES ? engines[i] : NULL;
}

static const struct rx_engine *default_engine(unsigned without)
{
#if RX_HAVE_JIT
	if (rx_jit_host_will_do(rx_host_features() & ~without))
		return &rx_engine_jit;
#endif
	(void)without;
	return &rx_engine_threaded;
}

static const struct rx_engine *find_engine(const char *name, unsigned without,
					    rax_error *err)
{
	size_t k;

	if (!name)
		return default_engine(without);
	for (k = 0; k < NENGINES; k++)
		if (!strcmp(engines[k]->name, name))
			return engines[k];
	(void)rx_err(err, RAX_EINVAL, "there is no engine '%.60s'", name);
	return NULL;
}

/* Files are named in messages, and read again by nobody: copies of the names. */
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

static rax_status read_files(struct rx_instance *m, const rax_config *c, rax_error *err)
{
	struct rx_load *l = &m->load;
	const struct {
		const char *path;
		struct rx_program *program;
		uint64_t limit;
	} files[] = {
		{ c->kernel, &l->kernel, RX_LIMIT_IMAGE_FILE },
		{ c->firmware, &l->firmware, RX_LIMIT_IMAGE_FILE },
		{ c->initrd, &l->initrd, RX_LIMIT_IMAGE_FILE },
		{ c->dtb, &l->dtb, RX_LIMIT_DTB_FILE },
	};
	const size_t n = sizeof(files) / sizeof(files[0]);
	const char *path;
	rax_status st;
	size_t k;

	_Static_assert(sizeof(files) / sizeof(files[0]) + 1 ==
		       sizeof(m->strings) / sizeof(m->strings[0]), "one copy each");
	if (!c->kernel && !c->firmware)
		return rx_err(err, RAX_EINVAL,
			      "nothing to run: neither a kernel nor a firmware is given");
	st = copy_string(&m->strings[n], c->cmdline, &l->cmdline, err);
	for (k = 0; !st && k < n; k++) {
		st = copy_string(&m->strings[k], files[k].path, &path, err);
		if (!st)
			st = rx_program_read(files[k].program, path, files[k].limit, err);
	}
	if (!st && l->kernel.kind == RX_KIND_RAW && !c->firmware)
		st = rx_program_refuse(&l->kernel, err);
	l->seeded = c->clock == RAX_CLOCK_ICOUNT;
	l->seed = c->seed;
	return st;
}

static rax_status open_disks(struct rx_instance *m, const rax_config *c, enum rx_role role,
			     rax_error *err)
{
	const bool keep = role != RX_ROLE_SINGLE;
	size_t k;

	for (k = 0; k < c->ndisks; k++) {
		rax_status st = rx_block_raw_open(keep ? &m->disk_base[k] : &m->disk[k],
						  c->disks[k], keep, err);

		if (!st && keep)
			st = rx_block_cow_new(&m->disk[k], m->disk_base[k], 0, err);
		if (st)
			return st;
	}
	return RAX_OK;
}

/* A console that an embedder's function gets. */
struct callback_char {
	struct rx_char chr;
	const struct rx_instance *owner;
};

static void callback_write(struct rx_char *chr, const uint8_t *buf, size_t len)
{
	const struct rx_instance *m = ((struct callback_char *)chr)->owner;

	m->write(m->opaque, buf, len);
}

static void callback_nothing(struct rx_char *chr)
{
	(void)chr;
}

static rax_status open_console(struct rx_instance *m, const rax_config *c, rax_error *err)
{
	static const struct rx_char_ops ops = { .write = callback_write,
						 .flush = callback_nothing,
						 .fini = callback_nothing };
	struct rx_char_stdio_config cfg = { c->console_in, c->console_out, c->console_keys,
					    c->console_help, c->console_opaque };
	struct callback_char *cb;

	if (!c->console_write && c->console_in < 0 && c->console_out < 0)
		return RAX_OK;
	if (!c->console_write)
		return rx_char_stdio_new(&m->console, &m->vm, &cfg, err);
	cb = calloc(1, sizeof(*cb));
	if (!cb)
		return rx_err(err, RAX_ENOMEM, "no memory for the console");
	m->write = c->console_write;
	m->opaque = c->console_opaque;
	cb->owner = m;
	rx_char_init(&cb->chr, &ops, &m->vm);
	m->console = &cb->chr;
	return RAX_OK;
}

static rax_status wrong_target(const struct rx_program *p, const char *what, rax_error *err)
{
	return rx_err(err, RAX_ENOTSUP, "%s: a program for %s, which %s does not run", p->path,
		      rx_program_for(p), what);
}

/* Given by name, or found from what there is to run. */
static rax_status find_machine(struct rx_instance *m, const rax_config *c, rax_error *err)
{
	const struct rx_program *p = rx_load_decides(&m->load);
	const struct rx_program *all[] = { &m->load.kernel, &m->load.firmware };
	size_t k;

	m->machine = c->machine ? rx_machine_find(c->machine) : rx_machine_for(p->isa);
	if (!m->machine && c->machine)
		return rx_err(err, RAX_EINVAL, "there is no machine '%.60s'", c->machine);
	if (!m->machine)
		return wrong_target(p, "this version", err);
	for (k = 0; k < sizeof(all) / sizeof(all[0]); k++)
		if (all[k]->isa && strcmp(all[k]->isa, m->machine->isa))
			return wrong_target(all[k], m->machine->name, err);
	return RAX_OK;
}

/* Numbers that are wrong whatever the files are. */
static rax_status check_numbers(const struct rx_instance *m, const rax_config *c,
				rax_error *err)
{
	const struct rx_machine *machine = m->machine;

	if (!c->smp || c->smp > machine->max_cpus)
		return rx_err(err, RAX_EINVAL, "%u processors; %s has 1 to %u", c->smp,
			      machine->name, machine->max_cpus);
	if (c->memory < machine->ram_min || c->memory > machine->ram_max)
		return rx_err(err, RAX_EINVAL, "%llu KiB of memory; %s has %llu MiB to %llu GiB",
			      (unsigned long long)(c->memory / RX_KIB), machine->name,
			      (unsigned long long)(machine->ram_min / RX_MIB),
			      (unsigned long long)(machine->ram_max / RX_GIB));
	if (c->memory % 4096)
		return rx_err(err, RAX_EINVAL, "%llu bytes of memory are no multiple of 4 KiB",
			      (unsigned long long)c->memory);
	if (c->ndisks > RX_MACHINE_MAX_DISKS)
		return rx_err(err, RAX_EINVAL, "%zu disks; at most %u are possible", c->ndisks,
			      RX_MACHINE_MAX_DISKS);
	if (c->icount_shift > RX_MAX_ICOUNT_SHIFT)
		return rx_err(err, RAX_EINVAL, "an icount shift of %u; at most %u is possible",
			      c->icount_shift, RX_MAX_ICOUNT_SHIFT);
	if (c->rtc_epoch > RX_MAX_EPOCH)
		return rx_err(err, RAX_EINVAL, "the RTC's epoch is past the year 2262");
	return RAX_OK;
}

static void set_clock(struct rx_vm *vm, const rax_config *c)
{
	const bool icount = c->clock == RAX_CLOCK_ICOUNT;
	const time_t now = time(NULL);

	rx_clock_init(vm, icount ? RX_CLOCK_ICOUNT : RX_CLOCK_HOST, c->icount_shift);
	vm->clock.epoch_s = icount ? c->rtc_epoch : now > 0 ? (uint64_t)now : 0;
}

static rax_status add_devices(struct rx_instance *m, const rax_config *c, rax_error *err)
{
	struct rx_machine_config cfg = { .ram_size = c->memory, .console = m->console,
					 .ndisks = (unsigned)c->ndisks,
					 .virtio_console = true, .virtio_rng = true,
					 .rng_seeded = c->clock == RAX_CLOCK_ICOUNT,
					 .rng_seed = c->seed };

	m->load.console = m->console;
	memcpy(cfg.disk, m->disk, sizeof(cfg.disk));
	return m->machine->build(&m->vm, &cfg, err);
}

static void tell_code(void *opaque, uint64_t pc, bool block, const void *code, size_t size)
{
	const struct rx_instance *m = opaque;

	m->code(m->code_opaque, pc, block ? "block" : "ways", code, size);
}

static void set_jit(struct rx_instance *m, const rax_config *c, enum rx_role role)
{
	struct rx_jit_settings *jit = &m->vm.jit;

	jit->level = c->jit_level;
	jit->heat = c->jit_heat;
	jit->cache = c->jit_cache;
	jit->counts = c->jit_counts;
	jit->nameless = c->jit_nameless;
	if (role == RX_ROLE_SECOND)	/* works in silence */
		return;
	jit->compared = role == RX_ROLE_FIRST;
	jit->check = jit->check || jit->compared;
	jit->line = c->jit_text;
	jit->opaque = c->jit_opaque;
	jit->code = c->jit_code ? tell_code : NULL;
	jit->code_opaque = m;
	m->code = c->jit_code;
	m->code_opaque = c->jit_code_opaque;
}

rax_status rx_instance_init(struct rx_instance *m, const rax_config *c, enum rx_role role,
			    rax_error *err)
{
	const struct rx_engine *engine;
	const struct rx_isa_mode *mode = NULL;
	unsigned without;
	rax_status st = rx_host_parse(c->host_mask ? c->host_mask : "", &without, err);

	if (st)
		return st;
	engine = find_engine(role == RX_ROLE_SECOND ? c->verify : c->engine, without, err);
	if (!engine)
		return RAX_EINVAL;
	st = read_files(m, c, err);
	if (!st)
		st = find_machine(m, c, err);
	if (!st)
		st = check_numbers(m, c, err);
	if (!st)
		mode = rx_isa_find(m->machine->isa, err);
	if (!st && !mode)
		st = RAX_EINVAL;
	if (!st)
		st = rx_vm_init(&m->vm, mode->isa, c->smp, err);
	if (st)
		return st;
	m->vm_valid = true;
	rx_vm_mask_host(&m->vm, without);
	set_jit(m, c, role);
	set_clock(&m->vm, c);
	st = role == RX_ROLE_SECOND ? rx_char_mem_new(&m->console, &m->vm, 0, err) :
	     open_console(m, c, err);
	if (!st)
		st = open_disks(m, c, role, err);
	if (!st)
		st = add_devices(m, c, err);
	if (!st)
		st = rx_vm_set_engine(&m->vm, engine, err);
	if (!st)
		st = m->machine->start(&m->load, &m->vm, m->machine, err);
	return st;
}

void rx_instance_fini(struct rx_instance *m)
{
	size_t k;

	rx_char_free(m->console);
	for (k = 0; k < RX_MACHINE_MAX_DISKS; k++) {
		rx_block_free(m->disk[k]);
		rx_block_free(m->disk_base[k]);
	}
	if (m->vm_valid)
		rx_vm_fini(&m->vm);
	rx_load_fini(&m->load);
	for (k = 0; k < sizeof(m->strings) / sizeof(m->strings[0]); k++)
		free(m->strings[k]);
}
