# local.mk - runs the generator when its inputs change. SPDX-License-Identifier: MIT
# generated/stamp stands for all files of the generator: it is newer than every
# input and lists them, so that adding or removing one counts as a change. The
# files themselves keep their time when their content stays; then nothing that
# depends on them is compiled again.

gen_inputs := $(shell cd $(srcdir) && find gen spec tools/asl-parser/aslparser \
	-type f ! -path '*/__pycache__/*' ! -name '.*' ! -name '*~' \
	! -name '*.mk' ! -name '*.md' 2>/dev/null | LC_ALL=C sort)
gen_stamp = $(srcdir)/generated/stamp

librax_la_SOURCES += $(RG_SMIR_H) $(RG_RV64_H) $(RG_RV64_C) $(RG_A64_H) $(RG_A64_C) \
	$(RG_HEXAGON_H) $(RG_HEXAGON_C) $(RG_T32_H) $(RG_T32_C) $(RG_X86_H) $(RG_X86_C)
phony += gen-check gen-force gen-report
EXTRA_DIST += build-aux/gen-report.py
EXTRA_DIST += $(RG_ALL) generated/manifest generated/stamp

if HAVE_PYTHON
gen_last := $(shell cat $(gen_stamp) 2>/dev/null)
gen_moved := $(filter-out $(gen_inputs),$(gen_last)) \
	$(filter-out $(gen_last),$(gen_inputs))
gen_files = $(RG_ALL:%=$(srcdir)/%)
gen_lost := $(filter-out $(wildcard $(gen_files)),$(gen_files))

BUILT_SOURCES += $(gen_stamp)
$(gen_stamp): $(gen_inputs:%=$(srcdir)/%) $(if $(strip $(gen_moved)$(gen_lost)),gen-force)
	$(AM_V_GEN)PYTHON='$(PYTHON)' outputs='$(RG_ALL)' \
	  $(SHELL) $(srcdir)/build-aux/generate.sh $(srcdir) $(gen_inputs)

gen-force:

gen-check: $(gen_stamp)
	@PYTHON='$(PYTHON)' $(SHELL) $(srcdir)/build-aux/gen-check.sh $(srcdir)

# What generated code costs to make and to compile; GEN_ISAS='a64 x86' chooses.
gen-report: $(gen_stamp)
	@CC='$(CC)' CFLAGS='$(CFLAGS)' $(PYTHON) -B $(srcdir)/build-aux/gen-report.py $(srcdir) $(GEN_ISAS)
else
gen-report: gen-check
gen-check:
	@echo "make gen-check: configure found no Python with jinja2 and ply" >&2
	@exit 1
endif

# For targets that do not go through BUILT_SOURCES, such as `make rax`. The empty
# recipe makes GNU make look at the file's time again after the stamp's recipe.
$(RG_ALL:%=$(srcdir)/%): $(gen_stamp) ;

maintainer-clean-local:
	rm -f $(gen_stamp) $(srcdir)/generated/manifest $(RG_ALL:%=$(srcdir)/%)
