rd = SignExtend(Mem[rs1 + imm12, 4], 64);
if rs1 == rs2 then Branch(PC + bimm12);
rd = SignExtend(AtomicAdd(rs1, rs2<31:0>, aq, rl), 64);
fd = FPAdd(fs1, fs2, rm);
lane vd = vs2 + vs1;
lane h: Vd = SatS(SInt(Vu) + SInt(Vv), 16);
lane bits(16): Vd<7:0> = a:b;
lane typeof(x<7:0>): (a, -) = f();
(dst, OSZAPC) = AddWithCarry(dst, src, '0');
n = src AND (if sz == 64 then 63 else 31);
if n != 0 then
    (dst, CF) = ShiftLeftC(dst, n);
    SZP = FlagsOf(dst);
    OF = if n == 1 then dst<sz-1> EOR CF else UNDEFINED;  AF = UNDEFINED;
    x = UNKNOWN;
Mem[Rx, 4] = Rt;  Rx = CircAdd(Rx, I * 4, Mu, CS);
if c then x = 1; else x = 2;
if c then x = 1; y = 2; elsif d then x = 3; else x = 2; z = 4;
;
