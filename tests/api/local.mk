# local.mk - what librax shows to others. SPDX-License-Identifier: MIT
