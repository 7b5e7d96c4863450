/* api.c - the public interface to machines. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "machine/api.h"
#include "smir/opt.h"

const char *rax_engine_name(unsigned index)
{
	const struct rx_engine *e = rx_engine_at(index);

	return e ? e->name : NULL;
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

/* What the first version had; a member is only ever added behind. */
#define FIRST_SIZE (offsetof(rax_config, verify) + sizeof(const char *))

static void set_defaults(rax_config *c)
{
	memset(c, 0, sizeof(*c));
	c->struct_size = sizeof(*c);
	c->memory = 256 * RX_MIB;
	c->smp = 1;
	c->rtc_epoch = 1577836800;	/* 2020-01-01 */
	c->console_in = c->console_out = -1;
	c->jit_level = RX_JIT_LEVEL;
	c->jit_heat = RX_JIT_HEAT;
	c->jit_cache = RX_JIT_CACHE;
}

/* The caller's struct may be shorter or longer than this library's. */
void rax_config_init_size(rax_config *config, size_t struct_size)
{
	rax_config c;

	set_defaults(&c);
	c.struct_size = (uint32_t)struct_size;
	memset(config, 0, struct_size);
	memcpy(config, &c, struct_size < sizeof(c) ? struct_size : sizeof(c));
}

/* What an older program does not know has its default; what a newer one asks
 * for and this library does not know is refused. */
static rax_status read_config(rax_config *c, const rax_config *from, rax_error *err)
{
	const size_t size = from->struct_size;
	const uint8_t *p = (const uint8_t *)from;
	size_t k;

	if (size < FIRST_SIZE || size > 16 * sizeof(*c))
		return rx_err(err, RAX_EINVAL,
			      "rax_config.struct_size is %zu; call rax_config_init()", size);
	for (k = sizeof(*c); k < size; k++)
		if (p[k])
			return rx_err(err, RAX_ENOTSUP, "rax_config has a member (byte %zu) that "
				      "librax %s does not know", k, rax_version());
	set_defaults(c);
	memcpy(c, from, size < sizeof(*c) ? size : sizeof(*c));
	if (c->clock != RAX_CLOCK_HOST && c->clock != RAX_CLOCK_ICOUNT)
		return rx_err(err, RAX_EINVAL, "there is no clock %d", (int)c->clock);
	if (c->jit_level >= RX_SMIR_LEVELS || !c->jit_heat)
		return rx_err(err, RAX_EINVAL, "jit_level is 0 to %d and jit_heat at least 1",
			      RX_SMIR_LEVELS - 1);
	if (c->jit_cache < RX_JIT_CACHE_LEAST || c->jit_cache > 1024 * RX_MIB)
		return rx_err(err, RAX_EINVAL, "jit_cache is 1 MiB to 1 GiB");
	if (c->verify)
		c->clock = RAX_CLOCK_ICOUNT;
	return RAX_OK;
}

/* What the first machine's console reads, the second one's reads, too. */
static void replay(void *opaque, uint64_t when, const uint8_t *buf, size_t len)
{
	struct rx_instance *m = opaque;

	if (rx_char_mem_script(m->console, when, buf, len))
		RX_DIE(&m->vm, "no memory for console input");
}

rax_status rax_vm_create(const rax_config *config, rax_vm **vm, rax_error *err)
{
	rax_config c;
	rax_vm *v;
	rax_status st;

	*vm = NULL;
	st = read_config(&c, config, err);
	if (st)
		return st;
	v = calloc(1, sizeof(*v));
	if (!v)
		return rx_err(err, RAX_ENOMEM, "no memory for a virtual machine");
	v->n = c.verify ? 2 : 1;
	st = rx_instance_init(&v->m[0], &c, c.verify ? RX_ROLE_FIRST : RX_ROLE_SINGLE, err);
	if (!st && c.verify)
		st = rx_instance_init(&v->m[1], &c, RX_ROLE_SECOND, err);
	if (st) {
		rax_vm_free(v);
		return st;
	}
	if (c.verify && v->m[0].console) {
		v->m[0].console->tap = replay;
		v->m[0].console->tap_opaque = &v->m[1];
	}
	*vm = v;
	return RAX_OK;
}

