// d.asl - double precision. SPDX-License-Identifier: MIT

// rv_d
fld       fd, imm12(rs1)
fsd       fs2, imm12(rs1)
fmadd.d   fd, fs1, fs2, fs3, rm
fmsub.d   fd, fs1, fs2, fs3, rm
fnmsub.d  fd, fs1, fs2, fs3, rm
fnmadd.d  fd, fs1, fs2, fs3, rm
fadd.d    fd, fs1, fs2, rm
fsub.d    fd, fs1, fs2, rm
fmul.d    fd, fs1, fs2, rm
fdiv.d    fd, fs1, fs2, rm
fsqrt.d   fd, fs1, rm
fsgnj.d   fd, fs1, fs2
fsgnjn.d  fd, fs1, fs2
fsgnjx.d  fd, fs1, fs2
fmin.d    fd, fs1, fs2
fmax.d    fd, fs1, fs2
fcvt.s.d  fd, fs1, rm
fcvt.d.s  fd, fs1, rm_exact
feq.d     rd, fs1, fs2
flt.d     rd, fs1, fs2
fle.d     rd, fs1, fs2
fclass.d  rd, fs1
fcvt.w.d  rd, fs1, rm
fcvt.wu.d rd, fs1, rm
fcvt.d.w  fd, rs1, rm_exact
fcvt.d.wu fd, rs1, rm_exact

// rv64_d
fcvt.l.d  rd, fs1, rm
fcvt.lu.d rd, fs1, rm
fmv.x.d   rd, fs1
fcvt.d.l  fd, rs1, rm
fcvt.d.lu fd, rs1, rm
fmv.d.x   fd, rs1
