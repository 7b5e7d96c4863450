/* flat.h - memory without an MMU. SPDX-License-Identifier: MIT
 *
 * For processors that run without address translation: an address is a
 * physical one, everything that is RAM may be read, written and executed, and
 * devices are reached too. Sizes are 1, 2, 4, 8 or 16 bytes, values
 * little-endian; alignment is the caller's business.
 */
#ifndef RX_CORE_FLAT_H
#define RX_CORE_FLAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cpu.h"

/*
 * false: some byte is neither RAM nor the device that the first one is; then
 * nothing happened, and *bad is the first such address.
 */
bool rx_flat_load(struct rx_cpu *cpu, uint64_t pa, unsigned size,
		  unsigned __int128 *value, uint64_t *bad);
bool rx_flat_store(struct rx_cpu *cpu, uint64_t pa, unsigned size,
		   unsigned __int128 value, uint64_t *bad);
/* Whole blocks, RAM only: [pa, pa + len) is copied, or nothing. */
bool rx_flat_read(struct rx_cpu *cpu, uint64_t pa, void *buf, uint64_t len,
		  uint64_t *bad);
bool rx_flat_write(struct rx_cpu *cpu, uint64_t pa, const void *buf,
		   uint64_t len, uint64_t *bad);
/* May [pa, pa + len) be accessed as RAM? */
bool rx_flat_probe(struct rx_cpu *cpu, uint64_t pa, uint64_t len, uint64_t *bad);
/* As isa->fetch, but for recording the fault; blocks of the page may be translated. */
bool rx_flat_fetch(struct rx_cpu *cpu, uint64_t pa, const uint8_t **host,
		   unsigned *avail);
/*
 * Where an atomic read-modify-write of RAM works; the caller writes at once.
 * NULL, *bad as above: [pa, pa + size) is not RAM.
 */
void *rx_flat_host_rw(struct rx_cpu *cpu, uint64_t pa, unsigned size, uint64_t *bad);

#endif
