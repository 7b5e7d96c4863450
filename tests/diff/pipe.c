/* pipe.c - oracles that are programs. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/diff/oracle.h"
#include "tests/diff/wire.h"

#define PIPE_BYTES 1048576
#define MOST_OPEN 16
#define MOST_TIME 5000	/* ms that an answer may take */

struct piped {
	struct oracle o;
	const struct conf_isa *isa;
	pid_t pid;
	int to, from;
	uint8_t *buf;		/* a message */
	size_t room;
};

/* Moves all bytes through a pipe: out of data, or into it. */
static bool move_all(int fd, void *data, size_t size, bool out)
{
	uint8_t *p = data;

	while (size) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (!out && poll(&ready, 1, MOST_TIME) == 0)
			return false;
		n = out ? write(fd, p, size) : read(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		size -= (size_t)n;
	}
	return true;
}

/* ---- questions */

static const char *ask(struct oracle *o, const struct conf_case *c)
{
	struct piped *p = (struct piped *)o;
	struct wire_ask head = { .length = c->length, .npatches = (uint8_t)c->npatches };
	uint8_t *at = p->buf + sizeof(head);

	memcpy(head.code, c->code, c->length);
	memcpy(at, c->state, c->isa->image);
	at += WIRE_PAD(c->isa->image);
	for (unsigned k = 0; k < c->npatches; k++) {
		const struct wire_piece piece = { c->patch[k].at, c->patch[k].size };

		memcpy(at, &piece, sizeof(piece));
		memcpy(at + sizeof(piece), c->mem + piece.at, piece.size);
		at += sizeof(piece) + WIRE_PAD(piece.size);
	}
	head.bytes = (uint32_t)(at - p->buf - sizeof(head));
	memcpy(p->buf, &head, sizeof(head));
	return move_all(p->to, p->buf, (size_t)(at - p->buf), true) ? NULL
		: "does not take a case";
}

/* ---- answers */

static uint8_t cause_of(const struct wire_tell *t)
{
	switch (t->signal) {
	case SIGILL:
		return CONF_ILLEGAL;
	case SIGTRAP:
		return CONF_TRAP;
	case SIGBUS:
		return CONF_MISALIGNED;
	case SIGFPE:
		return CONF_ARITHMETIC;
	case SIGSYS:
		return CONF_CALL;
	default:
		return CONF_ACCESS;
	}
}

/* Where it stopped says what it did: nothing can be executed behind the code. */
static void judge(const struct conf_case *c, const struct wire_tell *t,
		  struct conf_result *r)
{
	r->outcome = CONF_OUT_JUMP;
	r->value = t->pc;
	r->cause = r->at = 0;
	if (t->pc == c->pc + c->length) {
		r->outcome = CONF_OUT_NEXT;
		r->value = 0;
	} else if (t->pc - c->pc < c->length) {
		r->outcome = CONF_OUT_FAULT;
		r->at = (uint8_t)(t->pc - c->pc);
		r->cause = cause_of(t);
		r->value = r->cause == CONF_ACCESS || r->cause == CONF_MISALIGNED
			   ? t->address : 0;
	}
}

static const char *answer(struct oracle *o, const struct conf_case *c,
			  struct conf_result *r)
{
	struct piped *p = (struct piped *)o;
	struct wire_tell tell;
	const uint8_t *at = p->buf, *end;

	if (!move_all(p->from, &tell, sizeof(tell), false) || tell.bytes > p->room ||
	    tell.bytes < WIRE_PAD(c->isa->image) || !move_all(p->from, p->buf, tell.bytes, false))
		return "ended within a case";
	end = at + tell.bytes;
	memcpy(r->state, at, c->isa->image);
	memcpy(r->mem, c->mem, conf_data_size(c->isa));
	at += WIRE_PAD(c->isa->image);
	for (uint32_t k = 0; k < tell.npieces; k++) {
		struct wire_piece piece;

		if ((size_t)(end - at) < sizeof(piece))
			return "does not speak as this program does";
		memcpy(&piece, at, sizeof(piece));
		at += sizeof(piece);
		if (piece.at > conf_data_size(c->isa) ||
		    piece.size > conf_data_size(c->isa) - piece.at ||
		    piece.size > (size_t)(end - at))
			return "does not speak as this program does";
		memcpy(r->mem + piece.at, at, piece.size);
		at += WIRE_PAD(piece.size);
	}
	judge(c, &tell, r);
	return NULL;
}

/* ---- the program */

static void close_pipe(struct oracle *o)
{
	struct piped *p = (struct piped *)o;

	close(p->to);
	close(p->from);
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	free(p->buf);
	free(p);
}

static bool spawn(struct piped *p, char *const *command)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC))
		return false;
	if (pipe2(from, O_CLOEXEC)) {
		close(to[0]);
		close(to[1]);
		return false;
	}
	p->pid = fork();
	if (!p->pid) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		execvp(command[0], command);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	p->to = to[1];
	p->from = from[0];
	fcntl(p->to, F_SETPIPE_SZ, PIPE_BYTES);	/* more is faster, no more */
	fcntl(p->from, F_SETPIPE_SZ, PIPE_BYTES);
	return p->pid > 0;
}

static bool hello(struct piped *p)
{
	struct wire_hello h = {
		.magic = WIRE_MAGIC, .nfiles = p->isa->nfiles, .image = p->isa->image,
		.fill = p->isa->fill, .code_end = conf_code_end(p->isa), .data = CONF_DATA(p->isa),
		.data_size = conf_data_size(p->isa), .page = p->isa->page,
	};
	uint8_t window[65536];
	struct wire_ready ready;

	if (h.data_size > sizeof(window) || !move_all(p->to, &h, sizeof(h), true))
		return false;
	for (unsigned k = 0; k < p->isa->nfiles; k++) {
		const struct conf_file *f = &p->isa->files[k];
		struct wire_file w = { .at = f->at, .count = f->count, .bytes = f->bytes };

		strncpy(w.name, f->name, sizeof(w.name) - 1);
		if (!move_all(p->to, &w, sizeof(w), true))
			return false;
	}
	conf_background(window, h.data_size);
	return move_all(p->to, window, h.data_size, true) &&
	       move_all(p->from, &ready, sizeof(ready), false) && ready.magic == WIRE_MAGIC &&
	       ready.known == (uint32_t)((UINT64_C(1) << p->isa->nfiles) - 1);
}

struct oracle *oracle_pipe(const struct conf_isa *isa, char *const *command,
			   const char **wrong)
{
	struct piped *p = calloc(1, sizeof(*p));
	const size_t message = 2u * isa->image + 4 * conf_data_size(isa) + 4096;

	*wrong = "out of memory";
	if (!p)
		return NULL;
	signal(SIGPIPE, SIG_IGN);
	p->o = (struct oracle){ 1, ask, answer, close_pipe, NULL };
	p->isa = isa;
	p->to = p->from = -1;
	p->room = message;
	p->buf = malloc(message);
	/* what is under way always fits into the pipes */
	p->o.window = (unsigned)(PIPE_BYTES / 4 / message);
	p->o.window = p->o.window < 1 ? 1 : p->o.window > MOST_OPEN ? MOST_OPEN : p->o.window;
	if (p->buf && spawn(p, command)) {
		if (hello(p))
			return &p->o;
		*wrong = "does not start, or does not know all registers of difftest.tbl";
	}
	close_pipe(&p->o);
	return NULL;
}
