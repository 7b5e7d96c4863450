# outputs.mk - the generator's files, by name. SPDX-License-Identifier: MIT
# automake has to know them in advance. `python3 -m gen --print-outputs` prints
# the same list; make refuses to go on when the two differ.

# rv64: headers, sources of librax, sources of the conformance test, text
RG_RV64_H = \
	generated/rv64/decode.h \
	generated/rv64/disasm.h \
	generated/rv64/encode.h \
	generated/rv64/exec.h \
	generated/rv64/ids.h \
	generated/rv64/isa.h \
	generated/rv64/lift.h \
	generated/rv64/regs.h \
	generated/rv64/thr.h
RG_RV64_C = \
	generated/rv64/coverage.c \
	generated/rv64/csr.c \
	generated/rv64/decode.c \
	generated/rv64/disasm.c \
	generated/rv64/encode.c \
	generated/rv64/exec_0.c \
	generated/rv64/exec_1.c \
	generated/rv64/exec_2.c \
	generated/rv64/exec_3.c \
	generated/rv64/exec_table.c \
	generated/rv64/info.c \
	generated/rv64/isa.c \
	generated/rv64/lift_0.c \
	generated/rv64/lift_1.c \
	generated/rv64/lift_2.c \
	generated/rv64/lift_3.c \
	generated/rv64/lift_table.c \
	generated/rv64/regs.c \
	generated/rv64/select.c \
	generated/rv64/thr_0.c \
	generated/rv64/thr_1.c \
	generated/rv64/thr_2.c \
	generated/rv64/thr_3.c \
	generated/rv64/thr_4.c \
	generated/rv64/thr_5.c \
	generated/rv64/thr_6.c \
	generated/rv64/thr_7.c \
	generated/rv64/thr_8.c \
	generated/rv64/thr_9.c \
	generated/rv64/thr_10.c \
	generated/rv64/thr_11.c \
	generated/rv64/thr_12.c \
	generated/rv64/thr_13.c \
	generated/rv64/thr_14.c \
	generated/rv64/thr_15.c \
	generated/rv64/thr_16.c \
	generated/rv64/thr_17.c \
	generated/rv64/thr_18.c \
	generated/rv64/thr_19.c \
	generated/rv64/thr_20.c \
	generated/rv64/thr_21.c \
	generated/rv64/thr_22.c \
	generated/rv64/thr_23.c \
	generated/rv64/thr_24.c \
	generated/rv64/thr_25.c \
	generated/rv64/thr_26.c \
	generated/rv64/thr_27.c \
	generated/rv64/thr_28.c \
	generated/rv64/thr_29.c
RG_RV64_TEST_C = generated/rv64/harness.c
RG_RV64_TEXT = generated/rv64/coverage.md

# x86: the same
RG_X86_H = \
	generated/x86/decode.h \
	generated/x86/disasm.h \
	generated/x86/emit.h \
	generated/x86/emitters.h \
	generated/x86/encode.h \
	generated/x86/exec.h \
	generated/x86/ids.h \
	generated/x86/isa.h \
	generated/x86/lift.h \
	generated/x86/regs.h \
	generated/x86/tables.h
RG_X86_C = \
	generated/x86/coverage.c \
	generated/x86/decode.c \
	generated/x86/exec_0.c \
	generated/x86/exec_1.c \
	generated/x86/exec_2.c \
	generated/x86/exec_3.c \
	generated/x86/exec_table.c \
	generated/x86/info.c \
	generated/x86/isa.c \
	generated/x86/lift_0.c \
	generated/x86/lift_1.c \
	generated/x86/lift_2.c \
	generated/x86/lift_3.c \
	generated/x86/lift_table.c \
	generated/x86/prefixed.c \
	generated/x86/regs.c
RG_X86_TEST_C = generated/x86/harness.c generated/x86/harness_16.c generated/x86/harness_32.c
RG_X86_TEXT = generated/x86/coverage.md

# hexagon
RG_HEXAGON_H = \
	generated/hexagon/decode.h \
	generated/hexagon/disasm.h \
	generated/hexagon/encode.h \
	generated/hexagon/exec.h \
	generated/hexagon/group.h \
	generated/hexagon/ids.h \
	generated/hexagon/isa.h \
	generated/hexagon/lift.h \
	generated/hexagon/regs.h
