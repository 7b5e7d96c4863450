// f.asl - single precision. SPDX-License-Identifier: MIT

// rv_f
flw       fd, imm12(rs1)         S[fd] = Mem[rs1 + imm12, 4];
fsw       fs2, imm12(rs1)        Mem[rs1 + imm12, 4] = fs2<31:0>;
fmadd.s   fd, fs1, fs2, fs3, rm  S[fd] = FPMulAdd(S[fs1], S[fs2], S[fs3], rm);
fmsub.s   fd, fs1, fs2, fs3, rm  S[fd] = FPMulAdd(S[fs1], S[fs2], FPNeg(S[fs3]), rm);
fnmsub.s  fd, fs1, fs2, fs3, rm  S[fd] = FPMulAdd(FPNeg(S[fs1]), S[fs2], S[fs3], rm);
fnmadd.s  fd, fs1, fs2, fs3, rm  S[fd] = FPMulAdd(FPNeg(S[fs1]), S[fs2], FPNeg(S[fs3]), rm);
fadd.s    fd, fs1, fs2, rm       S[fd] = FPAdd(S[fs1], S[fs2], rm);
fsub.s    fd, fs1, fs2, rm       S[fd] = FPSub(S[fs1], S[fs2], rm);
fmul.s    fd, fs1, fs2, rm       S[fd] = FPMul(S[fs1], S[fs2], rm);
fdiv.s    fd, fs1, fs2, rm       S[fd] = FPDiv(S[fs1], S[fs2], rm);
fsqrt.s   fd, fs1, rm            S[fd] = FPSqrt(S[fs1], rm);
fsgnj.s   fd, fs1, fs2           S[fd] = FPCopySign(S[fs1], S[fs2]);
fsgnjn.s  fd, fs1, fs2           S[fd] = FPCopySign(S[fs1], FPNeg(S[fs2]));
fsgnjx.s  fd, fs1, fs2           S[fd] = FPCopySign(S[fs1], S[fs1] EOR S[fs2]);
fmin.s    fd, fs1, fs2           S[fd] = FPMinimumNumber(S[fs1], S[fs2]);
fmax.s    fd, fs1, fs2           S[fd] = FPMaximumNumber(S[fs1], S[fs2]);
fcvt.w.s  rd, fs1, rm            rd = SignExtend(FPToSInt(S[fs1], 32, rm), 64);
fcvt.wu.s rd, fs1, rm            rd = SignExtend(FPToUInt(S[fs1], 32, rm), 64);
fmv.x.w   rd, fs1                rd = SignExtend(fs1<31:0>, 64);
feq.s     rd, fs1, fs2           rd = if FPEqual(S[fs1], S[fs2]) then 1 else 0;
flt.s     rd, fs1, fs2           rd = if FPLess(S[fs1], S[fs2]) then 1 else 0;
fle.s     rd, fs1, fs2           rd = if FPLessEqual(S[fs1], S[fs2]) then 1 else 0;
fclass.s  rd, fs1                rd = ZeroExtend(FPClass(S[fs1]), 64);
fcvt.s.w  fd, rs1, rm            S[fd] = SIntToFP(rs1<31:0>, Width(S), rm);
fcvt.s.wu fd, rs1, rm            S[fd] = UIntToFP(rs1<31:0>, Width(S), rm);
fmv.w.x   fd, rs1                S[fd] = rs1<31:0>;

frflags   rd                     rd = ZeroExtend(FPFlags(), 64);
fsflags   rd, rs1                rd = ZeroExtend(FPSwapFlags(rs1<4:0>), 64);

// rv64_f
fcvt.l.s  rd, fs1, rm            rd = FPToSInt(S[fs1], 64, rm);
fcvt.lu.s rd, fs1, rm            rd = FPToUInt(S[fs1], 64, rm);
fcvt.s.l  fd, rs1, rm            S[fd] = SIntToFP(rs1, Width(S), rm);
fcvt.s.lu fd, rs1, rm            S[fd] = UIntToFP(rs1, Width(S), rm);
