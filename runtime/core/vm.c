/* vm.c - making, stopping and resetting a machine. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* pipe2 */
#endif
#include "core/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "core/native.h"
#include "core/run.h"

static void free_cpu(struct rx_vm *vm, struct rx_cpu *cpu)
{
	if (vm->isa->fini)
		vm->isa->fini(cpu);
	rx_tlb_fini(cpu);
	free(cpu);
}

static struct rx_cpu *new_cpu(struct rx_vm *vm, unsigned id)
{
	const size_t size = (rx_native_offset(vm->isa) + sizeof(struct rx_native) +
			     RX_NATIVE_ALIGN - 1) & ~(size_t)(RX_NATIVE_ALIGN - 1);
	struct rx_cpu *cpu = aligned_alloc(RX_NATIVE_ALIGN, size);

	if (!cpu)
		return NULL;
	memset(cpu, 0, rx_native_offset(vm->isa) + offsetof(struct rx_native, sites));
	cpu->id = id;
	cpu->isa = vm->isa;
	cpu->vm = vm;
	if (rx_tlb_init(cpu)) {
		free(cpu);
		return NULL;
	}
	if (vm->isa->init && vm->isa->init(cpu)) {
		rx_tlb_fini(cpu);
		free(cpu);
		return NULL;
	}
	return cpu;
}