RG_HEXAGON_C = \
	generated/hexagon/coverage.c \
	generated/hexagon/decode.c \
	generated/hexagon/disasm.c \
	generated/hexagon/encode.c \
	generated/hexagon/exec_0.c \
	generated/hexagon/exec_1.c \
	generated/hexagon/exec_2.c \
	generated/hexagon/exec_3.c \
	generated/hexagon/exec_table.c \
	generated/hexagon/group.c \
	generated/hexagon/info.c \
	generated/hexagon/isa.c \
	generated/hexagon/lift_0.c \
	generated/hexagon/lift_1.c \
	generated/hexagon/lift_2.c \
	generated/hexagon/lift_3.c \
	generated/hexagon/lift_table.c \
	generated/hexagon/regs.c
RG_HEXAGON_TEST_C = generated/hexagon/harness.c
RG_HEXAGON_TEXT = generated/hexagon/coverage.md

# a64
RG_A64_H = \
	generated/a64/decode.h \
	generated/a64/disasm.h \
	generated/a64/encode.h \
	generated/a64/exec.h \
	generated/a64/ids.h \
	generated/a64/isa.h \
	generated/a64/lift.h \
	generated/a64/regs.h
RG_A64_C = \
	generated/a64/coverage.c \
	generated/a64/decode.c \
	generated/a64/disasm.c \
	generated/a64/encode.c \
	generated/a64/exec_0.c \
	generated/a64/exec_1.c \
	generated/a64/exec_2.c \
	generated/a64/exec_3.c \
	generated/a64/exec_table.c \
	generated/a64/info.c \
	generated/a64/isa.c \
	generated/a64/lift_0.c \
	generated/a64/lift_1.c \
	generated/a64/lift_2.c \
	generated/a64/lift_3.c \
	generated/a64/lift_table.c \
	generated/a64/regs.c
RG_A64_TEST_C = generated/a64/harness.c generated/a64/harness_sme.c \
	generated/a64/harness_streaming.c generated/a64/harness_sve.c
RG_A64_TEXT = generated/a64/coverage.md

# t32
RG_T32_H = \
	generated/t32/decode.h \
	generated/t32/disasm.h \
	generated/t32/encode.h \
	generated/t32/exec.h \
	generated/t32/ids.h \
	generated/t32/isa.h \
	generated/t32/lift.h \
	generated/t32/regs.h
RG_T32_C = \
	generated/t32/coverage.c \
	generated/t32/decode.c \
	generated/t32/disasm.c \
	generated/t32/encode.c \
	generated/t32/exec_0.c \
	generated/t32/exec_1.c \
	generated/t32/exec_2.c \
	generated/t32/exec_3.c \
	generated/t32/exec_table.c \
	generated/t32/info.c \
	generated/t32/isa.c \
	generated/t32/lift_0.c \
	generated/t32/lift_1.c \
	generated/t32/lift_2.c \
	generated/t32/lift_3.c \
	generated/t32/lift_table.c \
	generated/t32/regs.c
RG_T32_TEST_C = generated/t32/harness.c
RG_T32_TEXT = generated/t32/coverage.md

# smir: the table of operations, its documentation
RG_SMIR_H = generated/smir/ops.h generated/smir/prims.h
RG_SMIR_TEXT = generated/smir/smir.md

RG_ALL = $(RG_SMIR_H) $(RG_SMIR_TEXT) $(RG_RV64_H) $(RG_RV64_C) $(RG_RV64_TEST_C) $(RG_RV64_TEXT) \
	$(RG_X86_H) $(RG_X86_C) $(RG_X86_TEST_C) $(RG_X86_TEXT) \
	$(RG_A64_H) $(RG_A64_C) $(RG_A64_TEST_C) $(RG_A64_TEXT) \
	$(RG_T32_H) $(RG_T32_C) $(RG_T32_TEST_C) $(RG_T32_TEXT) \
	$(RG_HEXAGON_H) $(RG_HEXAGON_C) $(RG_HEXAGON_TEST_C) $(RG_HEXAGON_TEXT)
