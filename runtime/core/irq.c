/* irq.c - interrupt lines. SPDX-License-Identifier: MIT */
#include "core/bus.h"

void rx_irq_set(struct rx_irq *irq, bool level)
{
	if (irq->level == level)
		return;
	irq->level = level;
	if (irq->set)
		irq->set(irq->sink, irq->line, level);
}