void rax_vm_free(rax_vm *vm)
{
	if (!vm)
		return;
	rx_instance_fini(&vm->m[0]);
	rx_instance_fini(&vm->m[1]);
	free(vm);
}

static rax_stop public_stop(enum rx_stop stop)
{
	switch (stop) {
	case RX_STOP_EXIT:
		return RAX_STOP_EXIT;
	case RX_STOP_RESET:
		return RAX_STOP_RESET;
	case RX_STOP_USER:
		return RAX_STOP_USER;
	case RX_STOP_LIMIT:
		return RAX_STOP_LIMIT;
	case RX_STOP_DEADLOCK:
		return RAX_STOP_DEADLOCK;
	case RX_STOP_NONE:
	case RX_STOP_ERROR:
		break;
	}
	return RAX_STOP_ERROR;
}

static rax_stop run_compared(rax_vm *vm, uint64_t max)
{
	enum rx_stop stop = RX_STOP_ERROR;
	struct rx_vm *a = &vm->m[0].vm;
	rax_status st;

	if (vm->diverged)
		return RAX_STOP_DIVERGED;
	st = rx_verify_run(a, &vm->m[1].vm, max, &stop, &vm->report,
			   a->dead ? NULL : &a->error);
	if (!st)
		return public_stop(stop);
	if (st != RAX_EDIVERGED) {
		a->dead = true;
		return RAX_STOP_ERROR;
	}
	vm->diverged = true;
	return RAX_STOP_DIVERGED;
}

rax_stop rax_vm_run(rax_vm *vm, uint64_t max)
{
	struct rx_char *console = vm->m[0].console;
	rax_stop stop;

	if (console)
		console->hurry = false;
	stop = vm->n == 2 ? run_compared(vm, max) :
	       public_stop(rx_vm_run(&vm->m[0].vm, max));
	if (console)
		console->hurry = stop == RAX_STOP_USER;
	rx_char_flush(console);
	return stop;
}

void rax_vm_stop(rax_vm *vm)
{
	rx_vm_stop(&vm->m[0].vm, RX_STOP_USER, 0);
}

static rax_status reset(struct rx_instance *m, rax_error *err)
{
	rx_vm_reset(&m->vm);
	rx_mem_clear(&m->vm.mem);
	return m->machine->start(&m->load, &m->vm, m->machine, err);
}

rax_status rax_vm_reset(rax_vm *vm, rax_error *err)
{
	rax_status st = reset(&vm->m[0], err);

	return !st && vm->n == 2 ? reset(&vm->m[1], err) : st;
}

size_t rax_vm_console_input(rax_vm *vm, const void *data, size_t size)
{
	struct rx_char *console = vm->m[0].console;

	return console ? rx_char_input(console, data, size) : 0;
}

int rax_vm_exit_code(const rax_vm *vm)
{
	return vm->m[0].vm.exit_code;
}

void rax_vm_error(const rax_vm *vm, rax_error *err)
{
	*err = vm->m[!vm->m[0].vm.error.code && vm->n == 2].vm.error;
}

const char *rax_vm_stat(const rax_vm *vm, unsigned index, uint64_t *value)
{
	return rx_vm_stat(&vm->m[0].vm, index, value);
}

uint64_t rax_vm_icount(const rax_vm *vm)
{
	return rx_vm_icount(&vm->m[0].vm);
}

uint64_t rax_vm_state_hash(rax_vm *vm)
{
	return rx_vm_hash(&vm->m[0].vm);
}

