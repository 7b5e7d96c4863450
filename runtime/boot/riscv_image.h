/* riscv_image.h - the RISC-V Linux Image header. SPDX-License-Identifier: MIT
 *
 * Linux, Documentation/arch/riscv/boot-image-header.rst.
 */
#ifndef RX_BOOT_RISCV_IMAGE_H
#define RX_BOOT_RISCV_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rax/error.h"

struct rx_riscv_image {
	uint64_t text_offset;	/* from the start of RAM, bytes */
	uint64_t image_size;	/* memory that it needs, file included */
};

bool rx_riscv_image_probe(const uint8_t *data, size_t size);
/* Reads and checks the header of a file of size bytes. */
RAX_MUST_CHECK rax_status rx_riscv_image_open(struct rx_riscv_image *image,
					      const uint8_t *data, size_t size,
					      rax_error *err);

#endif
