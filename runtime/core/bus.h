/* bus.h - MMIO dispatch and the device class. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_BUS_H
#define RX_CORE_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

struct rx_vm;
struct rx_dev;

enum rx_field_type { RX_FIELD_UINT, RX_FIELD_BYTES };

/* One state field of a device: checkpoint, reset, info and range validation come from this. */
struct rx_field {
	const char *name;
	uint32_t offset, size, count;	/* element size in bytes, elements */
	uint64_t min, max;		/* inclusive range of each element */
	uint64_t reset;
};
#define RX_FIELD(type, member, min_, max_, reset_) \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member), 1, min_, max_, reset_ }
#define RX_FIELD_ARRAY(type, member, min_, max_, reset_) \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member[0]), \
	  sizeof(((type *)0)->member) / sizeof(((type *)0)->member[0]), min_, max_, reset_ }

/* An interrupt line: sink is called on level changes only. */
struct rx_irq {
	void (*set)(void *sink, unsigned line, bool level);
	void *sink;
	unsigned line;
	bool level;
};
void rx_irq_set(struct rx_irq *irq, bool level);

/*
 * A device class: one .c file. read and write get an aligned offset and the
 * width in bytes, which the bus has checked against access_sizes (a bit mask
 * of 1 2 4 8).
 */
struct rx_dev_class {
	const char *name, *help;
	uint32_t version;
	uint32_t state_size;
	const struct rx_field *fields;
	unsigned nfields;
	unsigned access_sizes;
	uint64_t (*read)(struct rx_dev *dev, uint64_t offset, unsigned size);
	void (*write)(struct rx_dev *dev, uint64_t offset, unsigned size, uint64_t value);
	void (*reset)(struct rx_dev *dev);	/* after the field table's reset; may be NULL */
	/* Adds its device-tree node; may be NULL. */
	rax_status (*fdt)(struct rx_dev *dev, void *fdt, int soc_node);
	rax_status (*post_load)(struct rx_dev *dev, rax_error *err);	/* cross-field invariants */
	void (*fini)(struct rx_dev *dev);
};

/* An instance; state points to cls->state_size zeroed bytes owned by the vm. */
struct rx_dev {
	const struct rx_dev_class *cls;
	struct rx_vm *vm;
	void *state;
	uint64_t base, size;
	unsigned irq_number;	/* at the interrupt controller, for the device tree */
	struct rx_irq irq;
	uint32_t phandle;
	bool busy;		/* re-entrancy guard */
	struct rx_dev *next;
};

#define RX_BUS_MAX 64
struct rx_bus {
	unsigned n;
	struct rx_dev *dev[RX_BUS_MAX];	/* sorted by base */
};

/* Attaches dev at [base, base + size); refuses overlap. */
RAX_MUST_CHECK rax_status rx_bus_add(struct rx_bus *bus, struct rx_dev *dev, rax_error *err);
/*
 * size is 1, 2, 4 or 8. false, nothing happened: no device there, the width
 * is not allowed, not aligned, or the device is in an access already (the ISA
 * raises an access fault).
 */
bool rx_bus_read(struct rx_bus *bus, uint64_t pa, unsigned size, uint64_t *value);
bool rx_bus_write(struct rx_bus *bus, uint64_t pa, unsigned size, uint64_t value);

#endif
