/* lift_api.c - the public lifter. SPDX-License-Identifier: MIT */
#include <rax/lift.h>

#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "core/isa.h"
#include "machine/isas.h"
#include "smir/build.h"
#include "smir/text.h"
#include "smir/verify.h"

rax_status rx_isa_decode(const struct rx_isa_mode *mode, const uint8_t *bytes, size_t size,
			 size_t at, uint64_t address, struct rx_insn i[RX_INSN_RECORDS],
			 rax_error *err)
{
	const struct rx_isa *isa = mode->isa;
	const unsigned avail = size - at > isa->max_len ? isa->max_len : (unsigned)(size - at);

	memset(i, 0, RX_INSN_RECORDS * sizeof(*i));
	i->pc = address + at;
	i->len = (uint8_t)isa->decode(mode->mode_key, bytes + at, avail, i);
	if (!i->len)
		return rx_err_at(err, RAX_EFORMAT, at,
				 "the instruction is cut off after %u bytes", avail);
	if (!i->id)
		return rx_err_at(err, RAX_EFORMAT, at, "%0*llx is not an instruction of %s",
			      2 * i->len, (unsigned long long)i->imm, isa->name);
	return RAX_OK;
}

static rax_status lift_all(struct rx_smir_fn *f, const struct rx_isa_mode *mode,
			   const uint8_t *bytes, size_t size, uint64_t address, size_t *used,
			   rax_error *err)
{
	bool ends = false;
	size_t at = 0;
	rax_status status;

	while (at < size && !ends && f->insns.n < RX_LIMIT_BLOCK_INSNS) {
		struct rx_insn i[RX_INSN_RECORDS];

		status = rx_isa_decode(mode, bytes, size, at, address, i, err);
		if (status)
			return status;
		rx_smir_insn(f, i);
		mode->isa->lift(f, i);
		ends = mode->isa->info[i->id].flags & RX_INSN_ENDS_BLOCK;
		at += i->len;
	}
	rx_smir_finish(f, address + at);
	*used = at;
	if (f->error)
		return rx_err(err, RAX_ENOMEM, "%s", f->error);
	return rx_smir_verify(f, err);
}

rax_status rax_lift(const char *isa_name, const uint8_t *bytes, size_t size,
		    uint64_t address, char *text, size_t text_size,
		    size_t *length, size_t *used, rax_error *err)
{
	const struct rx_isa_mode *mode = rx_isa_find(isa_name, err);
	struct rx_smir_fn f;
	rax_status status;

	if (!mode)
		return RAX_EINVAL;
	if (!size)
		return rx_err(err, RAX_EFORMAT, "there are no bytes to lift");
	rx_smir_init(&f, mode->isa);
	status = lift_all(&f, mode, bytes, size, address, used, err);
	if (!status)
		*length = rx_smir_print(&f, text, text_size);
	rx_smir_fini(&f);
	return status;
}
