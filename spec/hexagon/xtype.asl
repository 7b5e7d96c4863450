// xtype.asl - 64-bit arithmetic, products, shifts, bits, predicates. SPDX-License-Identifier: MIT

// What does not fit is cut to the nearest value and noted in USR.OVF.
define Saturated(R, X, N)
	R = SignExtend(SatS(X, N), 32);  if SInt(SatS(X, N)) != X then USR = USR OR 1;
define SaturatedU(R, X, N)
	R = ZeroExtend(SatU(X, N), 32);  if UInt(SatU(X, N)) != X then USR = USR OR 1;
// Shifts by a register take a signed amount of seven bits; a negative one shifts back.
define ShiftBoth(X, N, TO, BACK)
	(if N<6> == '1' then BACK(X, UInt(-N<6:0>)) else TO(X, UInt(N<6:0>)))
define Low(N)  (LSL(ZeroExtend('1', 64), N) - 1)
define High(R)  SInt(R<31:16>)
define Half(R)  SInt(R<15:0>)
define Eight(B)  if B then 255 else 0

// "XTYPE/ALU"
A2_addp         Rdd = Rss + Rtt;
A2_subp         Rdd = Rtt - Rss;
A2_andp         Rdd = Rss AND Rtt;
A2_orp          Rdd = Rss OR Rtt;
A2_xorp         Rdd = Rss EOR Rtt;
A2_negp         Rdd = -Rss;
A2_notp         Rdd = NOT(Rss);
A2_addsat       Saturated(Rd, SInt(Rs) + SInt(Rt), 32)
A2_subsat       Saturated(Rd, SInt(Rt) - SInt(Rs), 32)
A2_addpsat      Rdd = SatS(SInt(Rss) + SInt(Rtt), 64);
                if SInt(Rss + Rtt) != SInt(Rss) + SInt(Rtt) then USR = USR OR 1;
A2_abs          Rd = if Rs<31> == '1' then -Rs else Rs;
A2_absp         Rdd = if Rss<63> == '1' then -Rss else Rss;
A2_abssat       Saturated(Rd, Max(SInt(Rs), -SInt(Rs)), 32)
A2_negsat       Saturated(Rd, -SInt(Rs), 32)
A2_{max|min}    Rd = if SInt(Rs) > SInt(Rt) then {Rs|Rt} else {Rt|Rs};
A2_{maxu|minu}  Rd = if UInt(Rs) > UInt(Rt) then {Rs|Rt} else {Rt|Rs};
A2_{maxp|minp}  Rdd = if SInt(Rss) > SInt(Rtt) then {Rss|Rtt} else {Rtt|Rss};
A2_sat          Saturated(Rd, SInt(Rss), 32)
A2_sath         Saturated(Rd, SInt(Rs), 16)
A2_satb         Saturated(Rd, SInt(Rs), 8)
A2_satuh        SaturatedU(Rd, SInt(Rs), 16)
A2_satub        SaturatedU(Rd, SInt(Rs), 8)
A2_swiz         Rd = ByteReverse(Rs);

// "XTYPE/PRED", "CR": logical operations on predicates
C2_cmpeqp       Pd = Eight(Rss == Rtt);
C2_cmpgtp       Pd = Eight(SInt(Rss) > SInt(Rtt));
C2_cmpgtup      Pd = Eight(UInt(Rss) > UInt(Rtt));
C2_bitsset      Pd = Eight((Rs AND Rt) == Rt);
C2_bitsclr      Pd = Eight((Rs AND Rt) == Zeros(32));
C2_and          Pd = Pt AND Ps;
C2_or           Pd = Pt OR Ps;
C2_xor          Pd = Ps EOR Pt;
C2_andn         Pd = Pt AND NOT(Ps);
C2_orn          Pd = Pt OR NOT(Ps);
C2_not          Pd = NOT(Ps);
C2_any8         Pd = Eight(Ps != Zeros(8));
C2_all8         Pd = Eight(Ps == Ones(8));
C2_tfrpr        Rd = ZeroExtend(Ps, 32);
C2_tfrrp        Pd = Rs<7:0>;
define Byte(P, K)  (if P<K> == '1' then Ones(8) else Zeros(8))
define Bytes(P)
	(Byte(P, 7) : Byte(P, 6) : Byte(P, 5) : Byte(P, 4) : Byte(P, 3) : Byte(P, 2) : Byte(P, 1) : Byte(P, 0))
C2_mask         Rdd = Bytes(Pt);
C2_vmux         bits(64) m = Bytes(Pu);  Rdd = (Rss AND m) OR (Rtt AND NOT(m));

