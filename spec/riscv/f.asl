// f.asl - single precision. SPDX-License-Identifier: MIT

// rv_f
flw       fd, imm12(rs1)
fsw       fs2, imm12(rs1)
fmadd.s   fd, fs1, fs2, fs3, rm
fmsub.s   fd, fs1, fs2, fs3, rm
fnmsub.s  fd, fs1, fs2, fs3, rm
fnmadd.s  fd, fs1, fs2, fs3, rm
fadd.s    fd, fs1, fs2, rm
fsub.s    fd, fs1, fs2, rm
fmul.s    fd, fs1, fs2, rm
fdiv.s    fd, fs1, fs2, rm
fsqrt.s   fd, fs1, rm
fsgnj.s   fd, fs1, fs2
fsgnjn.s  fd, fs1, fs2
fsgnjx.s  fd, fs1, fs2
fmin.s    fd, fs1, fs2
fmax.s    fd, fs1, fs2
fcvt.w.s  rd, fs1, rm
fcvt.wu.s rd, fs1, rm
fmv.x.w   rd, fs1
feq.s     rd, fs1, fs2
flt.s     rd, fs1, fs2
fle.s     rd, fs1, fs2
fclass.s  rd, fs1
fcvt.s.w  fd, rs1, rm
fcvt.s.wu fd, rs1, rm
fmv.w.x   fd, rs1

// rv64_f
fcvt.l.s  rd, fs1, rm
fcvt.lu.s rd, fs1, rm
fcvt.s.l  fd, rs1, rm
fcvt.s.lu fd, rs1, rm
