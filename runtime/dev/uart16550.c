/* uart16550.c - NS16550A UART. SPDX-License-Identifier: MIT
 *
 * After National Semiconductor's PC16550D data sheet (section numbers below).
 * The line is as fast as it needs to be: a byte written to THR is sent at
 * once. Received bytes stay in the console's queue until the guest shows that
 * it listens, see pull().
 */
#include <libfdt.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "dev/devices.h"
#include "dev/fdt_node.h"
#include "io/char.h"

#define FIFO 16

enum { RBR_THR = 0, IER, IIR_FCR, LCR, MCR, LSR, MSR, SCR, NREGS };

enum {
	IER_RDI = 1, IER_THRI = 2, IER_RLSI = 4, IER_MSI = 8,

	IIR_MSI = 0x00, IIR_NONE = 0x01, IIR_THRI = 0x02, IIR_RDI = 0x04,
	IIR_RLSI = 0x06, IIR_TIMEOUT = 0x0c, IIR_FIFO = 0xc0,

	FCR_ENABLE = 1, FCR_CLEAR_RX = 2, FCR_CLEAR_TX = 4, FCR_KEPT = 0xc9,

	LCR_STOP = 4, LCR_PARITY = 8, LCR_BREAK = 0x40, LCR_DLAB = 0x80,

	MCR_DTR = 1, MCR_RTS = 2, MCR_OUT1 = 4, MCR_OUT2 = 8, MCR_LOOP = 0x10,

	LSR_DR = 1, LSR_OE = 2, LSR_BI = 0x10, LSR_THRE = 0x20, LSR_TEMT = 0x40,
	LSR_ERRORS = 0x1e,

	MSR_DELTAS = 0x0f, MSR_TERI = 4,
	MSR_CTS = 0x10, MSR_DSR = 0x20, MSR_RI = 0x40, MSR_DCD = 0x80,
};

/*
 * Reads of LSR after a reset of the receiver's FIFO that see no data yet: a
 * driver's start-up reads LSR and RBR blindly a few times to clear them, and
 * would throw away input that has been waiting.
 */
#define QUIET_READS 64

struct uart {
	uint8_t ier, fcr, lcr, mcr, lsr, msr, scr;
	uint8_t dll, dlm;
	uint8_t rx[FIFO];
	uint8_t rx_head, rx_count;
	uint8_t thr_pending;	/* THRE interrupt not yet seen */
	uint8_t timed_out;	/* character time-out interrupt (8.4.2) */
	uint8_t quiet;		/* reads of LSR before polled input starts */
	uint64_t timeout_at;	/* guest ns; 0 = not running */

	struct rx_char *chr;
	struct rx_char_user user;
	struct rx_timer timer;
};

static const struct rx_field fields[] = {
	RX_FIELD(struct uart, ier, 0, 0x0f, 0),
	RX_FIELD(struct uart, fcr, 0, 0xff, 0),
	RX_FIELD(struct uart, lcr, 0, 0xff, 0),
	RX_FIELD(struct uart, mcr, 0, 0x1f, 0),
	RX_FIELD(struct uart, lsr, 0, 0x7f, LSR_THRE | LSR_TEMT),
	RX_FIELD(struct uart, msr, 0, 0xff, MSR_DCD | MSR_DSR | MSR_CTS),
	RX_FIELD(struct uart, scr, 0, 0xff, 0),
	RX_FIELD(struct uart, dll, 0, 0xff, 12),
	RX_FIELD(struct uart, dlm, 0, 0xff, 0),
	RX_FIELD_ARRAY(struct uart, rx, 0, 0xff, 0),
	RX_FIELD(struct uart, rx_head, 0, FIFO - 1, 0),
	RX_FIELD(struct uart, rx_count, 0, FIFO, 0),
	RX_FIELD(struct uart, thr_pending, 0, 1, 0),
	RX_FIELD(struct uart, timed_out, 0, 1, 0),
	RX_FIELD(struct uart, quiet, 0, QUIET_READS, QUIET_READS),
	RX_FIELD(struct uart, timeout_at, 0, UINT64_MAX, 0),
};

