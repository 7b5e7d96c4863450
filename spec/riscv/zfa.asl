// zfa.asl - additional floating point. SPDX-License-Identifier: MIT

// rv_f_zfa
fli.s       fd, fli
fminm.s     fd, fs1, fs2
fmaxm.s     fd, fs1, fs2
fround.s    fd, fs1, rm
froundnx.s  fd, fs1, rm
fleq.s      rd, fs1, fs2
fltq.s      rd, fs1, fs2

// rv_d_zfa
fli.d       fd, fli
fminm.d     fd, fs1, fs2
fmaxm.d     fd, fs1, fs2
fround.d    fd, fs1, rm
froundnx.d  fd, fs1, rm
fcvtmod.w.d rd, fs1, 'rtz'
fleq.d      rd, fs1, fs2
fltq.d      rd, fs1, fs2

// rv_zfh_zfa
fli.h       fd, fli
fminm.h     fd, fs1, fs2
fmaxm.h     fd, fs1, fs2
fround.h    fd, fs1, rm
froundnx.h  fd, fs1, rm
fleq.h      rd, fs1, fs2
fltq.h      rd, fs1, fs2
