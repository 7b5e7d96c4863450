/* private.h - what a Hexagon thread keeps besides its registers. SPDX-License-Identifier: MIT */
#ifndef RX_CPU_HEXAGON_PRIVATE_H
#define RX_CPU_HEXAGON_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#define RX_HEXAGON_STORES 4	/* of a packet: two words may be written, each with a pair */
#define RX_HEXAGON_STORE_MAX 128	/* bytes, of a vector */

/* A store of the packet that runs; it is done when the packet ends. */
struct rx_hexagon_store {
	uint64_t va;
	unsigned size;
	uint8_t bytes[RX_HEXAGON_STORE_MAX];
	uint8_t mask[RX_HEXAGON_STORE_MAX];	/* bytes that are written */
};

struct rx_hexagon_private {
	unsigned nstores;
	bool drops_reservation;	/* the packet has a conditional store */
	bool sets_reservation;
	uint64_t reservation;	/* what a locked load of the packet watches */
	struct rx_hexagon_store stores[RX_HEXAGON_STORES];
};

#endif