static unsigned capacity(const struct uart *u)
{
	return u->fcr & FCR_ENABLE ? FIFO : 1;
}

static unsigned trigger(const struct uart *u)
{
	static const uint8_t level[4] = { 1, 4, 8, 14 };

	return u->fcr & FCR_ENABLE ? level[u->fcr >> 6] : 1;
}

/* Four character times at the programmed rate (8.4.2). */
static uint64_t timeout_ns(const struct uart *u)
{
	const unsigned divisor = u->dll | u->dlm << 8;
	const unsigned bits = 1 + 5 + (u->lcr & 3) + !!(u->lcr & LCR_PARITY) +
			      1 + !!(u->lcr & LCR_STOP);

	return UINT64_C(4) * bits * 16 * (divisor ? divisor : 1) *
	       1000000000 / RX_UART_CLOCK;
}

static void set_timeout(struct rx_dev *dev, uint64_t when)
{
	struct uart *u = dev->state;

	u->timeout_at = when;
	if (when)
		rx_timer_arm(dev->vm, &u->timer, when);
	else if (u->timer.armed)
		rx_timer_cancel(dev->vm, &u->timer);
}

/* The FIFO was read or filled: the time-out starts again, or ends. */
static void touch_timeout(struct rx_dev *dev)
{
	struct uart *u = dev->state;

	u->timed_out = 0;
	if ((u->fcr & FCR_ENABLE) && u->rx_count && u->rx_count < trigger(u))
		set_timeout(dev, rx_clock_now(dev->vm) + timeout_ns(u));
	else
		set_timeout(dev, 0);
}

/* The interrupt with the highest priority (8.6, table IV). */
static uint8_t pending(const struct uart *u)
{
	if ((u->ier & IER_RLSI) && (u->lsr & LSR_ERRORS))
		return IIR_RLSI;
	if ((u->ier & IER_RDI) && u->rx_count >= trigger(u))
		return IIR_RDI;
	if ((u->ier & IER_RDI) && u->timed_out)
		return IIR_TIMEOUT;
	if ((u->ier & IER_THRI) && u->thr_pending)
		return IIR_THRI;
	if ((u->ier & IER_MSI) && (u->msr & MSR_DELTAS))
		return IIR_MSI;
	return IIR_NONE;
}

static void update_irq(struct rx_dev *dev)
{
	const struct uart *u = dev->state;

	rx_irq_set(&dev->irq, pending(u) != IIR_NONE);
}

static void timeout_fired(void *opaque)
{
	struct rx_dev *dev = opaque;
	struct uart *u = dev->state;

	u->timeout_at = 0;
	u->timed_out = u->rx_count != 0;
	update_irq(dev);
}

static void push(struct rx_dev *dev, uint8_t c)
{
	struct uart *u = dev->state;

	if (u->rx_count == capacity(u)) {
		u->lsr |= LSR_OE;
		if (capacity(u) == 1)	/* without FIFO the new byte wins (8.4) */
			u->rx[u->rx_head] = c;
	} else {
		u->rx[(u->rx_head + u->rx_count++) % FIFO] = c;
	}
	u->lsr |= LSR_DR;
	touch_timeout(dev);
}

/*
 * Takes input from the console. While received-data interrupts are enabled
 * the guest listens, and the FIFO is kept filled. Otherwise it polls: a byte
 * arrives when LSR is read.
 */
static void pull(struct rx_dev *dev, bool polled)
{
	struct uart *u = dev->state;
	uint8_t buf[FIFO];
	size_t n = 0;

	if (u->mcr & MCR_LOOP)
		return;
	if (u->ier & IER_RDI)
		n = capacity(u) - u->rx_count;
	else if (polled && u->quiet)
		u->quiet--;
	else if (polled && !u->rx_count)
		n = 1;
	if (n)
		n = rx_char_read(u->chr, &u->user, buf, n);
	for (size_t i = 0; i < n; i++)
		push(dev, buf[i]);
}

