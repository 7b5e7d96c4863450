/* machines.c - many machines, many threads, old and new programs. SPDX-License-Identifier: MIT
 *
 * Public headers only, as an embedder has them. Prints TAP.
 */
#include <elf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rax/asm.h>
#include <rax/error.h>
#include <rax/vm.h>

#define BASE 0x80000000u
#define THREADS 4
#define ROUNDS 3

static int number;
static int failed;

static void result(int ok, const char *name)
{
	printf("%s %d - %s\n", ok ? "ok" : "not ok", ++number, name);
	failed |= !ok;
}

/* Adds up 1 to 50000, waits for an 'x' at the UART, echoes it, ends. */
static const char *const program[] = {
	"lui t0, 65536", "lui t2, 12", "addi t2, t2, 848", "addi t1, zero, 0",
	"add t1, t1, t2", "addi t2, t2, -1", "bne t2, zero, -8",
	"lbu t3, 5(t0)", "andi t3, t3, 1", "beq t3, zero, -8",
	"lbu t3, 0(t0)", "sb t3, 0(t0)", "addi t4, zero, 120", "bne t3, t4, -24",
	"lui t0, 256", "lui t1, 5", "addi t1, t1, 1365", "sw t1, 0(t0)", "jal zero, 0",
};
#define LENGTH (sizeof(program) / sizeof(program[0]))

static int write_program(int fd)
{
	uint8_t code[4 * LENGTH];
	const Elf64_Ehdr eh = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
		.e_entry = BASE, .e_phoff = sizeof(eh), .e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	const Elf64_Phdr ph = {
		.p_type = PT_LOAD, .p_flags = PF_R | PF_X,
		.p_offset = sizeof(eh) + sizeof(ph), .p_vaddr = BASE, .p_paddr = BASE,
		.p_filesz = sizeof(code), .p_memsz = sizeof(code), .p_align = 4,
	};
	rax_error err;
	size_t k, used;

	for (k = 0; k < LENGTH; k++) {
		uint8_t bytes[RAX_INSN_MAX];

		if (rax_assemble("rv64", program[k], bytes, &used, &err) || used != 4) {
			printf("# %s: %s\n", program[k], err.message);
			return -1;
		}
		memcpy(code + 4 * k, bytes, 4);
	}
	return write(fd, &eh, sizeof(eh)) == sizeof(eh) &&
	       write(fd, &ph, sizeof(ph)) == sizeof(ph) &&
	       write(fd, code, sizeof(code)) == sizeof(code) ? 0 : -1;
}

struct console {
	rax_vm *vm;
	size_t size;
	char text[16];
	int stop;	/* at the first character */
};

static void console_write(void *opaque, const void *data, size_t size)
{
	struct console *c = opaque;

	if (size > sizeof(c->text) - c->size)
		size = sizeof(c->text) - c->size;
	memcpy(c->text + c->size, data, size);
	c->size += size;
	if (c->stop)
		rax_vm_stop(c->vm);
}

static rax_vm *create(const char *kernel, const char *engine, struct console *console)
{
	rax_config config;
	rax_error err = { 0 };

	memset(console, 0, sizeof(*console));
	rax_config_init(&config);
	config.kernel = kernel;
	config.engine = engine;
	config.memory = 4 << 20;
	config.clock = RAX_CLOCK_ICOUNT;
	config.console_write = console_write;
	config.console_opaque = console;
	if (rax_vm_create(&config, &console->vm, &err))
		printf("# %s\n", err.message);
	return console->vm;
}

struct work {
	pthread_t thread;
	const char *kernel, *engine;
	int ok;
	uint64_t hash;
};

/* Two machines in turns, in small steps, several times. */
static void *worker(void *opaque)
{
	struct work *w = opaque;
	int round, k;

	w->ok = 1;
	for (round = 0; round < ROUNDS; round++) {
		struct console c[2];
		rax_stop stop[2] = { RAX_STOP_LIMIT, RAX_STOP_LIMIT };

		for (k = 0; k < 2; k++) {
			if (!create(w->kernel, w->engine, &c[k])) {
				w->ok = 0;
				return NULL;
			}
			w->ok &= rax_vm_console_input(c[k].vm, "abx", 3) == 3;
		}
		while (stop[0] == RAX_STOP_LIMIT || stop[1] == RAX_STOP_LIMIT)
			for (k = 0; k < 2; k++)
				if (stop[k] == RAX_STOP_LIMIT)
					stop[k] = rax_vm_run(c[k].vm, 10007);
		for (k = 0; k < 2; k++) {
			w->ok &= stop[k] == RAX_STOP_EXIT && !rax_vm_exit_code(c[k].vm) &&
				 c[k].size == 3 && !memcmp(c[k].text, "abx", 3);
			w->ok &= !w->hash || w->hash == rax_vm_state_hash(c[k].vm);
			w->hash = rax_vm_state_hash(c[k].vm);
			rax_vm_free(c[k].vm);
		}
	}
	return NULL;
}

