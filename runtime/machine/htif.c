/* htif.c - the host-target interface of RISC-V test programs. SPDX-License-Identifier: MIT */
#include "machine/htif.h"

#define SYS_WRITE 64
#define CHUNK 256
#define MAX_WRITE 65536	/* bytes of one system call: it may do less than it is asked for */
/* A program that writes one half only gets this long for the other one. */
#define HALF_NS 1000000

static void answer(struct rx_htif *h, uint64_t value)
{
	/* the words were checked to be RAM */
	if (h->fromhost && rx_mem_write(&h->vm->mem, h->fromhost, &value, sizeof(value)))
		RX_DIE(h->vm, "htif: fromhost is gone");
}

/* The guest waits for a character and there was none yet. */
static void on_input(void *opaque)
{
	struct rx_htif *h = opaque;
	uint8_t ch;

	if (h->reading && rx_char_read(h->chr, &h->user, &ch, 1)) {
		h->reading = false;
		answer(h, UINT64_C(1) << 56 | 0x100 | ch);
	}
}

/* A system call: eight words at the payload, number first. */
static void syscall(struct rx_htif *h, uint64_t block)
{
	uint64_t arg[4], done = 0, result;
	uint8_t buf[CHUNK];

	if (rx_mem_read(&h->vm->mem, block, arg, sizeof(arg)))
		return;
	if (arg[0] == SYS_WRITE && (arg[1] == 1 || arg[1] == 2)) {
		if (arg[3] > MAX_WRITE)
			arg[3] = MAX_WRITE;
		while (done < arg[3]) {
			size_t n = arg[3] - done < CHUNK ? (size_t)(arg[3] - done) : CHUNK;

			if (rx_mem_read(&h->vm->mem, arg[2] + done, buf, n))
				break;
			rx_char_write(h->chr, &h->user, buf, n);
			done += n;
		}
		result = done;
	} else {
		result = (uint64_t)-38;		/* ENOSYS */
	}
	if (!rx_mem_write(&h->vm->mem, block, &result, sizeof(result)))
		answer(h, 1);
}

static void command(struct rx_htif *h, uint64_t v)
{
	const unsigned device = (unsigned)(v >> 56), cmd = v >> 48 & 0xff;
	const uint64_t payload = v & UINT64_C(0xffffffffffff), zero = 0;
	uint8_t ch = (uint8_t)payload;

	if (!v)
		return;
	if (rx_mem_write(&h->vm->mem, h->tohost, &zero, sizeof(zero)))
		RX_DIE(h->vm, "htif: tohost is gone");
	if (device == 0 && cmd == 0 && payload & 1) {
		const uint64_t code = payload >> 1;

		/* an exit code has 8 bits; a failure never looks like success */
		rx_vm_stop(h->vm, RX_STOP_EXIT, (code & 0xff) || !code ? (int)(code & 0xff) : 255);
	} else if (device == 0 && cmd == 0) {
		syscall(h, payload);
	} else if (device == 1 && cmd == 1) {
		rx_char_write(h->chr, &h->user, &ch, 1);
		answer(h, UINT64_C(1) << 56 | UINT64_C(1) << 48 | 0x100 | ch);
	} else if (device == 1 && cmd == 0) {
		h->reading = true;
		on_input(h);
	}
}

static void act(void *opaque)
{
	struct rx_htif *h = opaque;
	uint64_t v;

	h->halves = 0;
	if (!rx_mem_read(&h->vm->mem, h->tohost, &v, sizeof(v)))
		command(h, v);
}

static void on_store(void *opaque, uint64_t pa, uint64_t len)
{
	struct rx_htif *h = opaque;

	if (pa < h->tohost + 4)
		h->halves |= 1;
	if (pa + len > h->tohost + 4)
		h->halves |= 2;
	if (h->halves == 3) {
		rx_timer_cancel(h->vm, &h->half);
		act(h);
		return;
	}
	rx_timer_arm(h->vm, &h->half, rx_clock_now(h->vm) + HALF_NS);
}

rax_status rx_htif_start(struct rx_htif *htif, struct rx_vm *vm, struct rx_char *chr,
			 uint64_t tohost, uint64_t fromhost)
{
	if (!htif->vm) {
		htif->vm = vm;
		htif->chr = chr;
		htif->user.notify = on_input;
		htif->user.opaque = htif;
		rx_char_attach(chr, &htif->user);
	}
	rx_timer_cancel(vm, &htif->half);
	htif->half.fire = act;
	htif->half.opaque = htif;
	htif->halves = 0;
	htif->reading = false;
	htif->tohost = tohost;
	htif->fromhost = fromhost && rx_mem_find(&vm->mem, fromhost, 8) ? fromhost : 0;
	return rx_mem_watch(&vm->mem, tohost, 8, on_store, htif);
}