rax_status rax_vm_divergence(const rax_vm *vm, rax_divergence *div, rax_error *err)
{
	const struct rx_verify_report *r = &vm->report;
	rax_divergence d = { .struct_size = div->struct_size, .cpu = r->cpu,
			     .icount = r->icount, .range = r->range, .pc = r->pc,
			     .address = r->address,
			     .value = { r->value[0], r->value[1] } };

	if (!vm->diverged)
		return rx_err(err, RAX_EINVAL, "the engines do not differ so far");
	if (d.struct_size != sizeof(d))
		return rx_err(err, RAX_EINVAL, "rax_divergence.struct_size is %u, not %zu",
			      d.struct_size, sizeof(d));
	memcpy(d.insn, r->insn, sizeof(d.insn) - 1);
	strncpy(d.what, r->name ? r->name : "memory", sizeof(d.what) - 1);
	*div = d;
	return RAX_OK;
}

/* One register of both machines, the more significant bytes first. */
static void register_line(const rax_vm *vm, const struct rx_reg_info *reg, char *text,
			  size_t size)
{
	const uint8_t *at[2];
	bool differs;
	size_t n;

	for (unsigned k = 0; k < 2; k++)
		at[k] = (const uint8_t *)vm->m[k].vm.cpu[vm->report.cpu] + reg->offset;
	differs = memcmp(at[0], at[1], reg->bytes) != 0;
	n = (size_t)snprintf(text, size, "%c %-12s", differs ? '*' : ' ', reg->name);
	for (unsigned k = 0; k < 2; k++) {
		for (unsigned b = reg->bytes; b-- > 0 && n + 4 < size;)
			n += (size_t)snprintf(text + n, size - n, "%02x", at[k][b]);
		if (!k && n + 4 < size)
			n += (size_t)snprintf(text + n, size - n, "  ");
	}
}

#define SHOWN_WORDS 32

/* Words of RAM that differ, the first ones. */
static void memory_lines(const rax_vm *vm, void (*line)(void *opaque, const char *line),
			 void *opaque)
{
	unsigned shown = 0;
	char text[96];

	for (unsigned k = 0; k < vm->m[0].vm.mem.nregions; k++) {
		const struct rx_ram *x = &vm->m[0].vm.mem.region[k];
		const struct rx_ram *y = &vm->m[1].vm.mem.region[k];

		for (uint64_t at = 0; at < x->size; at += sizeof(uint64_t)) {
			uint64_t value[2];

			if (!(at & ~RX_PAGE_MASK) &&
			    !memcmp(x->host + at, y->host + at, RX_PAGE_SIZE)) {
				at += RX_PAGE_SIZE - sizeof(uint64_t);
				continue;
			}
			memcpy(&value[0], x->host + at, 8);
			memcpy(&value[1], y->host + at, 8);
			if (value[0] == value[1])
				continue;
			if (shown++ == SHOWN_WORDS) {
				line(opaque, "* memory differs in more places");
				return;
			}
			(void)snprintf(text, sizeof(text),
				       "* memory at %-16" PRIx64 "  %016" PRIx64 "  %016" PRIx64,
				       x->base + at, value[0], value[1]);
			line(opaque, text);
		}
	}
	if (!shown)
		line(opaque, "  memory is the same");
}

void rax_vm_explain(rax_vm *vm, void (*line)(void *opaque, const char *line), void *opaque)
{
	struct rx_vm *first = &vm->m[0].vm;
	char text[512];

	if (!vm->diverged)
		return;
	(void)snprintf(text, sizeof(text), "  %-12s%s, then %s", "registers",
		       first->engine->name, vm->m[1].vm.engine->name);
	line(opaque, text);
	for (unsigned k = 0; k < first->isa->nregs; k++) {
		register_line(vm, &first->isa->regs[k], text, sizeof(text));
		line(opaque, text);
	}
	memory_lines(vm, line, opaque);
	if (first->engine->explain)
		first->engine->explain(first->cpu[vm->report.cpu], vm->report.pc, line, opaque);
}
