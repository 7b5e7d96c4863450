// zfh.asl - half precision. SPDX-License-Identifier: MIT

// rv_zfhmin
flh       fd, imm12(rs1)
fsh       fs2, imm12(rs1)
fcvt.s.h  fd, fs1, rm_exact
fcvt.h.s  fd, fs1, rm
fmv.x.h   rd, fs1
fmv.h.x   fd, rs1

// rv_d_zfhmin
fcvt.d.h  fd, fs1, rm_exact
fcvt.h.d  fd, fs1, rm

// rv_zfh
fmadd.h   fd, fs1, fs2, fs3, rm
fmsub.h   fd, fs1, fs2, fs3, rm
fnmsub.h  fd, fs1, fs2, fs3, rm
fnmadd.h  fd, fs1, fs2, fs3, rm
fadd.h    fd, fs1, fs2, rm
fsub.h    fd, fs1, fs2, rm
fmul.h    fd, fs1, fs2, rm
fdiv.h    fd, fs1, fs2, rm
fsqrt.h   fd, fs1, rm
fsgnj.h   fd, fs1, fs2
fsgnjn.h  fd, fs1, fs2
fsgnjx.h  fd, fs1, fs2
fmin.h    fd, fs1, fs2
fmax.h    fd, fs1, fs2
feq.h     rd, fs1, fs2
flt.h     rd, fs1, fs2
fle.h     rd, fs1, fs2
fclass.h  rd, fs1
fcvt.w.h  rd, fs1, rm
fcvt.wu.h rd, fs1, rm
fcvt.h.w  fd, rs1, rm
fcvt.h.wu fd, rs1, rm

// rv64_zfh
fcvt.l.h  rd, fs1, rm
fcvt.lu.h rd, fs1, rm
fcvt.h.l  fd, rs1, rm
fcvt.h.lu fd, rs1, rm
