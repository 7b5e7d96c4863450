/* devices.h - constructors of the devices. SPDX-License-Identifier: MIT
 *
 * Each makes a device that belongs to the vm and is on no bus yet; NULL: no
 * memory. The machine sets base, size, irq_number and irq, and adds it to the
 * bus. Back ends stay the caller's and outlive the vm's last run; NULL ones
 * are allowed (no console, no disk).
 */
#ifndef RX_DEV_DEVICES_H
#define RX_DEV_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/bus.h"
#include "core/vm.h"

struct rx_char;
struct rx_block;

/* NS16550A, registers one byte apart. */
#define RX_UART_CLOCK 3686400	/* Hz */
struct rx_dev *rx_uart16550_new(struct rx_vm *vm, struct rx_char *chr);

/* Goldfish real-time clock: follows rx_clock_wall(). */
struct rx_dev *rx_goldfish_rtc_new(struct rx_vm *vm);

/* SiFive test finisher: power-off and reset. */
struct rx_dev *rx_sifive_test_new(struct rx_vm *vm);

/*
 * CLINT (the ACLINT's MSWI, MTIMER in one). For hart h, out[h].msip and .mtip
 * are its lines; set_offset (may be NULL) is told when a write to mtime moves
 * the time against the machine's clock, in ticks.
 */
#define RX_CLINT_HZ 10000000
struct rx_clint_hart {
	struct rx_irq msip, mtip;
	uint32_t intc_phandle;
};
struct rx_dev *rx_clint_new(struct rx_vm *vm, unsigned nharts,
			    const struct rx_clint_hart *harts,
			    void (*set_offset)(struct rx_cpu *cpu, uint64_t ticks));

/*
 * SiFive PLIC: contexts 2h (M) and 2h + 1 (S) of hart h. rx_plic_irq() is the
 * sink of its sources, with the struct rx_dev * as sink and the source's
 * number as line.
 */
#define RX_PLIC_SOURCES 95	/* 1 ... 95 */
struct rx_plic_hart {
	struct rx_irq mext, sext;
	uint32_t intc_phandle;
};
struct rx_dev *rx_plic_new(struct rx_vm *vm, unsigned nharts,
			   const struct rx_plic_hart *harts);
void rx_plic_irq(void *sink, unsigned line, bool level);

/* virtio-mmio transports with a device, or none behind them. */
struct rx_dev *rx_virtio_none_new(struct rx_vm *vm);
struct rx_dev *rx_virtio_blk_new(struct rx_vm *vm, struct rx_block *blk);
struct rx_dev *rx_virtio_console_new(struct rx_vm *vm, struct rx_char *chr);
/* seeded: a repeatable generator instead of the host's entropy. */
struct rx_dev *rx_virtio_rng_new(struct rx_vm *vm, bool seeded, uint64_t seed);

#endif
