/* virtt.h - a virtio driver for tests. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DEV_VIRTT_H
#define TESTS_UNIT_DEV_VIRTT_H

#include "devt.h"

/* Register offsets and bits, as the specification has them */
enum {
	VT_MAGIC = 0x000, VT_VERSION = 0x004, VT_DEVICE = 0x008, VT_VENDOR = 0x00c,
	VT_FEATURES = 0x010, VT_FEATURES_SEL = 0x014,
	VT_DRIVER = 0x020, VT_DRIVER_SEL = 0x024,
	VT_QSEL = 0x030, VT_QMAX = 0x034, VT_QNUM = 0x038, VT_QREADY = 0x044,
	VT_NOTIFY = 0x050, VT_ISTATUS = 0x060, VT_IACK = 0x064, VT_STATUS = 0x070,
	VT_DESC = 0x080, VT_AVAIL = 0x090, VT_USED = 0x0a0, VT_CONFIG = 0x100,
};
enum { VT_NEXT = 1, VT_WRITE = 2, VT_INDIRECT = 4 };
#define VT_F_INDIRECT (UINT64_C(1) << 28)
#define VT_F_EVENT (UINT64_C(1) << 29)
#define VT_F_V1 (UINT64_C(1) << 32)

/* Where the rings of queue q and the buffers are */
#define VT_DESC_AT(q) (DEVT_RAM + 0x4000 * (uint64_t)(q))
#define VT_AVAIL_AT(q) (VT_DESC_AT(q) + 0x1000)
#define VT_USED_AT(q) (VT_DESC_AT(q) + 0x2000)
#define VT_BUF (DEVT_RAM + 0x10000)

struct virtt {
	struct devt t;
	unsigned num;		/* queue size */
	uint16_t avail[2];	/* index that was last published */
	uint16_t seen[2];	/* used entries that were looked at */
};

/* Attaches dev, negotiates features (within the offered), sets up nq queues. */
void virtt_start(struct virtt *v, struct rx_dev *dev, uint64_t features,
		 unsigned nq, unsigned num);
uint32_t virtt_rd(struct virtt *v, unsigned reg);
void virtt_wr(struct virtt *v, unsigned reg, uint32_t value);
void virtt_wr64(struct virtt *v, unsigned reg, uint64_t value);
void virtt_desc(struct virtt *v, uint64_t table, unsigned i, uint64_t addr,
		uint32_t len, unsigned flags, unsigned next);
/* Publishes the chain that starts at head, and notifies. */
void virtt_offer(struct virtt *v, unsigned q, unsigned head);
/* The next used entry; false: there is none. */
bool virtt_used(struct virtt *v, unsigned q, uint32_t *head, uint32_t *len);
bool virtt_broken(struct virtt *v);
void virtt_put(struct virtt *v, uint64_t pa, const void *buf, size_t len);
void virtt_get(struct virtt *v, uint64_t pa, void *buf, size_t len);
uint16_t virtt_get16(struct virtt *v, uint64_t pa);
void virtt_put16(struct virtt *v, uint64_t pa, uint16_t value);

#endif
