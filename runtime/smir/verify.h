/* verify.h - does a SMIR function make sense? SPDX-License-Identifier: MIT */
#ifndef RX_SMIR_VERIFY_H
#define RX_SMIR_VERIFY_H

#include "rax/error.h"
#include "smir/smir.h"

/*
 * Checks a function as a whole: it was built without error; every block is
 * there, reached, and ends once; types fit the operation table; a value is
 * defined on every way to its use, and above it in the text; edges bring a
 * block's parameters; on every way to a block the same guest instruction is
 * current, and instructions only go forward; inside one nothing that may fault
 * comes behind what it has written, and nothing at all behind its exit but
 * another exit; offsets of guest state are inside the state struct (with an
 * isa), numbers fit their types, tables exist.
 *
 * RAX_EFORMAT: *err says where ("@2, operation 3: ..."). RAX_ENOMEM.
 */
RAX_MUST_CHECK rax_status rx_smir_verify(const struct rx_smir_fn *f,
					 rax_error *err);

#endif