static void input_arrived(void *opaque)
{
	pull(opaque, false);
	update_irq(opaque);
}

static void clear_rx(struct rx_dev *dev)
{
	struct uart *u = dev->state;
	uint8_t buf[FIFO];

	/*
	 * What the guest has not seen counts as not yet sent. (In loopback
	 * mode the bytes are its own.)
	 */
	for (unsigned i = 0; i < u->rx_count; i++)
		buf[i] = u->rx[(u->rx_head + i) % FIFO];
	if (!(u->mcr & MCR_LOOP))
		rx_char_unread(u->chr, buf, u->rx_count);
	u->rx_head = u->rx_count = 0;
	u->lsr &= (uint8_t)~LSR_DR;
	u->quiet = QUIET_READS;
	touch_timeout(dev);
}

static void write_fcr(struct rx_dev *dev, uint8_t value)
{
	struct uart *u = dev->state;

	/* A change of the enable bit clears both FIFOs (8.5). */
	if ((value ^ u->fcr) & FCR_ENABLE)
		value |= FCR_CLEAR_RX | FCR_CLEAR_TX;
	if (value & FCR_CLEAR_RX)
		clear_rx(dev);
	if (value & FCR_CLEAR_TX) {
		u->lsr |= LSR_THRE | LSR_TEMT;
		u->thr_pending = 1;
	}
	/* The other bits are only written while the FIFOs are enabled. */
	u->fcr = value & FCR_ENABLE ? value & FCR_KEPT : 0;
	touch_timeout(dev);
}

static void write_thr(struct rx_dev *dev, uint8_t value)
{
	struct uart *u = dev->state;

	if (u->mcr & MCR_LOOP)
		push(dev, value);
	else
		rx_char_write(u->chr, &u->user, &value, 1);
	u->thr_pending = 1;	/* sent: empty again */
}

/* Modem inputs: the outputs in loopback mode (8.7), else a ready peer. */
static void update_msr(struct uart *u)
{
	uint8_t now = MSR_DCD | MSR_DSR | MSR_CTS, changed;

	if (u->mcr & MCR_LOOP)
		now = (u->mcr & MCR_RTS ? MSR_CTS : 0) |
		      (u->mcr & MCR_DTR ? MSR_DSR : 0) |
		      (u->mcr & MCR_OUT1 ? MSR_RI : 0) |
		      (u->mcr & MCR_OUT2 ? MSR_DCD : 0);
	changed = (uint8_t)(now ^ u->msr) & 0xf0;
	if (now & MSR_RI)	/* only the trailing edge of RI counts */
		changed &= (uint8_t)~MSR_RI;
	u->msr = now | (u->msr & MSR_DELTAS) | changed >> 4;
}

static void write_ier(struct rx_dev *dev, uint8_t value)
{
	struct uart *u = dev->state;

	/*
	 * Enabling the THRE interrupt while THR is empty raises it, even if
	 * it has been seen before (8.6; drivers test for it).
	 */
	if ((value & IER_THRI) && !(u->ier & IER_THRI))
		u->thr_pending = 1;
	u->ier = value & 0x0f;
	pull(dev, false);
}

static void uart_write(struct rx_dev *dev, uint64_t offset, unsigned size,
		       uint64_t value64)
{
	struct uart *u = dev->state;
	const uint8_t value = (uint8_t)value64;
	const bool dlab = u->lcr & LCR_DLAB;

	(void)size;
	switch (offset) {
	case RBR_THR:
		if (dlab)
			u->dll = value;
		else
			write_thr(dev, value);
		break;
	case IER:
		if (dlab)
			u->dlm = value;
		else
			write_ier(dev, value);
		break;
	case IIR_FCR:
		write_fcr(dev, value);
		break;
	case LCR:
		/* A break that is sent in loopback mode is received. */
		if ((u->mcr & MCR_LOOP) && (value & ~u->lcr & LCR_BREAK)) {
			push(dev, 0);
			u->lsr |= LSR_BI;
		}
		u->lcr = value;
		break;
	case MCR:
		u->mcr = value & 0x1f;
		update_msr(u);
		pull(dev, false);
		break;
	case SCR:
		u->scr = value;
		break;
	default:	/* LSR and MSR are not for writing */
		return;
	}
	update_irq(dev);
}

