/* embed.c - a program that embeds librax, by public headers only. SPDX-License-Identifier: MIT
 *
 * `make check` links it with the shared library of the build folder,
 * `make installcheck` with the installed one. Prints TAP.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rax/error.h>
#include <rax/vm.h>

#define BASE 0x80000000u

static int number;
static int failed;

static void result(int ok, const char *name)
{
	printf("%s %d - %s\n", ok ? "ok" : "not ok", ++number, name);
	failed |= !ok;
}

struct console {
	char text[16];
	size_t size;
};

static void console_write(void *opaque, const void *data, size_t size)
{
	struct console *c = opaque;

	if (size > sizeof(c->text) - c->size)
		size = sizeof(c->text) - c->size;
	memcpy(c->text + c->size, data, size);
	c->size += size;
}

/* A program that writes one character to the UART of riscv-virt and ends with
 * that character's code, as a file; 0 or -1. */
static int write_program(const char *path, char character)
{
	const uint32_t c = (unsigned char)character;
	const uint32_t code[] = {
		0x100002b7,			/* lui t0, 0x10000 */
		0x00000313 | c << 20,		/* li t1, character */
		0x00628023,			/* sb t1, 0(t0) */
		0x001002b7,			/* lui t0, 0x100 */
		0x01031313,			/* slli t1, t1, 16 */
		0x000033b7,			/* lui t2, 0x3 */
		0x33338393,			/* addi t2, t2, 0x333 */
		0x00736333,			/* or t1, t1, t2 */
		0x0062a023,			/* sw t1, 0(t0) */
		0x0000006f,			/* j . */
	};
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
	FILE *f = fopen(path, "wb");
	int ok;

	if (!f)
		return -1;
	ok = fwrite(&eh, sizeof(eh), 1, f) == 1 && fwrite(&ph, sizeof(ph), 1, f) == 1 &&
	     fwrite(code, sizeof(code), 1, f) == 1;
	return fclose(f) == 0 && ok ? 0 : -1;
}

/* A machine for such a program; NULL: said why. */
static rax_vm *create(const char *kernel, struct console *console)
{
	rax_config config;
	rax_error err;
	rax_vm *vm;

	rax_config_init(&config);
	config.kernel = kernel;
	config.clock = RAX_CLOCK_ICOUNT;
	config.console_write = console_write;
	config.console_opaque = console;
	if (rax_vm_create(&config, &vm, &err) == RAX_OK)
		return vm;
	printf("# %s\n", err.message);
	return NULL;
}

static void two_machines(const char *path)
{
	struct console console[2] = { 0 };
	rax_vm *vm[2];

	if (write_program(path, 'a'))
		printf("# cannot write %s\n", path);
	vm[0] = create(path, &console[0]);
	if (write_program(path, 'b'))
		printf("# cannot write %s\n", path);
	vm[1] = create(path, &console[1]);
	result(vm[0] && vm[1], "two machines in one process");
	if (vm[0] && vm[1]) {
		result(rax_vm_run(vm[0], 2) == RAX_STOP_LIMIT, "a run ends at its limit");
		result(rax_vm_icount(vm[0]) == 2, "two instructions retired");
		result(rax_vm_run(vm[1], 1000) == RAX_STOP_EXIT, "the second ends");
		result(rax_vm_run(vm[0], 1000) == RAX_STOP_EXIT, "the first ends");
		result(rax_vm_exit_code(vm[0]) == 'a' && rax_vm_exit_code(vm[1]) == 'b',
		       "each has its exit code");
		result(console[0].size == 1 && console[0].text[0] == 'a' &&
		       console[1].size == 1 && console[1].text[0] == 'b',
		       "each wrote to its console");
	}
	rax_vm_free(vm[0]);
	rax_vm_free(vm[1]);
}

static void bad_kernel(const char *path)
{
	rax_config config;
	rax_error err;
	rax_vm *vm;
	rax_status status;

	rax_config_init(&config);
	config.kernel = path;
	status = rax_vm_create(&config, &vm, &err);
	result(status != RAX_OK && !vm, "a kernel that is not there is an error");
	result(strstr(err.message, path) != NULL, "the message names the file");
	rax_vm_free(vm);
}

int main(void)
{
	char path[] = "rax-embed.XXXXXX";
	const int fd = mkstemp(path);

	if (fd < 0) {
		printf("Bail out! cannot write here\n");
		return 99;
	}
	close(fd);
	result(rax_version() && rax_version()[0], "the library has a version");
	two_machines(path);
	unlink(path);
	bad_kernel(path);
	printf("1..%d\n", number);
	return failed;
}
