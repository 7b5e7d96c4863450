# local.mk - sources of runtime/dev/virtio. SPDX-License-Identifier: MIT

librax_la_SOURCES += \
	runtime/dev/virtio/blk.c \
	runtime/dev/virtio/console.c \
	runtime/dev/virtio/mmio.c \
	runtime/dev/virtio/queue.c \
	runtime/dev/virtio/rng.c \
	runtime/dev/virtio/virtio.h
