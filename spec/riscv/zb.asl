// zb.asl - bit manipulation and conditional zeroing. SPDX-License-Identifier: MIT

// rv_zba
sh1add    rd, rs1, rs2    rd = rs2 + (rs1 << 1);
sh2add    rd, rs1, rs2    rd = rs2 + (rs1 << 2);
sh3add    rd, rs1, rs2    rd = rs2 + (rs1 << 3);

// rv64_zba
add.uw    rd, rs1, rs2    rd = rs2 + ZeroExtend(rs1<31:0>, 64);
sh1add.uw rd, rs1, rs2    rd = rs2 + (ZeroExtend(rs1<31:0>, 64) << 1);
sh2add.uw rd, rs1, rs2    rd = rs2 + (ZeroExtend(rs1<31:0>, 64) << 2);
sh3add.uw rd, rs1, rs2    rd = rs2 + (ZeroExtend(rs1<31:0>, 64) << 3);
slli.uw   rd, rs1, shamt  rd = LSL(ZeroExtend(rs1<31:0>, 64), shamt);

// rv_zbb
andn      rd, rs1, rs2    rd = rs1 AND NOT(rs2);
orn       rd, rs1, rs2    rd = rs1 OR NOT(rs2);
xnor      rd, rs1, rs2    rd = NOT(rs1 EOR rs2);
clz       rd, rs1         rd = CountLeadingZeroBits(rs1);
ctz       rd, rs1         rd = CountTrailingZeroBits(rs1);
cpop      rd, rs1         rd = BitCount(rs1);
max       rd, rs1, rs2    rd = if SInt(rs1) < SInt(rs2) then rs2 else rs1;
maxu      rd, rs1, rs2    rd = if UInt(rs1) < UInt(rs2) then rs2 else rs1;
min       rd, rs1, rs2    rd = if SInt(rs1) < SInt(rs2) then rs1 else rs2;
minu      rd, rs1, rs2    rd = if UInt(rs1) < UInt(rs2) then rs1 else rs2;
sext.b    rd, rs1         rd = SignExtend(rs1<7:0>, 64);
sext.h    rd, rs1         rd = SignExtend(rs1<15:0>, 64);
rol       rd, rs1, rs2    rd = ROR(rs1, UInt((NOT(rs2<5:0>)) + 1));
ror       rd, rs1, rs2    rd = ROR(rs1, UInt(rs2<5:0>));
orc.b     rd, rs1         rd = OrCombineBytes(rs1);

// rv64_zbb
clzw      rd, rs1         rd = ZeroExtend(CountLeadingZeroBits(rs1<31:0>), 64);
ctzw      rd, rs1         rd = ZeroExtend(CountTrailingZeroBits(rs1<31:0>), 64);
cpopw     rd, rs1         rd = ZeroExtend(BitCount(rs1<31:0>), 64);
rolw      rd, rs1, rs2    rd = SignExtend(ROR(rs1<31:0>, UInt((NOT(rs2<4:0>)) + 1)), 64);
rorw      rd, rs1, rs2    rd = SignExtend(ROR(rs1<31:0>, UInt(rs2<4:0>)), 64);
roriw     rd, rs1, shamt  rd = SignExtend(ROR(rs1<31:0>, UInt(shamt<4:0>)), 64);
rori      rd, rs1, shamt  rd = ROR(rs1, shamt);
zext.h    rd, rs1         rd = ZeroExtend(rs1<15:0>, 64);
rev8      rd, rs1         rd = ByteReverse(rs1);

// rv_zbs
bclr      rd, rs1, rs2    rd = rs1 AND NOT(LSL(ZeroExtend('1', 64), UInt(rs2<5:0>)));
bext      rd, rs1, rs2    rd = ZeroExtend(LSR(rs1, UInt(rs2<5:0>))<0>, 64);
binv      rd, rs1, rs2    rd = rs1 EOR LSL(ZeroExtend('1', 64), UInt(rs2<5:0>));
bset      rd, rs1, rs2    rd = rs1 OR LSL(ZeroExtend('1', 64), UInt(rs2<5:0>));

// rv64_zbs
bclri     rd, rs1, shamt  rd = rs1 AND NOT(LSL(ZeroExtend('1', 64), shamt));
bexti     rd, rs1, shamt  rd = ZeroExtend(LSR(rs1, shamt)<0>, 64);
binvi     rd, rs1, shamt  rd = rs1 EOR LSL(ZeroExtend('1', 64), shamt);
bseti     rd, rs1, shamt  rd = rs1 OR LSL(ZeroExtend('1', 64), shamt);

// rv_zbc
clmul     rd, rs1, rs2    rd = CarrylessMul(rs1, rs2);
clmulr    rd, rs1, rs2    rd = CarrylessMulHigh(rs1, rs2)<62:0> : CarrylessMul(rs1, rs2)<63>;
clmulh    rd, rs1, rs2    rd = CarrylessMulHigh(rs1, rs2);

// rv_zicond
czero.eqz rd, rs1, rs2    rd = if rs2 == 0 then Zeros(64) else rs1;
czero.nez rd, rs1, rs2    rd = if rs2 != 0 then Zeros(64) else rs1;
