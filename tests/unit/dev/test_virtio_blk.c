/* test_virtio_blk.c - disk requests. SPDX-License-Identifier: MIT */
#include <string.h>

#include "dev/devices.h"
#include "io/block.h"
#include "suites.h"
#include "virtt.h"

#define SECTORS 300
#define F_RO (UINT64_C(1) << 5)
#define F_FLUSH (UINT64_C(1) << 9)
#define HEADER (DEVT_RAM + 0x9000)
#define STATUS (DEVT_RAM + 0x9100)

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8 };

static struct virtt v;
static struct rx_block *disk;

static void setup(bool read_only)
{
	uint8_t sector[RX_SECTOR];

	devt_init(&v.t);
	CU_ASSERT_EQUAL_FATAL(rx_block_cow_new(&disk, NULL, SECTORS, NULL), RAX_OK);
	for (unsigned s = 0; s < SECTORS; s++) {
		memset(sector, (int)s, sizeof(sector));
		CU_ASSERT_EQUAL(rx_block_write(disk, s, sector, 1), RAX_OK);
	}
	disk->read_only = read_only;
	memcpy(disk->id, "disk-0", 6);
	virtt_start(&v, rx_virtio_blk_new(&v.t.vm, disk),
		    VT_F_V1 | VT_F_INDIRECT | F_RO | F_FLUSH, 1, 16);
}

static void teardown(void)
{
	devt_fini(&v.t);
	rx_block_free(disk);
}

/* One request with len bytes of data at VT_BUF; returns the status byte. */
static unsigned request(uint32_t type, uint64_t sector, uint32_t len,
			uint32_t *written)
{
	const struct {
		uint32_t type, reserved;
		uint64_t sector;
	} h = { type, 0, sector };
	uint8_t status = 0xff;
	uint32_t head;

	virtt_put(&v, HEADER, &h, sizeof(h));
	virtt_put(&v, STATUS, &status, 1);
	virtt_desc(&v, VT_DESC_AT(0), 0, HEADER, 16, VT_NEXT, len ? 1 : 2);
	virtt_desc(&v, VT_DESC_AT(0), 1, VT_BUF, len,
		   VT_NEXT | (type == OUT ? 0 : VT_WRITE), 2);
	virtt_desc(&v, VT_DESC_AT(0), 2, STATUS, 1, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, written));
	CU_ASSERT_TRUE(v.t.irq);
	virtt_wr(&v, VT_IACK, 3);
	virtt_get(&v, STATUS, &status, 1);
	return status;
}

static void test_config(void)
{
	setup(false);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_DEVICE), 2);
	CU_ASSERT_EQUAL(devt_read(&v.t, VT_CONFIG, 8), SECTORS);
	CU_ASSERT_EQUAL(devt_read(&v.t, VT_CONFIG, 4), SECTORS);
	CU_ASSERT_EQUAL(devt_read(&v.t, VT_CONFIG + 1, 1), SECTORS >> 8);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_CONFIG + 12), 254);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_CONFIG + 20), 512);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_CONFIG + 24), 0);
	CU_ASSERT_EQUAL(devt_read(&v.t, 0xff8, 8), 0);
	virtt_wr(&v, VT_CONFIG, 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_CONFIG), SECTORS);
	virtt_wr(&v, VT_FEATURES_SEL, 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_FEATURES) & F_RO, 0);
	teardown();
	setup(true);
	virtt_wr(&v, VT_FEATURES_SEL, 0);
	CU_ASSERT_EQUAL(virtt_rd(&v, VT_FEATURES) & F_RO, F_RO);
	teardown();
}

