// sub.asl - the short members of a duplex. SPDX-License-Identifier: MIT

SA1_addi        Rx = Rx + i;
SA1_tfr         as A2_tfr;
SA1_seti        as A2_tfrsi;
SA1_setin1      Rd = Ones(32);
SA1_clr{t|f|tnew|fnew}  Rd = Zeros(32);
SA1_addsp       Rd = SP + i;
SA1_inc         Rd = Rs + 1;
SA1_dec         Rd = Rs - 1;
SA1_addrx       Rx = Rx + Rs;
SA1_zxtb        Rd = ZeroExtend(Rs<7:0>, 32);
SA1_and1        Rd = Rs AND 1;
SA1_sxt{b|h}    as A2_sxt{b|h};
SA1_zxth        as A2_zxth;
SA1_combinezr   Rdd = Zeros(32) : Rs;
SA1_combinerz   Rdd = Rs : Zeros(32);
SA1_combine{0|1|2|3}i  Rdd = Zeros(30) : {'00'|'01'|'10'|'11'} : i<31:0>;
SA1_cmpeqi      P0 = if UInt(Rs) == i then 255 else 0;
SL1_loadri_io   as L2_loadri_io;
SL1_loadrub_io  as L2_loadrub_io;
SL2_loadr{h|uh|b}_io  as L2_loadr{h|uh|b}_io;
SL2_loadri_sp   Rd = Mem[SP + i, 4];
SL2_loadrd_sp   Rdd = Mem[SP + i, 8];
define Unframe()
	bits(64) saved = Mem[FP, 8];
	FP = Scrambled(saved)<31:0>;
	LR = Scrambled(saved)<63:32>;
	SP = FP + 8;
SL2_deallocframe  Unframe()
SL2_return        Unframe()  Branch(Scrambled(saved)<63:32>);
SL2_return_{t|f|tnew|fnew}   as SL2_return;
SL2_jumpr31       Branch(LR);
SL2_jumpr31_{t|f|tnew|fnew}  as SL2_jumpr31;
SS1_storew_io   Mem[Rs + i, 4] = Rt;
SS1_storeb_io   Mem[Rs + i, 1] = Rt<7:0>;
SS2_storeh_io   Mem[Rs + i, 2] = Rt<15:0>;
SS2_stored_sp   Mem[SP + i, 8] = Rtt;
SS2_storew_sp   Mem[SP + i, 4] = Rt;
SS2_storewi{0|1}  Mem[Rs + i, 4] = {0|1};
SS2_storebi{0|1}  Mem[Rs + i, 1] = {0|1};
SS2_allocframe  Mem[SP - 8, 8] = Scrambled(LR : FP);
                FP = SP - 8;
                SP = SP - 8 - i;
