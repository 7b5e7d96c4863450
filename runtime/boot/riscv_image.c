/* riscv_image.c - the RISC-V Linux Image header. SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "boot/riscv_image.h"

#define HEADER 64
#define MAGIC2_AT 56
#define MAGIC2 UINT32_C(0x05435352)	/* "RSC\5" */
#define BIG_ENDIAN_FLAG 1

static uint64_t le64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint32_t le32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * A kernel with an EFI stub is a PE file as well, whose section table says
 * how long it is: the only way to see that a file was cut.
 */
static rax_status check_pe(const uint8_t *data, size_t size, rax_error *err)
{
	uint32_t pe, at;
	unsigned n, k;

	if (data[0] != 'M' || data[1] != 'Z')
		return RAX_OK;
	pe = le32(data + 60);
	if (pe > size || size - pe < 24 || memcmp(data + pe, "PE\0\0", 4))
		return RAX_OK;
	n = data[pe + 6] | (unsigned)data[pe + 7] << 8;
	at = 24 + (data[pe + 20] | (uint32_t)data[pe + 21] << 8);
	for (k = 0; k < n && size - pe >= at + 40; k++, at += 40) {
		uint64_t end = (uint64_t)le32(data + pe + at + 16) +
			       le32(data + pe + at + 20);

		if (end > size)
			return rx_err_at(err, RAX_EFORMAT, size,
					 "RISC-V Image is cut off: its last section ends at %llu",
					 (unsigned long long)end);
	}
	return RAX_OK;
}

bool rx_riscv_image_probe(const uint8_t *data, size_t size)
{
	uint32_t magic;

	if (size < MAGIC2_AT + sizeof(magic))
		return false;
	memcpy(&magic, data + MAGIC2_AT, sizeof(magic));
	return magic == MAGIC2;
}

rax_status rx_riscv_image_open(struct rx_riscv_image *image,
			       const uint8_t *data, size_t size, rax_error *err)
{
	if (size < HEADER)
		return rx_err_at(err, RAX_EFORMAT, size, "RISC-V Image header is cut off");
	image->text_offset = le64(data + 8);
	image->image_size = le64(data + 16);
	if (le64(data + 24) & BIG_ENDIAN_FLAG)
		return rx_err_at(err, RAX_ENOTSUP, 24, "big-endian kernels are not supported");
	if (image->text_offset & (RX_MIB * 2 - 1) || image->text_offset > RX_LIMIT_RAM)
		return rx_err_at(err, RAX_EFORMAT, 8,
				 "RISC-V Image wants to be loaded at offset %#llx, which is not "
				 "a multiple of 2 MiB in RAM",
				 (unsigned long long)image->text_offset);
	if (image->image_size > RX_LIMIT_RAM)
		return rx_err_at(err, RAX_EFORMAT, 16, "RISC-V Image wants %#llx bytes of memory",
				 (unsigned long long)image->image_size);
	/* image_size covers .bss; a file that is longer than that is corrupt, a
	 * shorter one was cut, but by how much of .bss nobody can say */
	if (image->image_size && size > image->image_size)
		return rx_err_at(err, RAX_EFORMAT, 16,
				 "RISC-V Image is longer (%zu bytes) than its header says (%llu)",
				 size, (unsigned long long)image->image_size);
	if (image->image_size < size)
		image->image_size = size;
	return check_pe(data, size, err);
}
