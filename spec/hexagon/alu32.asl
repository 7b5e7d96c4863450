// alu32.asl - 32-bit arithmetic. SPDX-License-Identifier: MIT

// "ALU32/ALU"
A2_add          Rd = Rs + Rt;
A2_sub          Rd = Rt - Rs;
A2_and          Rd = Rs AND Rt;
A2_or           Rd = Rs OR Rt;
A2_xor          Rd = Rs EOR Rt;
A4_andn         Rd = Rt AND NOT(Rs);
A4_orn          Rd = Rt OR NOT(Rs);
A2_addi         Rd = Rs + i;
A2_subri        Rd = i - Rs;
A2_andir        Rd = Rs AND i;
A2_orir         Rd = Rs OR i;
A2_tfr          Rd = Rs;
A2_tfrsi        Rd = i;
A2_tfrih        Rx = i<15:0> : Rx<15:0>;
A2_tfril        Rx = Rx<31:16> : i<15:0>;
A2_nop          ;
A2_sxt{b|h}     Rd = SignExtend(Rs<{7|15}:0>, 32);
A2_zxth         Rd = ZeroExtend(Rs<15:0>, 32);
A2_aslh         Rd = Rs << 16;
A2_asrh         Rd = ASR(Rs, 16);

// "ALU32/PERM"
A2_combinew     Rdd = Rs : Rt;
A2_combineii    Rdd = i<31:0> : I<31:0>;
A4_combineii    Rdd = i<31:0> : I<31:0>;
A4_combineri    Rdd = Rs : i<31:0>;
A4_combineir    Rdd = i<31:0> : Rs;
A2_combine_{hh|hl|lh|ll}  Rd = {Rt<31:16>|Rt<31:16>|Rt<15:0>|Rt<15:0>} : {Rs<31:16>|Rs<15:0>|Rs<31:16>|Rs<15:0>};
C2_mux          Rd = if Pu<0> == '1' then Rs else Rt;
C2_muxii        Rd = if Pu<0> == '1' then i<31:0> else I<31:0>;
C2_muxri        Rd = if Pu<0> == '1' then i<31:0> else Rs;
C2_muxir        Rd = if Pu<0> == '1' then Rs else i<31:0>;

// "ALU32/PRED": a predicate is eight equal bits after a comparison
C2_cmpeq        Pd = if Rs == Rt then 255 else 0;
C2_cmpgt        Pd = if SInt(Rs) > SInt(Rt) then 255 else 0;
C2_cmpgtu       Pd = if UInt(Rs) > UInt(Rt) then 255 else 0;
C4_cmpneq       Pd = if Rs != Rt then 255 else 0;
C4_cmplte       Pd = if SInt(Rs) <= SInt(Rt) then 255 else 0;
C4_cmplteu      Pd = if UInt(Rs) <= UInt(Rt) then 255 else 0;
C2_cmpeqi       Pd = if SInt(Rs) == i then 255 else 0;
C2_cmpgti       Pd = if SInt(Rs) > i then 255 else 0;
C2_cmpgtui      Pd = if UInt(Rs) > i then 255 else 0;
C4_cmpneqi      Pd = if SInt(Rs) != i then 255 else 0;
C4_cmpltei      Pd = if SInt(Rs) <= i then 255 else 0;
C4_cmplteui     Pd = if UInt(Rs) <= i then 255 else 0;
A4_rcmpeq       Rd = if Rs == Rt then 1 else 0;
A4_rcmpneq      Rd = if Rs != Rt then 1 else 0;
A4_rcmpeqi      Rd = if SInt(Rs) == i then 1 else 0;
A4_rcmpneqi     Rd = if SInt(Rs) != i then 1 else 0;

// predicated forms: the condition is the syntax string's
A2_p{add|sub|and|or|xor}{t|f|tnew|fnew}  as A2_{add|sub|and|or|xor};
A2_paddi{t|f|tnew|fnew}                  as A2_addi;
C2_cmovei{t|f}                           as A2_tfrsi;
C2_cmovenewi{t|f}                        as A2_tfrsi;
C2_ccombinew{t|f|newt|newf}              as A2_combinew;
A4_psxtb{t|f|tnew|fnew}                  as A2_sxtb;

// brings the upper bits of the next instruction's immediate
A4_ext          ;
