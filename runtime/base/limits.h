/* limits.h - every cap on what files and guests may ask for. SPDX-License-Identifier: MIT */
#ifndef RX_BASE_LIMITS_H
#define RX_BASE_LIMITS_H

#include <stdint.h>

#define RX_KIB (UINT64_C(1) << 10)
#define RX_MIB (UINT64_C(1) << 20)
#define RX_GIB (UINT64_C(1) << 30)

/* files */
#define RX_LIMIT_CONFIG_FILE (1 * RX_MIB)
#define RX_LIMIT_IMAGE_FILE (2 * RX_GIB)	/* kernel, firmware, initrd */
#define RX_LIMIT_DTB_FILE (16 * RX_MIB)

/* configuration (base/toml) */
#define RX_LIMIT_TOML_DEPTH 32			/* nested tables and arrays */
#define RX_LIMIT_TOML_VALUES 10000		/* and tables */

/* guest memory */
#define RX_LIMIT_RAM (UINT64_C(1) << 40)

/* translated code, of one cpu */
#define RX_LIMIT_BLOCK_BYTES (128 * RX_MIB)	/* of the threaded engine */
#define RX_LIMIT_CODE_BYTES (64 * RX_MIB)	/* of the interpreter of SMIR */
#define RX_LIMIT_BLOCK_INSNS 64

/* one function of the intermediate representation */
#define RX_LIMIT_SMIR_OPS 16384
#define RX_LIMIT_SMIR_VALUES 16384
#define RX_LIMIT_SMIR_BLOCKS 1024
#define RX_LIMIT_SMIR_INSNS 256
#define RX_LIMIT_SMIR_POOL 8192		/* elements of constant tables, tables */

/* guest-triggered log messages: of each site, a second */
#define RX_LIMIT_LOG_RATE 10

#endif
