// d.asl - double precision. SPDX-License-Identifier: MIT

// rv_d
fld       fd, imm12(rs1)         D[fd] = Mem[rs1 + imm12, 8];
fsd       fs2, imm12(rs1)        Mem[rs1 + imm12, 8] = fs2;
fmadd.d   fd, fs1, fs2, fs3, rm  as fmadd.s (S = D)
fmsub.d   fd, fs1, fs2, fs3, rm  as fmsub.s (S = D)
fnmsub.d  fd, fs1, fs2, fs3, rm  as fnmsub.s (S = D)
fnmadd.d  fd, fs1, fs2, fs3, rm  as fnmadd.s (S = D)
fadd.d    fd, fs1, fs2, rm       as fadd.s (S = D)
fsub.d    fd, fs1, fs2, rm       as fsub.s (S = D)
fmul.d    fd, fs1, fs2, rm       as fmul.s (S = D)
fdiv.d    fd, fs1, fs2, rm       as fdiv.s (S = D)
fsqrt.d   fd, fs1, rm            as fsqrt.s (S = D)
fsgnj.d   fd, fs1, fs2           as fsgnj.s (S = D)
fsgnjn.d  fd, fs1, fs2           as fsgnjn.s (S = D)
fsgnjx.d  fd, fs1, fs2           as fsgnjx.s (S = D)
fmin.d    fd, fs1, fs2           as fmin.s (S = D)
fmax.d    fd, fs1, fs2           as fmax.s (S = D)
fcvt.s.d  fd, fs1, rm            S[fd] = FPConvert(D[fs1], 32, rm);
fcvt.d.s  fd, fs1, rm_exact      D[fd] = FPConvert(S[fs1], 64, rm);
feq.d     rd, fs1, fs2           as feq.s (S = D)
flt.d     rd, fs1, fs2           as flt.s (S = D)
fle.d     rd, fs1, fs2           as fle.s (S = D)
fclass.d  rd, fs1                as fclass.s (S = D)
fcvt.w.d  rd, fs1, rm            as fcvt.w.s (S = D)
fcvt.wu.d rd, fs1, rm            as fcvt.wu.s (S = D)
fcvt.d.w  fd, rs1, rm_exact      as fcvt.s.w (S = D)
fcvt.d.wu fd, rs1, rm_exact      as fcvt.s.wu (S = D)

// rv64_d
fcvt.l.d  rd, fs1, rm            as fcvt.l.s (S = D)
fcvt.lu.d rd, fs1, rm            as fcvt.lu.s (S = D)
fmv.x.d   rd, fs1                rd = fs1;
fcvt.d.l  fd, rs1, rm            as fcvt.s.l (S = D)
fcvt.d.lu fd, rs1, rm            as fcvt.s.lu (S = D)
fmv.d.x   fd, rs1                D[fd] = rs1;
