/* private.h - what a Hexagon thread keeps besides its registers. SPDX-License-Identifier: MIT */
#ifndef RX_CPU_HEXAGON_PRIVATE_H
#define RX_CPU_HEXAGON_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#define RX_HEXAGON_STORES 264	/* of a packet: two vectors by bytes, and more */

/* A store of the packet that runs; it is done when the packet ends. */
struct rx_hexagon_store {
	uint64_t va;
	unsigned size;
	bool vector;	/* says where a vector is: others are its elements */
	uint8_t bytes[8];
};

struct rx_hexagon_private {
	unsigned nstores;
	bool drops_reservation;	/* the packet has a conditional store */
	bool sets_reservation;
	uint64_t reservation;	/* what a locked load of the packet watches */
	struct rx_hexagon_store stores[RX_HEXAGON_STORES];
};

#endif