// "XTYPE/MPY"
define Product(X, Y)  (X * Y)<31:0>
M2_mpyi         Rd = Product(SInt(Rs), SInt(Rt));
M2_maci         Rx = Rx + Product(SInt(Rs), SInt(Rt));
M2_mpysip       Rd = Product(SInt(Rs), i);
M2_mpysin       Rd = -Product(SInt(Rs), i);
M2_acci         Rx = Rx + (Rs + Rt);
M2_accii        Rx = Rx + (Rs + i);
M2_nacci        Rx = Rx - (Rs + Rt);
M2_naccii       Rx = Rx - (Rs + i);
M2_mpy_up       Rd = (SInt(Rs) * SInt(Rt))<63:32>;
M2_mpyu_up      Rd = (UInt(Rs) * UInt(Rt))<63:32>;
M2_dpmpyss_s0   Rdd = SInt(Rs) * SInt(Rt);
M2_dpmpyuu_s0   Rdd = UInt(Rs) * UInt(Rt);
M2_dpmpyss_{acc|nac}_s0   Rxx = Rxx {+|-} (SInt(Rs) * SInt(Rt));
M2_dpmpyuu_{acc|nac}_s0   Rxx = Rxx {+|-} (UInt(Rs) * UInt(Rt));
M2_mpy_{hh|hl|lh|ll}_s0   Rd = {High(Rs)|High(Rs)|Half(Rs)|Half(Rs)} * {High(Rt)|Half(Rt)|High(Rt)|Half(Rt)};
M2_mpy_{hh|ll}_s1         Rd = ({High(Rs)|Half(Rs)} * {High(Rt)|Half(Rt)} * 2)<31:0>;
M2_mpy_sat_ll_s1          Saturated(Rd, Half(Rs) * Half(Rt) * 2, 32)
M2_mpy_acc_{hh|ll}_s0     Rx = Rx + ({High(Rs)|Half(Rs)} * {High(Rt)|Half(Rt)});
M2_mpy_nac_ll_s0          Rx = Rx - (Half(Rs) * Half(Rt));
M2_mpyu_hh_s0             Rd = UInt(Rs<31:16>) * UInt(Rt<31:16>);
M2_mpyu_ll_s0             Rd = UInt(Rs<15:0>) * UInt(Rt<15:0>);
M4_mpyri_addr_u2          Rd = Ru + Product(UInt(Rs), i);
M4_mpyrr_addi             Rd = Product(UInt(Rs), UInt(Rt)) + i;
M4_mpyri_addi             Rd = Product(UInt(Rs), I) + i;
M4_xor_xacc               Rxx = Rxx EOR (Rss EOR Rtt);
M4_and_and                Rx = Rx AND (Rs AND Rt);
M4_or_xor                 Rx = Rx OR (Rs EOR Rt);

// "XTYPE/SHIFT"
S2_{asr|lsr|asl}_i_r      Rd = {ASR|LSR|LSL}(Rs, i);
S2_{asr|lsr|asl}_i_p      Rdd = {ASR|LSR|LSL}(Rss, i);
S2_{asr|lsr|asl}_i_r_{acc|nac|and|or}  Rx = Rx {+|-|AND|OR} {ASR|LSR|LSL}(Rs, i);
S2_{asr|lsr|asl}_i_p_acc  Rxx = Rxx + {ASR|LSR|LSL}(Rss, i);
S2_asr_r_r      Rd = ShiftBoth(SignExtend(Rs, 64), Rt, ASR, LSL)<31:0>;
S2_asl_r_r      Rd = ShiftBoth(SignExtend(Rs, 64), Rt, LSL, ASR)<31:0>;
S2_lsr_r_r      Rd = ShiftBoth(ZeroExtend(Rs, 64), Rt, LSR, LSL)<31:0>;
S2_lsl_r_r      Rd = ShiftBoth(ZeroExtend(Rs, 64), Rt, LSL, LSR)<31:0>;
S2_asr_r_p      Rdd = ShiftBoth(Rss, Rt, ASR, LSL);
S2_asl_r_p      Rdd = ShiftBoth(Rss, Rt, LSL, ASR);
S2_lsr_r_p      Rdd = ShiftBoth(Rss, Rt, LSR, LSL);
S2_lsl_r_p      Rdd = ShiftBoth(Rss, Rt, LSL, LSR);
S2_asr_r_r_acc  Rx = Rx + ShiftBoth(SignExtend(Rs, 64), Rt, ASR, LSL)<31:0>;
S2_asl_r_r_acc  Rx = Rx + ShiftBoth(SignExtend(Rs, 64), Rt, LSL, ASR)<31:0>;
S2_lsr_r_r_acc  Rx = Rx + ShiftBoth(ZeroExtend(Rs, 64), Rt, LSR, LSL)<31:0>;
S2_asl_i_r_sat  bits(64) x = LSL(SignExtend(Rs, 64), i);  Saturated(Rd, SInt(x), 32)
S2_asl_r_r_sat  bits(128) x = ShiftBoth(SignExtend(Rs, 128), Rt, LSL, ASR);  Saturated(Rd, SInt(x), 32)
S2_asr_r_r_sat  bits(128) x = ShiftBoth(SignExtend(Rs, 128), Rt, ASR, LSL);  Saturated(Rd, SInt(x), 32)
S2_addasl_rrri  Rd = Rt + LSL(Rs, i);
S4_addaddi      Rd = Rs + (Ru + i);
S4_subaddi      Rd = Rs - Ru + i;
S4_or_andi      Rx = Rx OR (Rs AND i);
S4_addi_asl_ri  Rx = LSL(Rx, I) + i;