static void threads(const char *kernel)
{
	struct work w[THREADS];
	int k, ok = 1, same = 1;

	for (k = 0; k < THREADS; k++) {
		w[k] = (struct work){ .kernel = kernel,
				      .engine = rax_engine_name((unsigned)k % 2) };
		if (pthread_create(&w[k].thread, NULL, worker, &w[k])) {
			result(0, "threads");
			return;
		}
	}
	for (k = 0; k < THREADS; k++) {
		pthread_join(w[k].thread, NULL);
		ok &= w[k].ok;
		same &= w[k].hash == w[0].hash;
	}
	result(ok, "two machines in each of several threads");
	result(same, "all end in the same state, whatever the engine");
}

static void *stopper(void *opaque)
{
	usleep(20000);
	rax_vm_stop(opaque);
	return NULL;
}

static void stops(const char *kernel)
{
	struct console c;
	pthread_t thread;
	rax_error err;

	if (!create(kernel, NULL, &c)) {
		result(0, "a machine to stop");
		return;
	}
	if (!pthread_create(&thread, NULL, stopper, c.vm)) {
		result(rax_vm_run(c.vm, UINT64_MAX) == RAX_STOP_USER,
		       "another thread stops a run");
		pthread_join(thread, NULL);
	}
	c.stop = 1;
	rax_vm_console_input(c.vm, "ax", 2);
	result(rax_vm_run(c.vm, UINT64_MAX) == RAX_STOP_USER && c.size == 1,
	       "the console's function stops a run");
	c.stop = 0;
	result(rax_vm_run(c.vm, UINT64_MAX) == RAX_STOP_EXIT && c.size == 2, "which goes on");
	result(!rax_vm_reset(c.vm, &err) && rax_vm_run(c.vm, 1000) == RAX_STOP_LIMIT,
	       "a reset starts again");
	rax_vm_stop(c.vm);
	result(rax_vm_run(c.vm, 1000) == RAX_STOP_USER, "a stop between runs counts");
	result(rax_vm_console_input(c.vm, NULL, 0) == 0, "no input is no input");
	rax_vm_free(c.vm);
	rax_vm_free(NULL);
}

/* A program that was compiled with a later rax_config. */
struct later {
	rax_config config;
	void *more[3];
};

static void sizes(const char *kernel)
{
	struct later l;
	struct { rax_config config; char guard[8]; } small;
	const size_t half = offsetof(rax_config, console_in);
	rax_error err;
	rax_vm *vm;

	rax_config_init_size(&l.config, sizeof(l));
	result(l.config.struct_size == sizeof(l) && !l.more[0] && !l.more[2],
	       "a longer rax_config has its rest cleared");
	l.config.kernel = kernel;
	result(!rax_vm_create(&l.config, &vm, &err), "and is accepted");
	rax_vm_free(vm);
	l.more[1] = &l;
	result(rax_vm_create(&l.config, &vm, &err) == RAX_ENOTSUP && !vm && err.message[0],
	       "unless it asks for what is not known");

	memset(&small, 0x55, sizeof(small));
	rax_config_init_size(&small.config, half);
	result(((char *)&small)[half] == 0x55 && small.config.struct_size == half,
	       "a shorter one is not written past its end");
	small.config.kernel = kernel;
	result(rax_vm_create(&small.config, &vm, &err) == RAX_EINVAL && !vm,
	       "one that is shorter than any version's is refused");
	small.config.struct_size = UINT32_MAX;
	result(rax_vm_create(&small.config, &vm, &err) == RAX_EINVAL && !vm,
	       "and one of garbage");
	rax_config_init(&small.config);
	small.config.kernel = kernel;
	small.config.clock = (rax_clock)7;
	result(rax_vm_create(&small.config, &vm, NULL) == RAX_EINVAL && !vm,
	       "details of an error may be left out");
}

static void compared(const char *kernel)
{
	rax_config config;
	rax_divergence div = { .struct_size = sizeof(div) };
	rax_error err;
	rax_vm *vm;

	rax_config_init(&config);
	config.kernel = kernel;
	config.verify = "step";
	if (rax_vm_create(&config, &vm, &err)) {
		result(0, err.message);
		return;
	}
	result(rax_vm_run(vm, 150000) == RAX_STOP_LIMIT, "two engines agree");
	result(rax_vm_divergence(vm, &div, &err) == RAX_EINVAL, "there is no difference to tell");
	result(!rax_vm_reset(vm, &err) && rax_vm_run(vm, 99) == RAX_STOP_LIMIT, "reset of both");
	rax_vm_free(vm);
	config.verify = "nothing";
	result(rax_vm_create(&config, &vm, &err) == RAX_EINVAL && strstr(err.message, "nothing"),
	       "an engine that there is not");
}

int main(void)
{
	char path[] = "rax-machines.XXXXXX";
	const int fd = mkstemp(path);

	if (fd < 0 || write_program(fd)) {
		printf("Bail out! cannot make a program\n");
		return 99;
	}
	close(fd);
	threads(path);
	stops(path);
	sizes(path);
	compared(path);
	unlink(path);
	printf("1..%d\n", number);
	return failed;
}
