/* virtt.c - a virtio driver for tests. SPDX-License-Identifier: MIT */
#include "virtt.h"

#include <string.h>

uint32_t virtt_rd(struct virtt *v, unsigned reg)
{
	return (uint32_t)devt_read(&v->t, reg, 4);
}

void virtt_wr(struct virtt *v, unsigned reg, uint32_t value)
{
	devt_write(&v->t, reg, 4, value);
}

void virtt_wr64(struct virtt *v, unsigned reg, uint64_t value)
{
	virtt_wr(v, reg, (uint32_t)value);
	virtt_wr(v, reg + 4, (uint32_t)(value >> 32));
}

void virtt_put(struct virtt *v, uint64_t pa, const void *buf, size_t len)
{
	CU_ASSERT_EQUAL(rx_mem_write(&v->t.vm.mem, pa, buf, len), RAX_OK);
}

void virtt_get(struct virtt *v, uint64_t pa, void *buf, size_t len)
{
	CU_ASSERT_EQUAL(rx_mem_read(&v->t.vm.mem, pa, buf, len), RAX_OK);
}

uint16_t virtt_get16(struct virtt *v, uint64_t pa)
{
	uint16_t x;

	virtt_get(v, pa, &x, sizeof(x));
	return x;
}

void virtt_put16(struct virtt *v, uint64_t pa, uint16_t value)
{
	virtt_put(v, pa, &value, sizeof(value));
}

void virtt_start(struct virtt *v, struct rx_dev *dev, uint64_t features,
		 unsigned nq, unsigned num)
{
	devt_attach(&v->t, dev, 0x1000);
	v->num = num;
	memset(v->avail, 0, sizeof(v->avail));
	memset(v->seen, 0, sizeof(v->seen));
	virtt_wr(v, VT_STATUS, 0);
	virtt_wr(v, VT_STATUS, 1);
	virtt_wr(v, VT_STATUS, 3);
	for (unsigned i = 0; i < 2; i++) {
		virtt_wr(v, VT_FEATURES_SEL, i);
		virtt_wr(v, VT_DRIVER_SEL, i);
		virtt_wr(v, VT_DRIVER, virtt_rd(v, VT_FEATURES) &
			 (uint32_t)(features >> 32 * i));
	}
	virtt_wr(v, VT_STATUS, 0xb);
	CU_ASSERT_EQUAL(virtt_rd(v, VT_STATUS), 0xb);
	for (unsigned q = 0; q < nq; q++) {
		virtt_wr(v, VT_QSEL, q);
		CU_ASSERT_EQUAL(virtt_rd(v, VT_QREADY), 0);
		CU_ASSERT_TRUE(virtt_rd(v, VT_QMAX) >= num);
		virtt_wr(v, VT_QNUM, num);
		virtt_wr64(v, VT_DESC, VT_DESC_AT(q));
		virtt_wr64(v, VT_AVAIL, VT_AVAIL_AT(q));
		virtt_wr64(v, VT_USED, VT_USED_AT(q));
		virtt_wr(v, VT_QREADY, 1);
		CU_ASSERT_EQUAL(virtt_rd(v, VT_QREADY), 1);
	}
	virtt_wr(v, VT_STATUS, 0xf);
	CU_ASSERT_EQUAL(virtt_rd(v, VT_STATUS), 0xf);
}

void virtt_desc(struct virtt *v, uint64_t table, unsigned i, uint64_t addr,
		uint32_t len, unsigned flags, unsigned next)
{
	const struct {
		uint64_t addr;
		uint32_t len;
		uint16_t flags, next;
	} d = { addr, len, (uint16_t)flags, (uint16_t)next };

	virtt_put(v, table + 16 * (uint64_t)i, &d, sizeof(d));
}

void virtt_offer(struct virtt *v, unsigned q, unsigned head)
{
	virtt_put16(v, VT_AVAIL_AT(q) + 4 + 2 * (v->avail[q] % v->num),
		    (uint16_t)head);
	virtt_put16(v, VT_AVAIL_AT(q) + 2, ++v->avail[q]);
	virtt_wr(v, VT_NOTIFY, q);
}

bool virtt_used(struct virtt *v, unsigned q, uint32_t *head, uint32_t *len)
{
	uint32_t e[2];

	if (virtt_get16(v, VT_USED_AT(q) + 2) == v->seen[q])
		return false;
	virtt_get(v, VT_USED_AT(q) + 4 + 8 * (v->seen[q]++ % v->num), e, 8);
	*head = e[0];
	*len = e[1];
	return true;
}

bool virtt_broken(struct virtt *v)
{
	return virtt_rd(v, VT_STATUS) & 0x40;
}
