/* perf.c - compiled code for Linux's profiler. SPDX-License-Identifier: MIT
 *
 * The formats are those of tools/perf/Documentation in Linux: "jit-interface.txt"
 * (START SIZE NAME, one a line) and "jitdump-specification.txt".
 */
#include "perf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define JITDUMP_MAGIC 0x4a695444u
#define JITDUMP_VERSION 1
#define EM_X86_64 62
enum { JIT_CODE_LOAD = 0, JIT_CODE_CLOSE = 3 };

struct header {
	uint32_t magic, version, total_size, elf_mach, pad, pid;
	uint64_t timestamp, flags;
};

struct record {
	uint32_t id, total_size;
	uint64_t timestamp;
};

struct code_load {
	struct record r;
	uint32_t pid, tid;
	uint64_t vma, code_addr, code_size, code_index;
};

struct perf {
	FILE *file;
	char path[64];
	uint64_t pieces;
	void *marker;		/* a mapping of the dump: perf record sees its name */
	size_t marker_size;
};

/* perf record -k 1 has the same clock. */
static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void name_of(char *name, size_t size, uint64_t pc, const char *kind)
{
	(void)snprintf(name, size, "rax:%s:%" PRIx64, kind, pc);
}

static void add_to_map(void *opaque, uint64_t pc, const char *kind, const void *code,
		       size_t size)
{
	struct perf *p = opaque;
	char name[64];

	name_of(name, sizeof(name), pc, kind);
	fprintf(p->file, "%" PRIxPTR " %zx %s\n", (uintptr_t)code, size, name);
}

static void add_to_dump(void *opaque, uint64_t pc, const char *kind, const void *code,
			size_t size)
{
	struct perf *p = opaque;
	struct code_load load = { .pid = (uint32_t)getpid(), .code_size = size };
	char name[64];

	name_of(name, sizeof(name), pc, kind);
	load.tid = load.pid;
	load.vma = load.code_addr = (uintptr_t)code;
	load.code_index = p->pieces++;
	load.r.id = JIT_CODE_LOAD;
	load.r.total_size = (uint32_t)(sizeof(load) + strlen(name) + 1 + size);
	load.r.timestamp = now();
	fwrite(&load, sizeof(load), 1, p->file);
	fwrite(name, strlen(name) + 1, 1, p->file);
	fwrite(code, 1, size, p->file);
}

static int begin_dump(struct perf *p)
{
	const struct header h = { .magic = JITDUMP_MAGIC, .version = JITDUMP_VERSION,
				  .total_size = sizeof(h), .elf_mach = EM_X86_64,
				  .pid = (uint32_t)getpid(), .timestamp = now() };

	p->marker_size = (size_t)sysconf(_SC_PAGESIZE);
	p->marker = mmap(NULL, p->marker_size, PROT_READ | PROT_EXEC, MAP_PRIVATE,
			 fileno(p->file), 0);
	if (p->marker == MAP_FAILED)
		return -1;
	return fwrite(&h, sizeof(h), 1, p->file) == 1 ? 0 : -1;
}

static FILE *create(const char *path)
{
	/* in a folder that is everybody's: no other's file, and none behind a link */
	const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static void complain(const struct perf *p)
{
	fprintf(stderr, "rax: cannot write %s: %s\n", p->path, strerror(errno));
}

struct perf *perf_begin(const char *kind, rax_config *c)
{
	struct perf *p = calloc(1, sizeof(*p));
	const int dump = !strcmp(kind, "dump");

	if (!p) {
		fprintf(stderr, "rax: no memory is left\n");
		return NULL;
	}
	(void)snprintf(p->path, sizeof(p->path), dump ? "jit-%ld.dump" : "/tmp/perf-%ld.map",
		       (long)getpid());
	p->marker = MAP_FAILED;
	p->file = create(p->path);
	if (!p->file || (dump && begin_dump(p))) {
		complain(p);
		if (p->file)
			fclose(p->file);
		free(p);
		return NULL;
	}
	c->jit_code = dump ? add_to_dump : add_to_map;
	c->jit_code_opaque = p;
	c->jit_nameless = !dump;
	return p;
}

int perf_end(struct perf *p)
{
	const struct record end = { JIT_CODE_CLOSE, sizeof(end), now() };
	int bad;

	if (p->marker != MAP_FAILED) {
		fwrite(&end, sizeof(end), 1, p->file);
		munmap(p->marker, p->marker_size);
	}
	bad = ferror(p->file);
	if (fclose(p->file) || bad) {
		complain(p);
		bad = 1;
	}
	free(p);
	return bad;
}
