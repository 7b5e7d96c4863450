# local.mk - recorded facts about instruction sets. SPDX-License-Identifier: MIT

# Encodings against riscv-opcodes: make spec-check SPECDATA=DIR
spec-check:
	@test -n '$(SPECDATA)' || { \
	  echo 'make spec-check: needs SPECDATA=DIR, the folder that holds riscv-opcodes/' >&2; \
	  exit 2; }
	$(PYTHON) $(srcdir)/tests/conf/spec_check.py '$(SPECDATA)'
phony += spec-check
