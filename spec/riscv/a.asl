// a.asl - atomics. SPDX-License-Identifier: MIT

// rv_a
lr.w      .aqrl rd, (rs1)       rd = SignExtend(LoadReserved4(rs1, aqrl), 64);
sc.w      .aqrl rd, rs2, (rs1)  rd = StoreConditional4(rs1, rs2<31:0>, aqrl);
amoswap.w .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicSwap(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amoadd.w  .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicAdd(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amoxor.w  .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicXor(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amoand.w  .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicAnd(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amoor.w   .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicOr(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amomin.w  .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicSMin(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amomax.w  .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicSMax(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amominu.w .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicUMin(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);
amomaxu.w .aqrl rd, rs2, (rs1)  rd = SignExtend(AtomicUMax(rs1, rs2<31:0>, aqrl<1>, aqrl<0>), 64);

// rv64_a
lr.d      .aqrl rd, (rs1)       rd = LoadReserved8(rs1, aqrl);
sc.d      .aqrl rd, rs2, (rs1)  rd = StoreConditional8(rs1, rs2, aqrl);
amoswap.d .aqrl rd, rs2, (rs1)  rd = AtomicSwap(rs1, rs2, aqrl<1>, aqrl<0>);
amoadd.d  .aqrl rd, rs2, (rs1)  rd = AtomicAdd(rs1, rs2, aqrl<1>, aqrl<0>);
amoxor.d  .aqrl rd, rs2, (rs1)  rd = AtomicXor(rs1, rs2, aqrl<1>, aqrl<0>);
amoand.d  .aqrl rd, rs2, (rs1)  rd = AtomicAnd(rs1, rs2, aqrl<1>, aqrl<0>);
amoor.d   .aqrl rd, rs2, (rs1)  rd = AtomicOr(rs1, rs2, aqrl<1>, aqrl<0>);
amomin.d  .aqrl rd, rs2, (rs1)  rd = AtomicSMin(rs1, rs2, aqrl<1>, aqrl<0>);
amomax.d  .aqrl rd, rs2, (rs1)  rd = AtomicSMax(rs1, rs2, aqrl<1>, aqrl<0>);
amominu.d .aqrl rd, rs2, (rs1)  rd = AtomicUMin(rs1, rs2, aqrl<1>, aqrl<0>);
amomaxu.d .aqrl rd, rs2, (rs1)  rd = AtomicUMax(rs1, rs2, aqrl<1>, aqrl<0>);

// rv_zawrs
wrs.nto   -                     WaitOnReservation();
wrs.sto   -                     as wrs.nto
