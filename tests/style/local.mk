# local.mk - rules about the sources. SPDX-License-Identifier: MIT