// "XTYPE/BIT"
define Signed(X, N)  ((X EOR LSR(Low(N) + 1, 1)) - LSR(Low(N) + 1, 1))
S2_extractu     Rd = LSR(Rs, I) AND Low(i)<31:0>;
S4_extract      bits(64) x = ZeroExtend(LSR(Rs, I), 64) AND Low(i);  Rd = Signed(x, i)<31:0>;
S2_insert       bits(32) m = Low(i)<31:0>;  Rx = (Rx AND NOT(LSL(m, I))) OR LSL(Rs AND m, I);
S2_extractup    Rdd = LSR(Rss, I) AND Low(i);
define Field(X, D)  (ShiftBoth(X, D, LSR, LSL) AND Low(UInt(D<37:32>)))
S2_extractu_rp  Rd = Field(ZeroExtend(Rs, 64), Rtt)<31:0>;
S4_extract_rp   bits(64) x = Field(ZeroExtend(Rs, 64), Rtt);  Rd = Signed(x, UInt(Rtt<37:32>))<31:0>;
S2_insert_rp    bits(64) m = Low(UInt(Rtt<37:32>));
                if Rtt<6> == '1' then
                    Rx = Zeros(32);
                else
                    Rx = (Rx AND NOT(LSL(m, UInt(Rtt<5:0>))<31:0>)) OR LSL(ZeroExtend(Rs, 64) AND m, UInt(Rtt<5:0>))<31:0>;
S2_cl0          Rd = CountLeadingZeroBits(Rs);
S2_cl1          Rd = CountLeadingZeroBits(NOT(Rs));
S2_clb          Rd = CountLeadingZeroBits(if Rs<31> == '1' then NOT(Rs) else Rs);
S2_clbnorm      Rd = if Rs == Zeros(32) then Rs else CountLeadingZeroBits(if Rs<31> == '1' then NOT(Rs) else Rs) - 1;
S2_cl0p         Rd = CountLeadingZeroBits(Rss)<31:0>;
S2_clbp         Rd = CountLeadingZeroBits(if Rss<63> == '1' then NOT(Rss) else Rss)<31:0>;
S2_ct0          Rd = CountTrailingZeroBits(Rs);
S2_ct1          Rd = CountTrailingZeroBits(NOT(Rs));
S2_ct0p         Rd = CountTrailingZeroBits(Rss)<31:0>;
S5_popcountp    Rd = BitCount(Rss)<31:0>;
S2_brev         Rd = BitReverse(Rs);
S2_brevp        Rdd = BitReverse(Rss);
S2_{set|clr|toggle}bit_i  Rd = Rs {OR|AND|EOR} {|NOT|}(LSL(ZeroExtend('1', 32), i));
S2_setbit_r     Rd = Rs OR ShiftBoth(ZeroExtend('1', 64), Rt, LSL, LSR)<31:0>;
S2_clrbit_r     Rd = Rs AND NOT(ShiftBoth(ZeroExtend('1', 64), Rt, LSL, LSR)<31:0>);
S2_togglebit_r  Rd = Rs EOR ShiftBoth(ZeroExtend('1', 64), Rt, LSL, LSR)<31:0>;
S2_tstbit_i     Pd = Eight((LSR(Rs, i) AND 1) != Zeros(32));
S4_ntstbit_i    Pd = Eight((LSR(Rs, i) AND 1) == Zeros(32));
S2_tstbit_r     Pd = Eight((ZeroExtend(Rs, 64) AND ShiftBoth(ZeroExtend('1', 64), Rt, LSL, LSR)) != Zeros(64));

// "XTYPE/PERM"
S2_packhl       Rdd = Rs<31:16> : Rt<31:16> : Rs<15:0> : Rt<15:0>;
S2_vtrunehb     Rd = Rss<55:48> : Rss<39:32> : Rss<23:16> : Rss<7:0>;
S2_vsplatrb     Rd = Rs<7:0> : Rs<7:0> : Rs<7:0> : Rs<7:0>;
S2_vsplatrh     Rdd = Rs<15:0> : Rs<15:0> : Rs<15:0> : Rs<15:0>;
S2_valignib     Rdd = LSR(Rtt : Rss, i * 8)<63:0>;
S2_vspliceib    Rdd = LSL(Rtt, i * 8) OR (Rss AND Low(i * 8));
