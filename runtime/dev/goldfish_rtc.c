/* goldfish_rtc.c - real-time clock with alarm. SPDX-License-Identifier: MIT
 *
 * Registers of 4 bytes; times are nanoseconds since 1970. Reading TIME_LOW
 * latches TIME_HIGH. Writing TIME_LOW sets the clock with the TIME_HIGH
 * written before; ALARM_LOW arms the alarm with ALARM_HIGH likewise.
 */
#include <libfdt.h>

#include "base/bits.h"
#include "dev/devices.h"
#include "dev/fdt_node.h"

enum {
	TIME_LOW = 0x00, TIME_HIGH = 0x04, ALARM_LOW = 0x08, ALARM_HIGH = 0x0c,
	IRQ_ENABLED = 0x10, CLEAR_ALARM = 0x14, ALARM_STATUS = 0x18,
	CLEAR_INTERRUPT = 0x1c,
};

struct rtc {
	uint64_t offset;	/* added to the machine's wall clock; wraps */
	uint64_t alarm;		/* ns since 1970 */
	uint32_t time_high;	/* latched by TIME_LOW */
	uint32_t set_high;	/* written, used by the next TIME_LOW */
	uint32_t alarm_high;
	uint8_t alarm_running, irq_pending, irq_enabled;

	struct rx_timer timer;
};

static const struct rx_field fields[] = {
	RX_FIELD(struct rtc, offset, 0, UINT64_MAX, 0),
	RX_FIELD(struct rtc, alarm, 0, UINT64_MAX, 0),
	RX_FIELD(struct rtc, time_high, 0, UINT32_MAX, 0),
	RX_FIELD(struct rtc, set_high, 0, UINT32_MAX, 0),
	RX_FIELD(struct rtc, alarm_high, 0, UINT32_MAX, 0),
	RX_FIELD(struct rtc, alarm_running, 0, 1, 0),
	RX_FIELD(struct rtc, irq_pending, 0, 1, 0),
	RX_FIELD(struct rtc, irq_enabled, 0, 1, 0),
};

static uint64_t rtc_now(struct rx_dev *dev)
{
	return rx_clock_wall(dev->vm) + ((struct rtc *)dev->state)->offset;
}

static void update_irq(struct rx_dev *dev)
{
	const struct rtc *r = dev->state;

	rx_irq_set(&dev->irq, r->irq_pending && r->irq_enabled);
}

/* Raises the alarm if it is due, else arms the timer for it. */
static void update_alarm(struct rx_dev *dev)
{
	struct rtc *r = dev->state;
	const uint64_t now = rtc_now(dev), clock = rx_clock_now(dev->vm);

	if (!r->alarm_running) {
		if (r->timer.armed)
			rx_timer_cancel(dev->vm, &r->timer);
		return;
	}
	if (r->alarm <= now) {
		r->alarm_running = 0;
		r->irq_pending = 1;
		if (r->timer.armed)
			rx_timer_cancel(dev->vm, &r->timer);
		update_irq(dev);
	} else if (r->alarm - now < UINT64_MAX - clock) {
		rx_timer_arm(dev->vm, &r->timer, clock + (r->alarm - now));
	}
}

static void alarm_fired(void *opaque)
{
	update_alarm(opaque);
}

static uint64_t rtc_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	struct rtc *r = dev->state;
	uint64_t now;

	(void)size;
	switch (offset) {
	case TIME_LOW:
		now = rtc_now(dev);
		r->time_high = (uint32_t)(now >> 32);
		return (uint32_t)now;
	case TIME_HIGH:
		return r->time_high;
	case ALARM_LOW:
		return (uint32_t)r->alarm;
	case ALARM_HIGH:
		return (uint32_t)(r->alarm >> 32);
	case IRQ_ENABLED:
		return r->irq_enabled;
	case ALARM_STATUS:
		return r->alarm_running;
	default:
		return 0;
	}
}

static void rtc_write(struct rx_dev *dev, uint64_t offset, unsigned size,
		      uint64_t value)
{
	struct rtc *r = dev->state;
	const uint32_t v = (uint32_t)value;

	(void)size;
	switch (offset) {
	case TIME_LOW:
		r->offset += ((uint64_t)r->set_high << 32 | v) - rtc_now(dev);
		update_alarm(dev);
		break;
	case TIME_HIGH:
		r->set_high = v;
		break;
	case ALARM_LOW:
		r->alarm = (uint64_t)r->alarm_high << 32 | v;
		r->alarm_running = 1;
		update_alarm(dev);
		break;
	case ALARM_HIGH:
		r->alarm_high = v;
		break;
	case IRQ_ENABLED:
		r->irq_enabled = v & 1;
		update_irq(dev);
		break;
	case CLEAR_ALARM:
		r->alarm_running = 0;
		update_alarm(dev);
		break;
	case CLEAR_INTERRUPT:
		r->irq_pending = 0;
		update_irq(dev);
		break;
	default:
		break;
	}
}

static void rtc_reset(struct rx_dev *dev)
{
	update_alarm(dev);
	update_irq(dev);
}

static rax_status rtc_post_load(struct rx_dev *dev, rax_error *err)
{
	(void)err;
	rtc_reset(dev);		/* derives timer and line from the fields */
	return RAX_OK;
}

static rax_status rtc_fdt(struct rx_dev *dev, void *fdt, int soc)
{
	return rx_fdt_status(RX_FDT_NODE(dev, fdt, soc, "rtc",
					 "google,goldfish-rtc"));
}

static void rtc_fini(struct rx_dev *dev)
{
	struct rtc *r = dev->state;

	if (r->timer.armed)
		rx_timer_cancel(dev->vm, &r->timer);
}

static const struct rx_dev_class rtc_class = {
	.name = "goldfish-rtc", .help = "real-time clock", .version = 1,
	.state_size = sizeof(struct rtc),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	.access_sizes = 4,
	.read = rtc_read, .write = rtc_write, .reset = rtc_reset,
	.fdt = rtc_fdt, .post_load = rtc_post_load, .fini = rtc_fini,
};

struct rx_dev *rx_goldfish_rtc_new(struct rx_vm *vm)
{
	struct rx_dev *dev = rx_vm_new_dev(vm, &rtc_class);
	struct rtc *r;

	if (!dev)
		return NULL;
	r = dev->state;
	r->timer.fire = alarm_fired;
	r->timer.opaque = dev;
	return dev;
}
