# local.mk - the tests of the ASL parser. SPDX-License-Identifier: MIT
# A target of its own: the parser is only needed, and only tested, where there
# is a Python with PLY.

if HAVE_PYTHON
check-asl-parser:
	cd $(srcdir)/tools/asl-parser && \
	  $(PYTHON) -B -m unittest discover -s tests
else
check-asl-parser:
	@echo "make check-asl-parser: configure found no Python with jinja2 and ply" >&2
	@exit 1
endif
.PHONY: check-asl-parser
