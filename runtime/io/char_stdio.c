/* char_stdio.c - console on host file descriptors. SPDX-License-Identifier: MIT */
#include "io/char.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/error.h"

/* A pipe that is ready for writing takes this many bytes without blocking. */
#define OUT_BUFFER 4096
#define FLUSH_DELAY_NS 2000000
#define ESCAPE 0x01	/* Ctrl-A */

struct stdio {
	struct rx_char chr;
	struct rx_char_stdio_config cfg;
	struct rx_source in, timer;
	bool in_is_file;	/* always ready: read when the guest asks */
	bool in_ended;
	bool escape;		/* the last key was Ctrl-A */
	bool dead;		/* output failed */
	uint8_t out[OUT_BUFFER];
	size_t nout;
};

/*
 * Waits until the output takes bytes; false: the user stopped the vm
 * meanwhile. (A guest that has ended still gets its last words out.)
 */
static bool wait_ready(struct stdio *s)
{
	struct pollfd p = { .fd = s->cfg.out, .events = POLLOUT };
	uint32_t *stop = &s->chr.vm->stop_request;

	for (int ms = 0; poll(&p, 1, ms) <= 0; ms = 100) {
		if (s->chr.hurry ||
		    __atomic_load_n(stop, __ATOMIC_ACQUIRE) == RX_STOP_USER)
			return false;
	}
	return true;
}

static void output_failed(struct stdio *s, int errnum)
{
	struct rx_vm *vm = s->chr.vm;

	s->dead = true;
	s->nout = 0;
	s->chr.error = errnum;
	rx_err_errno(&vm->error, RAX_EIO, errnum,
		     "cannot write the guest's console output");
	rx_vm_stop(vm, RX_STOP_ERROR, 0);
}

/* Writes what is buffered; keeps what could not be written before a stop. */
static void drain(struct stdio *s)
{
	size_t done = 0;

	while (done < s->nout) {
		ssize_t n;

		if (!wait_ready(s))
			break;
		n = write(s->cfg.out, s->out + done, s->nout - done);
		if (n >= 0) {
			done += (size_t)n;
		} else if (errno != EINTR && errno != EAGAIN) {
			output_failed(s, errno);
			return;
		}
	}
	s->nout -= done;
	memmove(s->out, s->out + done, s->nout);
}

static void set_timer(struct stdio *s, long ns)
{
	const struct itimerspec t = { .it_value = { .tv_nsec = ns } };

	s->timer.enabled = ns != 0;
	timerfd_settime(s->timer.fd, 0, &t, NULL);
}

static void stdio_write(struct rx_char *chr, const uint8_t *buf, size_t len)
{
	struct stdio *s = (struct stdio *)chr;

	while (len && !s->dead) {
		size_t n = OUT_BUFFER - s->nout;

		if (!n) {
			drain(s);
			if (s->nout == OUT_BUFFER)
				return;	/* stopping: the reader does not read */
			continue;
		}
		if (n > len)
			n = len;
		if (!s->nout)
			set_timer(s, FLUSH_DELAY_NS);
		memcpy(s->out + s->nout, buf, n);
		s->nout += n;
		buf += n;
		len -= n;
	}
}

static void stdio_flush(struct rx_char *chr)
{
	struct stdio *s = (struct stdio *)chr;

	if (s->timer.enabled)
		set_timer(s, 0);
	drain(s);
}

static void flush_due(void *opaque)
{
	stdio_flush(opaque);
}

/* Handles Ctrl-A commands; returns how many bytes are left for the guest. */
static size_t filter_keys(struct stdio *s, uint8_t *buf, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		const uint8_t c = buf[i];

		if (!s->escape) {
			if (c == ESCAPE)
				s->escape = true;
			else
				buf[n++] = c;
			continue;
		}
		s->escape = false;
		if (c == ESCAPE || c == 'a') {
			buf[n++] = ESCAPE;
		} else if (c == 'x') {
			rx_vm_stop(s->chr.vm, RX_STOP_USER, 0);
		} else if (c == 'h' && s->cfg.help) {
			stdio_flush(&s->chr);
			s->cfg.help(s->cfg.opaque);
		}
	}
	return n;
}

static void fill(struct stdio *s)
{
	uint8_t buf[512];
	size_t room = rx_char_room(&s->chr);
	ssize_t n;

	if (room > sizeof(buf))
		room = sizeof(buf);
	if (!room || s->in_ended)
		return;
	n = read(s->cfg.in, buf, room);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		/* The end of the input is not the end of the guest. */
		s->in_ended = true;
		s->in.enabled = false;
		return;
	}
	if (s->cfg.keys)
		n = (ssize_t)filter_keys(s, buf, (size_t)n);
	if (n)
		rx_char_input(&s->chr, buf, (size_t)n);
}

static void in_ready(void *opaque)
{
	struct stdio *s = opaque;
	struct pollfd p = { .fd = s->cfg.in, .events = POLLIN };

	/* Never block in read(), whoever called. */
	if (poll(&p, 1, 0) > 0)
		fill(s);
	if (!rx_char_room(&s->chr))
		s->in.enabled = false;
}

static void stdio_room(struct rx_char *chr)
{
	struct stdio *s = (struct stdio *)chr;

	if (s->in_ended)
		return;
	if (!s->in_is_file)
		s->in.enabled = true;
	else if (!chr->count)
		fill(s);
}

static void unlink_source(struct rx_vm *vm, struct rx_source *source)
{
	for (struct rx_source **p = &vm->sources; *p; p = &(*p)->next) {
		if (*p == source) {
			*p = source->next;
			return;
		}
	}
}

static void stdio_fini(struct rx_char *chr)
{
	struct stdio *s = (struct stdio *)chr;

	unlink_source(chr->vm, &s->in);
	unlink_source(chr->vm, &s->timer);
	close(s->timer.fd);
}

static const struct rx_char_ops stdio_ops = {
	.write = stdio_write,
	.flush = stdio_flush,
	.room = stdio_room,
	.fini = stdio_fini,
};

rax_status rx_char_stdio_new(struct rx_char **chr, struct rx_vm *vm,
			     const struct rx_char_stdio_config *cfg, rax_error *err)
{
	struct stdio *s = calloc(1, sizeof(*s));
	struct stat st;

	*chr = NULL;
	if (!s)
		return rx_err(err, RAX_ENOMEM, "console: no memory");
	rx_char_init(&s->chr, &stdio_ops, vm);
	s->cfg = *cfg;
	s->timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (s->timer.fd < 0) {
		const int errnum = errno;

		free(s);
		return rx_err_errno(err, RAX_EIO, errnum, "console: timerfd_create");
	}
	s->timer.ready = flush_due;
	s->timer.opaque = s;
	s->in.fd = cfg->in;
	s->in.ready = in_ready;
	s->in.opaque = s;
	s->in_ended = cfg->in < 0 || fstat(cfg->in, &st) < 0;
	s->in_is_file = !s->in_ended && S_ISREG(st.st_mode);
	s->in.enabled = !s->in_ended && !s->in_is_file;
	rx_vm_add_source(vm, &s->timer);
	rx_vm_add_source(vm, &s->in);
	*chr = &s->chr;
	return RAX_OK;
}
