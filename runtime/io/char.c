/* char.c - what all console back ends share. SPDX-License-Identifier: MIT */
#include "io/char.h"

#include <stdlib.h>

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

void rx_char_init(struct rx_char *chr, const struct rx_char_ops *ops,
		  struct rx_vm *vm)
{
	chr->ops = ops;
	chr->vm = vm;
	chr->written_hash = FNV_BASIS;
}

void rx_char_attach(struct rx_char *chr, struct rx_char_user *user)
{
	if (!chr)
		return;
	user->next = chr->users;
	chr->users = user;
}

void rx_char_detach(struct rx_char *chr, struct rx_char_user *user)
{
	if (!chr)
		return;
	for (struct rx_char_user **p = &chr->users; *p; p = &(*p)->next) {
		if (*p == user) {
			*p = user->next;
			break;
		}
	}
	if (chr->active == user)
		chr->active = NULL;
}

static void notify(struct rx_char *chr)
{
	for (struct rx_char_user *u = chr->users; u && chr->count; u = u->next) {
		if (u->notify && (!chr->active || chr->active == u))
			u->notify(u->opaque);
	}
}

void rx_char_write(struct rx_char *chr, struct rx_char_user *user,
		   const void *buf, size_t len)
{
	const uint8_t *p = buf;

	if (!chr || !len)
		return;
	for (size_t i = 0; i < len; i++)
		chr->written_hash = (chr->written_hash ^ p[i]) * FNV_PRIME;
	chr->written += len;
	chr->ops->write(chr, p, len);
	if (chr->active != user) {
		chr->active = user;
		notify(chr);	/* what waited for another may be for it */
	}
}

size_t rx_char_read(struct rx_char *chr, struct rx_char_user *user, void *buf,
		    size_t len)
{
	uint8_t *p = buf;
	size_t n = 0;

	if (!chr || (chr->active && chr->active != user))
		return 0;
	chr->reading = true;
	if (!chr->count && chr->ops->room)
		chr->ops->room(chr);
	while (n < len && chr->count) {
		p[n++] = chr->queue[chr->head];
		chr->head = (chr->head + 1) % RX_CHAR_QUEUE;
		chr->count--;
	}
	if (n && chr->ops->room)
		chr->ops->room(chr);
	chr->reading = false;
	return n;
}

void rx_char_unread(struct rx_char *chr, const void *buf, size_t len)
{
	const uint8_t *p = buf;

	if (!chr)
		return;
	while (len && chr->count < RX_CHAR_QUEUE) {
		chr->head = (chr->head + RX_CHAR_QUEUE - 1) % RX_CHAR_QUEUE;
		chr->queue[chr->head] = p[--len];
		chr->count++;
	}
}

size_t rx_char_input(struct rx_char *chr, const void *buf, size_t len)
{
	const uint8_t *p = buf;
	size_t n = 0;

	while (n < len && chr->count < RX_CHAR_QUEUE) {
		chr->queue[(chr->head + chr->count) % RX_CHAR_QUEUE] = p[n++];
		chr->count++;
	}
	if (n && chr->tap)
		chr->tap(chr->tap_opaque, rx_clock_now(chr->vm), p, n);
	if (n && !chr->reading)
		notify(chr);
	return n;
}

void rx_char_flush(struct rx_char *chr)
{
	if (chr)
		chr->ops->flush(chr);
}

void rx_char_free(struct rx_char *chr)
{
	if (!chr)
		return;
	chr->ops->flush(chr);
	chr->ops->fini(chr);
	free(chr);
}
