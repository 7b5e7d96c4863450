# local.mk - what librax shows to others. SPDX-License-Identifier: MIT
style_tests += tests/api/headers.sh tests/api/symbols.sh
