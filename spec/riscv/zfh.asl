// zfh.asl - half precision. SPDX-License-Identifier: MIT

// rv_zfhmin
flh       fd, imm12(rs1)         H[fd] = Mem[rs1 + imm12, 2];
fsh       fs2, imm12(rs1)        Mem[rs1 + imm12, 2] = fs2<15:0>;
fcvt.s.h  fd, fs1, rm_exact      S[fd] = FPConvert(H[fs1], 32, rm);
fcvt.h.s  fd, fs1, rm            H[fd] = FPConvert(S[fs1], 16, rm);
fmv.x.h   rd, fs1                rd = SignExtend(fs1<15:0>, 64);
fmv.h.x   fd, rs1                H[fd] = rs1<15:0>;

// rv_d_zfhmin
fcvt.d.h  fd, fs1, rm_exact      D[fd] = FPConvert(H[fs1], 64, rm);
fcvt.h.d  fd, fs1, rm            H[fd] = FPConvert(D[fs1], 16, rm);

// rv_zfh
fmadd.h   fd, fs1, fs2, fs3, rm  as fmadd.s (S = H)
fmsub.h   fd, fs1, fs2, fs3, rm  as fmsub.s (S = H)
fnmsub.h  fd, fs1, fs2, fs3, rm  as fnmsub.s (S = H)
fnmadd.h  fd, fs1, fs2, fs3, rm  as fnmadd.s (S = H)
fadd.h    fd, fs1, fs2, rm       as fadd.s (S = H)
fsub.h    fd, fs1, fs2, rm       as fsub.s (S = H)
fmul.h    fd, fs1, fs2, rm       as fmul.s (S = H)
fdiv.h    fd, fs1, fs2, rm       as fdiv.s (S = H)
fsqrt.h   fd, fs1, rm            as fsqrt.s (S = H)
fsgnj.h   fd, fs1, fs2           as fsgnj.s (S = H)
fsgnjn.h  fd, fs1, fs2           as fsgnjn.s (S = H)
fsgnjx.h  fd, fs1, fs2           as fsgnjx.s (S = H)
fmin.h    fd, fs1, fs2           as fmin.s (S = H)
fmax.h    fd, fs1, fs2           as fmax.s (S = H)
feq.h     rd, fs1, fs2           as feq.s (S = H)
flt.h     rd, fs1, fs2           as flt.s (S = H)
fle.h     rd, fs1, fs2           as fle.s (S = H)
fclass.h  rd, fs1                as fclass.s (S = H)
fcvt.w.h  rd, fs1, rm            as fcvt.w.s (S = H)
fcvt.wu.h rd, fs1, rm            as fcvt.wu.s (S = H)
fcvt.h.w  fd, rs1, rm            as fcvt.s.w (S = H)
fcvt.h.wu fd, rs1, rm            as fcvt.s.wu (S = H)

// rv64_zfh
fcvt.l.h  rd, fs1, rm            as fcvt.l.s (S = H)
fcvt.lu.h rd, fs1, rm            as fcvt.lu.s (S = H)
fcvt.h.l  fd, rs1, rm            as fcvt.s.l (S = H)
fcvt.h.lu fd, rs1, rm            as fcvt.s.lu (S = H)
