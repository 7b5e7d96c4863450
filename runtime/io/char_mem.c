/* char_mem.c - console in memory, input from a script. SPDX-License-Identifier: MIT */
#include "io/char.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct entry {
	struct entry *next;
	uint64_t when;
	size_t len, done;
	uint8_t data[];
};

struct mem {
	struct rx_char chr;
	char *out;
	size_t nout, room, limit;
	struct entry *first, **last;
	struct rx_timer timer;
	bool delivering;	/* readers call mem_room() meanwhile */
};

static void mem_write(struct rx_char *chr, const uint8_t *buf, size_t len)
{
	struct mem *m = (struct mem *)chr;

	if (len > m->limit - m->nout)
		len = m->limit - m->nout;
	if (len >= m->room - m->nout) {
		size_t room = 2 * (m->nout + len) + 256;
		char *out = realloc(m->out, room);

		if (!out) {
			m->limit = m->nout;	/* counted and hashed only */
			return;
		}
		m->out = out;
		m->room = room;
	}
	memcpy(m->out + m->nout, buf, len);
	m->nout += len;
	m->out[m->nout] = 0;
}

static void mem_flush(struct rx_char *chr)
{
	(void)chr;
}

/* Delivers what is due, as far as it fits, and arms for what comes next. */
static void deliver(void *opaque)
{
	struct mem *m = opaque;
	const uint64_t now = rx_clock_now(m->chr.vm);

	m->delivering = true;
	while (m->first && m->first->when <= now) {
		struct entry *e = m->first;

		while (e->done < e->len && rx_char_room(&m->chr))
			e->done += rx_char_input(&m->chr, e->data + e->done,
						 e->len - e->done);
		if (e->done < e->len)
			break;		/* goes on in mem_room() */
		m->first = e->next;
		if (!m->first)
			m->last = &m->first;
		free(e);
	}
	m->delivering = false;
	if (m->first && m->first->when > now)
		rx_timer_arm(m->chr.vm, &m->timer, m->first->when);
}

static void mem_room(struct rx_char *chr)
{
	struct mem *m = (struct mem *)chr;

	/* Only an entry that did not fit waits without the timer. */
	if (m->first && !m->timer.armed && !m->delivering)
		deliver(m);
}

static void mem_fini(struct rx_char *chr)
{
	struct mem *m = (struct mem *)chr;

	rx_timer_cancel(chr->vm, &m->timer);
	while (m->first) {
		struct entry *e = m->first;

		m->first = e->next;
		free(e);
	}
	free(m->out);
}

static const struct rx_char_ops mem_ops = {
	.write = mem_write,
	.flush = mem_flush,
	.room = mem_room,
	.fini = mem_fini,
};

rax_status rx_char_mem_new(struct rx_char **chr, struct rx_vm *vm, size_t limit,
			   rax_error *err)
{
	struct mem *m = calloc(1, sizeof(*m));

	*chr = NULL;
	if (!m)
		return rx_err(err, RAX_ENOMEM, "console: no memory");
	rx_char_init(&m->chr, &mem_ops, vm);
	m->limit = limit;
	m->last = &m->first;
	m->timer.fire = deliver;
	m->timer.opaque = m;
	*chr = &m->chr;
	return RAX_OK;
}

rax_status rx_char_mem_script(struct rx_char *chr, uint64_t when_ns,
			      const void *buf, size_t len)
{
	struct mem *m = (struct mem *)chr;
	struct entry *e = malloc(sizeof(*e) + len);

	if (!e)
		return RAX_ENOMEM;
	*e = (struct entry){ .when = when_ns, .len = len };
	memcpy(e->data, buf, len);
	*m->last = e;
	m->last = &e->next;
	if (m->first == e)
		rx_timer_arm(chr->vm, &m->timer, when_ns);
	return RAX_OK;
}

const char *rx_char_mem_output(struct rx_char *chr, size_t *len)
{
	struct mem *m = (struct mem *)chr;

	if (len)
		*len = m->nout;
	return m->out ? m->out : "";
}
