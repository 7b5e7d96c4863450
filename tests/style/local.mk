# local.mk - rules about the sources. SPDX-License-Identifier: MIT
style_tests += \
	tests/style/files.sh \
	tests/style/layers.sh \
	tests/style/size.sh \
	tests/style/tools.sh