static uint8_t read_rbr(struct rx_dev *dev)
{
	struct uart *u = dev->state;
	const uint8_t c = u->rx[u->rx_head];

	if (!u->rx_count)
		return 0;
	u->rx_head = (u->rx_head + 1) % FIFO;
	if (!--u->rx_count)
		u->lsr &= (uint8_t)~LSR_DR;
	touch_timeout(dev);
	pull(dev, false);
	return c;
}

static uint8_t read_iir(struct uart *u)
{
	const uint8_t id = pending(u);

	if (id == IIR_THRI)	/* reading it as the source clears it */
		u->thr_pending = 0;
	return id | (u->fcr & FCR_ENABLE ? IIR_FIFO : 0);
}

static uint64_t uart_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	struct uart *u = dev->state;
	const bool dlab = u->lcr & LCR_DLAB;
	uint8_t value = 0;

	(void)size;
	switch (offset) {
	case RBR_THR:
		value = dlab ? u->dll : read_rbr(dev);
		break;
	case IER:
		return dlab ? u->dlm : u->ier;
	case IIR_FCR:
		value = read_iir(u);
		break;
	case LCR:
		return u->lcr;
	case MCR:
		return u->mcr;
	case LSR:
		pull(dev, true);
		value = u->lsr;
		u->lsr &= (uint8_t)~LSR_ERRORS;
		break;
	case MSR:
		value = u->msr;
		u->msr &= (uint8_t)~MSR_DELTAS;
		break;
	case SCR:
		return u->scr;
	default:
		return 0;
	}
	update_irq(dev);
	return value;
}

static void uart_reset(struct rx_dev *dev)
{
	set_timeout(dev, 0);
	update_irq(dev);
}

static rax_status uart_post_load(struct rx_dev *dev, rax_error *err)
{
	struct uart *u = dev->state;

	if (u->rx_count > capacity(u))
		return rx_err(err, RAX_EFORMAT,
			      "uart16550: more bytes received than fit");
	if (!!(u->lsr & LSR_DR) != !!u->rx_count)
		return rx_err(err, RAX_EFORMAT,
			      "uart16550: lsr and rx_count disagree");
	set_timeout(dev, u->timeout_at);
	update_irq(dev);
	return RAX_OK;
}

static rax_status uart_fdt(struct rx_dev *dev, void *fdt, int soc)
{
	const int node = RX_FDT_NODE(dev, fdt, soc, "serial", "ns16550a");

	if (node < 0)
		return rx_fdt_status(node);
	return rx_fdt_status(fdt_setprop_u32(fdt, node, "clock-frequency",
					     RX_UART_CLOCK));
}

static void uart_fini(struct rx_dev *dev)
{
	set_timeout(dev, 0);
}

static const struct rx_dev_class uart_class = {
	.name = "uart16550", .help = "NS16550A UART", .version = 1,
	.state_size = sizeof(struct uart),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	/* A wider access is to the one register at its address. */
	.access_sizes = 1 | 2 | 4 | 8,
	.read = uart_read, .write = uart_write, .reset = uart_reset,
	.fdt = uart_fdt, .post_load = uart_post_load, .fini = uart_fini,
};

struct rx_dev *rx_uart16550_new(struct rx_vm *vm, struct rx_char *chr)
{
	struct rx_dev *dev = rx_vm_new_dev(vm, &uart_class);
	struct uart *u;

	if (!dev)
		return NULL;
	u = dev->state;
	u->timer.fire = timeout_fired;
	u->timer.opaque = dev;
	u->user.notify = input_arrived;
	u->user.opaque = dev;
	u->chr = chr;
	rx_char_attach(chr, &u->user);
	return dev;
}