static void test_read_write(void)
{
	static uint8_t buf[200 * RX_SECTOR], back[200 * RX_SECTOR];
	uint32_t written;

	setup(false);
	CU_ASSERT_EQUAL(request(IN, 77, RX_SECTOR, &written), 0);
	CU_ASSERT_EQUAL(written, RX_SECTOR + 1);
	virtt_get(&v, VT_BUF, buf, RX_SECTOR);
	for (unsigned i = 0; i < RX_SECTOR; i++)
		CU_ASSERT_EQUAL(buf[i], 77);
	/* more than the bounce buffer */
	for (unsigned i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(i * 7 + (i >> 8));
	virtt_put(&v, VT_BUF, buf, sizeof(buf));
	CU_ASSERT_EQUAL(request(OUT, 100, sizeof(buf), &written), 0);
	CU_ASSERT_EQUAL(written, 1);
	memset(back, 0, sizeof(back));
	virtt_put(&v, VT_BUF, back, sizeof(back));
	CU_ASSERT_EQUAL(request(IN, 100, sizeof(buf), &written), 0);
	virtt_get(&v, VT_BUF, back, sizeof(back));
	CU_ASSERT_EQUAL(memcmp(buf, back, sizeof(buf)), 0);
	CU_ASSERT_EQUAL(rx_block_read(disk, 100, back, 200), RAX_OK);
	CU_ASSERT_EQUAL(memcmp(buf, back, sizeof(buf)), 0);
	teardown();
}

static void test_other_requests(void)
{
	char id[21] = "";
	uint32_t written;

	setup(false);
	CU_ASSERT_EQUAL(request(FLUSH, 0, 0, &written), 0);
	CU_ASSERT_EQUAL(request(GET_ID, 0, 20, &written), 0);
	CU_ASSERT_EQUAL(written, 21);
	virtt_get(&v, VT_BUF, id, 20);
	CU_ASSERT_STRING_EQUAL(id, "disk-0");
	CU_ASSERT_EQUAL(request(GET_ID, 0, 4, &written), 0);
	CU_ASSERT_EQUAL(written, 5);
	CU_ASSERT_EQUAL(request(99, 0, 16, &written), 2);
	CU_ASSERT_EQUAL(written, 1);
	CU_ASSERT_EQUAL(request(0xffffffff, 0, 0, &written), 2);
	teardown();
}

static void test_bounds(void)
{
	uint32_t written;

	setup(false);
	CU_ASSERT_EQUAL(request(IN, SECTORS - 1, RX_SECTOR, &written), 0);
	CU_ASSERT_EQUAL(request(IN, SECTORS, RX_SECTOR, &written), 1);
	CU_ASSERT_EQUAL(written, 1);
	CU_ASSERT_EQUAL(request(IN, SECTORS - 1, 2 * RX_SECTOR, &written), 1);
	CU_ASSERT_EQUAL(request(IN, UINT64_MAX, RX_SECTOR, &written), 1);
	CU_ASSERT_EQUAL(request(IN, UINT64_C(1) << 55, RX_SECTOR, &written), 1);
	CU_ASSERT_EQUAL(request(IN, 0, 100, &written), 1);
	CU_ASSERT_EQUAL(request(IN, 0, 0, &written), 0);
	CU_ASSERT_EQUAL(request(OUT, SECTORS, RX_SECTOR, &written), 1);
	CU_ASSERT_EQUAL(request(OUT, SECTORS - 1, 2 * RX_SECTOR, &written), 1);
	CU_ASSERT_EQUAL(request(OUT, 0, 511, &written), 1);
	CU_ASSERT_EQUAL(disk->sectors, SECTORS);
	CU_ASSERT_FALSE(virtt_broken(&v));
	teardown();
	setup(true);
	CU_ASSERT_EQUAL(request(IN, 3, RX_SECTOR, &written), 0);
	CU_ASSERT_EQUAL(request(OUT, 3, RX_SECTOR, &written), 1);
	teardown();
}

/* Header and data may be cut anywhere. */
static void test_odd_segments(void)
{
	uint32_t head, len;
	uint8_t status = 0xff, header[16] = { OUT }, byte, sector[RX_SECTOR];

	setup(false);
	header[8] = 9;
	virtt_put(&v, HEADER, header, sizeof(header));
	virtt_put(&v, STATUS, &status, 1);
	for (unsigned i = 0; i < RX_SECTOR; i++) {
		byte = (uint8_t)(i ^ 0x5a);
		virtt_put(&v, VT_BUF + i, &byte, 1);
	}
	virtt_desc(&v, VT_DESC_AT(0), 0, HEADER, 5, VT_NEXT, 1);
	virtt_desc(&v, VT_DESC_AT(0), 1, HEADER + 5, 10, VT_NEXT, 2);
	virtt_desc(&v, VT_DESC_AT(0), 2, HEADER + 15, 1, VT_NEXT, 3);
	virtt_desc(&v, VT_DESC_AT(0), 3, VT_BUF, 500, VT_NEXT, 4);
	virtt_desc(&v, VT_DESC_AT(0), 4, VT_BUF + 500, 12, VT_NEXT, 5);
	virtt_desc(&v, VT_DESC_AT(0), 5, STATUS, 1, VT_WRITE, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	virtt_get(&v, STATUS, &status, 1);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(rx_block_read(disk, 9, sector, 1), RAX_OK);
	for (unsigned i = 0; i < RX_SECTOR; i++)
		CU_ASSERT_EQUAL(sector[i], (uint8_t)(i ^ 0x5a));
	teardown();
}

static void test_malformed(void)
{
	for (unsigned k = 0; k < 3; k++) {
		uint32_t head, len;

		setup(false);
		virtt_desc(&v, VT_DESC_AT(0), 0, HEADER, k == 0 ? 16 : 15,
			   k == 0 ? 0 : VT_NEXT, 1);	/* no status; short header */
		virtt_desc(&v, VT_DESC_AT(0), 1, STATUS, 1, VT_WRITE, 0);
		if (k == 2)
			virtt_desc(&v, VT_DESC_AT(0), 0, STATUS, 100, VT_WRITE, 0);
		virtt_offer(&v, 0, 0);
		CU_ASSERT_TRUE(virtt_broken(&v));
		CU_ASSERT_FALSE(virtt_used(&v, 0, &head, &len));
		teardown();
	}
}

/* A chain that asks for far more than a request may move ends at once. */
static void test_huge_request(void)
{
	uint32_t head, len;
	uint8_t status = 0xff, header[16] = { IN };
	const uint64_t table = DEVT_RAM + 0xc000;

	setup(false);
	virtt_put(&v, HEADER, header, sizeof(header));
	virtt_put(&v, STATUS, &status, 1);
	virtt_desc(&v, table, 0, HEADER, 16, VT_NEXT, 1);
	for (unsigned i = 1; i < 255; i++)
		virtt_desc(&v, table, i, DEVT_RAM + 0x20000, 0xe0000,
			   VT_WRITE | VT_NEXT, i + 1);
	virtt_desc(&v, table, 255, STATUS, 1, VT_WRITE, 0);
	virtt_desc(&v, VT_DESC_AT(0), 0, table, 256 * 16, VT_INDIRECT, 0);
	virtt_offer(&v, 0, 0);
	CU_ASSERT_TRUE(virtt_used(&v, 0, &head, &len));
	virtt_get(&v, STATUS, &status, 1);
	CU_ASSERT_EQUAL(status, 1);
	teardown();
}

CU_TestInfo dev_virtio_blk_tests[] = {
	{ "configuration", test_config },
	{ "read and write", test_read_write },
	{ "other requests", test_other_requests },
	{ "bounds", test_bounds },
	{ "odd segments", test_odd_segments },
	{ "malformed", test_malformed },
	{ "huge request", test_huge_request },
	CU_TEST_INFO_NULL,
};
