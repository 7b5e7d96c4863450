/* lift.h - instructions in the intermediate representation. SPDX-License-Identifier: MIT */
#ifndef RAX_LIFT_H
#define RAX_LIFT_H

#include <stddef.h>
#include <stdint.h>

#include <rax/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Lifts the instructions at bytes (size of them), which stand at address, to
 * one SMIR function: up to the first that ends a block, such as a jump, 64 of
 * them at most. Writes its text, cut to text_size - 1 bytes and terminated, its
 * whole length to *length, and how many bytes were lifted to *used.
 *
 * RAX_EFORMAT: no instruction, or cut off; offset says where. RAX_EINVAL:
 * unknown isa. RAX_ENOMEM.
 */
RAX_MUST_CHECK rax_status rax_lift(const char *isa, const uint8_t *bytes,
				   size_t size, uint64_t address, char *text,
				   size_t text_size, size_t *length,
				   size_t *used, rax_error *err);

/*
 * Compiles them as the engine "jit" does, at the optimiser's level 0 to 2, and
 * tells, line by line, what they became: for each region the guest's code, the
 * operations after each pass, and the host's code. Blocks that lead to each
 * other are one region. Nothing is run.
 *
 * RAX_EFORMAT: no instruction, or cut off; offset says where. RAX_EINVAL:
 * unknown isa or level. RAX_ENOTSUP: this build or processor has no JIT.
 * RAX_ERANGE: there is too much of it. RAX_ENOMEM.
 */
RAX_MUST_CHECK rax_status rax_compile(const char *isa, const uint8_t *bytes,
				      size_t size, uint64_t address, uint32_t level,
				      void (*line)(void *opaque, const char *line),
				      void *opaque, rax_error *err);

#ifdef __cplusplus
}
#endif
#endif