rax_status rx_vm_init(struct rx_vm *vm, const struct rx_isa *isa,
		      unsigned ncpus, rax_error *err)
{
	rax_status status;

	memset(vm, 0, sizeof(*vm));
	vm->wake_fd[0] = vm->wake_fd[1] = -1;
	vm->isa = isa;
	vm->mem.vm = vm;
	vm->quantum = RX_QUANTUM;
	vm->jit.level = RX_JIT_LEVEL;
	vm->jit.heat = RX_JIT_HEAT;
	vm->jit.cache = RX_JIT_CACHE;
	vm->jit.check = RX_VERIFY;
	vm->host = rx_host_features();
	if (!ncpus || ncpus > RX_MAX_CPUS)
		return rx_err(err, RAX_EINVAL,
			      "%u cpus: a machine has 1 to %d", ncpus,
			      RX_MAX_CPUS);
	if (pipe2(vm->wake_fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return rx_err_errno(err, RAX_ENOMEM, errno, "wake-up pipe");
	rx_clock_init(vm, RX_CLOCK_HOST, 0);
	for (unsigned k = 0; k < ncpus; k++) {
		vm->cpu[k] = new_cpu(vm, k);
		if (!vm->cpu[k]) {
			rx_vm_fini(vm);
			return rx_err(err, RAX_ENOMEM, "cpu %u", k);
		}
		vm->ncpus = k + 1;
		isa->reset(vm->cpu[k], 0);
	}
	rx_vm_first_turn(vm);
	status = rx_vm_set_engine(vm, &rx_engine_step, err);
	if (status)
		rx_vm_fini(vm);
	return status;
}

void rx_vm_mask_host(struct rx_vm *vm, unsigned without)
{
	vm->host &= ~without;
	for (unsigned k = 0; k < vm->ncpus; k++)	/* modes depend on it */
		vm->isa->reset(vm->cpu[k], vm->reset_pc);
}

static void detach_engine(struct rx_vm *vm, unsigned n)
{
	for (unsigned k = 0; vm->engine && k < n; k++)
		if (vm->engine->detach)
			vm->engine->detach(vm->cpu[k]);
	vm->engine = NULL;
}

void rx_vm_fini(struct rx_vm *vm)
{
	struct rx_dev *dev, *next;

	for (dev = vm->devs; dev; dev = next) {
		next = dev->next;
		if (dev->cls->fini)
			dev->cls->fini(dev);
		free(dev->state);
		free(dev);
	}
	vm->devs = NULL;
	detach_engine(vm, vm->ncpus);
	for (unsigned k = 0; k < vm->ncpus; k++) {
		free_cpu(vm, vm->cpu[k]);
		vm->cpu[k] = NULL;
	}
	vm->ncpus = 0;
	rx_mem_fini(&vm->mem);
	for (unsigned k = 0; k < 2; k++) {
		if (vm->wake_fd[k] >= 0)
			close(vm->wake_fd[k]);
		vm->wake_fd[k] = -1;
	}
}

struct rx_dev *rx_vm_new_dev(struct rx_vm *vm, const struct rx_dev_class *cls)
{
	struct rx_dev *dev = calloc(1, sizeof(*dev));
	struct rx_dev **p = &vm->devs;

	if (!dev)
		return NULL;
	dev->state = calloc(1, cls->state_size ? cls->state_size : 1);
	if (!dev->state) {
		free(dev);
		return NULL;
	}
	dev->cls = cls;
	dev->vm = vm;
	while (*p)		/* reset and hash go in the order of creation */
		p = &(*p)->next;
	*p = dev;
	return dev;
}

rax_status rx_vm_set_engine(struct rx_vm *vm, const struct rx_engine *engine,
			    rax_error *err)
{
	if (vm->current)
		return rx_err(err, RAX_EINVAL,
			      "the engine of a running machine cannot change");
	detach_engine(vm, vm->ncpus);
	rx_mem_code_dropped(&vm->mem);
	vm->engine = engine;
	for (unsigned k = 0; k < vm->ncpus; k++) {
		rax_status status = RAX_OK;

		if (engine->attach)
			status = engine->attach(vm->cpu[k], err);
		if (status) {
			detach_engine(vm, k);
			return status;
		}
	}
	return RAX_OK;
}

const char *rx_vm_stat(const struct rx_vm *vm, unsigned index, uint64_t *value)
{
	const char *name = NULL;

	*value = 0;
	for (unsigned k = 0; vm->engine->stat && k < vm->ncpus; k++) {
		uint64_t one = 0;

		name = vm->engine->stat(vm->cpu[k], index, &one);
		*value += one;
	}
	return name;
}

void rx_vm_stop(struct rx_vm *vm, enum rx_stop why, int exit_code)
{
	uint32_t none = RX_STOP_NONE;
	ssize_t n;

	if (__atomic_compare_exchange_n(&vm->stop_request, &none, why, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		vm->exit_code = exit_code;
	for (unsigned k = 0; k < vm->ncpus; k++)
		rx_cpu_poll(vm->cpu[k], RX_POLL_STOP);
	n = write(vm->wake_fd[1], "", 1);	/* full: awake anyway */
	(void)n;
}

void rx_vm_die(struct rx_vm *vm, const char *file, int line, const char *what)
{
	if (vm->dead)
		return;
	rx_err(&vm->error, RAX_EINTERNAL, "%s:%d: %s", file, line, what);
	vm->dead = true;
	rx_vm_stop(vm, RX_STOP_ERROR, 0);
}

void rx_vm_hook_insn(struct rx_vm *vm, rx_insn_hook *hook, void *opaque)
{
	vm->hooks.insn = hook;
	vm->hooks.insn_opaque = opaque;
	if (vm->current)	/* the next slice has the right engine */
		rx_cpu_poll(vm->current, RX_POLL_TIME);
}

void rx_vm_add_source(struct rx_vm *vm, struct rx_source *source)
{
	struct rx_source **p = &vm->sources;

	while (*p)
		p = &(*p)->next;
	source->next = NULL;
	*p = source;
}

static void put_field(uint8_t *p, unsigned size, uint64_t value)
{
	memcpy(p, &value, size);	/* the host is little-endian */
}

static void reset_dev(struct rx_dev *dev)
{
	for (unsigned k = 0; k < dev->cls->nfields; k++) {
		const struct rx_field *f = &dev->cls->fields[k];
		uint8_t *p = (uint8_t *)dev->state + f->offset;

		for (uint32_t n = 0; n < f->count; n++)
			put_field(p + (size_t)n * f->size,
				  f->size > 8 ? 8 : f->size, f->reset);
	}
	if (dev->cls->reset)
		dev->cls->reset(dev);
}

void rx_vm_reset(struct rx_vm *vm)
{
	struct rx_dev *dev;

	/* lines go down while their sinks still have the state for it */
	for (dev = vm->devs; dev; dev = dev->next)
		rx_irq_set(&dev->irq, false);
	for (dev = vm->devs; dev; dev = dev->next)
		reset_dev(dev);
	for (unsigned k = 0; k < vm->ncpus; k++) {
		struct rx_cpu *cpu = vm->cpu[k];

		cpu->halted = cpu->stopped = false;
		cpu->res_granule = 0;
		vm->isa->reset(cpu, vm->reset_pc);
		rx_tlb_flush_all(cpu);
		rx_cpu_poll(cpu, RX_POLL_IRQ | RX_POLL_MODE);
	}
	rx_vm_first_turn(vm);
}
