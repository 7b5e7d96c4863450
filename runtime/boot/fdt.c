/* fdt.c - device trees: checking, /chosen, room to edit. SPDX-License-Identifier: MIT */
#include "boot/fdt.h"

#include <libfdt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"

/* Bytes that /chosen takes besides its values: tags, names, cells. */
#define CHOSEN_OVERHEAD 512

rax_status rx_fdt_check(const void *blob, size_t size, rax_error *err)
{
	int e;

	if (size < sizeof(struct fdt_header) ||
	    fdt_magic(blob) != FDT_MAGIC)
		return rx_err(err, RAX_EFORMAT, "not a device tree blob (no FDT magic)");
	if (fdt_totalsize(blob) > size)
		return rx_err(err, RAX_EFORMAT, "truncated: the header says %u bytes, "
			      "the file has %zu", fdt_totalsize(blob), size);
	e = fdt_check_full(blob, size);
	if (e)
		return rx_err(err, RAX_EFORMAT, "malformed device tree: %s",
			      fdt_strerror(e));
	return RAX_OK;
}

rax_status rx_fdt_new(struct rx_fdt *fdt, size_t room, rax_error *err)
{
	fdt->room = room;
	fdt->blob = room <= INT_MAX ? malloc(room) : NULL;
	if (!fdt->blob || fdt_create_empty_tree(fdt->blob, (int)room)) {
		rx_fdt_fini(fdt);
		return rx_err(err, RAX_ENOMEM, "device tree: no memory");
	}
	return RAX_OK;
}

rax_status rx_fdt_copy(struct rx_fdt *fdt, const void *blob, size_t size,
		       const struct rx_fdt_chosen *chosen, rax_error *err)
{
	const size_t args = chosen->bootargs ? strlen(chosen->bootargs) : 0;
	rax_status status = rx_fdt_check(blob, size, err);
	int e;

	*fdt = (struct rx_fdt){ 0 };
	if (status != RAX_OK)
		return status;
	fdt->room = (size_t)fdt_totalsize(blob) + args + chosen->rng_seed_len +
		    CHOSEN_OVERHEAD;
	if (fdt->room > RX_LIMIT_DTB_FILE)
		return rx_err(err, RAX_ERANGE, "device tree of more than %u MiB",
			      (unsigned)(RX_LIMIT_DTB_FILE / RX_MIB));
	fdt->blob = malloc(fdt->room);
	if (!fdt->blob)
		return rx_err(err, RAX_ENOMEM, "device tree: no memory");
	e = fdt_open_into(blob, fdt->blob, (int)fdt->room);
	if (e)
		status = rx_err(err, RAX_EFORMAT, "malformed device tree: %s",
				fdt_strerror(e));
	else
		status = rx_fdt_set_chosen(fdt->blob, chosen, err);
	if (status != RAX_OK)
		rx_fdt_fini(fdt);
	return status;
}

void rx_fdt_fini(struct rx_fdt *fdt)
{
	free(fdt->blob);
	*fdt = (struct rx_fdt){ 0 };
}

rax_status rx_fdt_set_chosen(void *blob, const struct rx_fdt_chosen *c,
			     rax_error *err)
{
	int node = fdt_path_offset(blob, "/chosen"), e;

	if (node == -FDT_ERR_NOTFOUND)
		node = fdt_add_subnode(blob, 0, "chosen");
	e = node < 0 ? node : 0;
	if (!e && c->bootargs)
		e = fdt_setprop_string(blob, node, "bootargs", c->bootargs);
	if (!e && c->initrd_start != c->initrd_end) {
		e = fdt_setprop_u64(blob, node, "linux,initrd-start", c->initrd_start);
		if (!e)
			e = fdt_setprop_u64(blob, node, "linux,initrd-end",
					    c->initrd_end);
	}
	if (!e && c->rng_seed_len)
		e = fdt_setprop(blob, node, "rng-seed", c->rng_seed,
				(int)c->rng_seed_len);
	if (!e)
		return RAX_OK;
	return rx_err(err, e == -FDT_ERR_NOSPACE ? RAX_ENOMEM : RAX_EFORMAT,
		      "device tree: /chosen: %s", fdt_strerror(e));
}

size_t rx_fdt_pack(struct rx_fdt *fdt)
{
	fdt_pack(fdt->blob);
	return fdt_totalsize(fdt->blob);
}
