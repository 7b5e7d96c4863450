// a.asl - atomics. SPDX-License-Identifier: MIT

// rv_a
lr.w      .aqrl rd, (rs1)
sc.w      .aqrl rd, rs2, (rs1)
amoswap.w .aqrl rd, rs2, (rs1)
amoadd.w  .aqrl rd, rs2, (rs1)
amoxor.w  .aqrl rd, rs2, (rs1)
amoand.w  .aqrl rd, rs2, (rs1)
amoor.w   .aqrl rd, rs2, (rs1)
amomin.w  .aqrl rd, rs2, (rs1)
amomax.w  .aqrl rd, rs2, (rs1)
amominu.w .aqrl rd, rs2, (rs1)
amomaxu.w .aqrl rd, rs2, (rs1)

// rv64_a
lr.d      .aqrl rd, (rs1)
sc.d      .aqrl rd, rs2, (rs1)
amoswap.d .aqrl rd, rs2, (rs1)
amoadd.d  .aqrl rd, rs2, (rs1)
amoxor.d  .aqrl rd, rs2, (rs1)
amoand.d  .aqrl rd, rs2, (rs1)
amoor.d   .aqrl rd, rs2, (rs1)
amomin.d  .aqrl rd, rs2, (rs1)
amomax.d  .aqrl rd, rs2, (rs1)
amominu.d .aqrl rd, rs2, (rs1)
amomaxu.d .aqrl rd, rs2, (rs1)

// rv_zawrs
wrs.nto   -
wrs.sto   -
