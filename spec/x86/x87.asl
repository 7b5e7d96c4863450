// x87.asl - the floating-point stack. SPDX-License-Identifier: MIT
// What stands around every body: gen/front/x86_x87.py.

FLD             dst = FPConvert(src, 80);
FILD            dst = SIntToFP(SignExtend(src, 64), 80);
FLD1            dst = 0x3fff8000000000000000;
FLDZ            dst = Zeros(80);
// rounded as the control word says
FLDL2T          bits(80) x = 0x4000d49a784bcd1b8afe;
                dst = if FCW<11:10> == '10' then x + 1 else x;
FLDL2E          bits(80) x = 0x3fffb8aa3b295c17f0bb;  dst = if FCW<10> == '0' then x + 1 else x;
FLDPI           bits(80) x = 0x4000c90fdaa22168c234;  dst = if FCW<10> == '0' then x + 1 else x;
FLDLG2          bits(80) x = 0x3ffd9a209a84fbcff798;  dst = if FCW<10> == '0' then x + 1 else x;
FLDLN2          bits(80) x = 0x3ffeb17217f7d1cf79ab;  dst = if FCW<10> == '0' then x + 1 else x;
FST, FSTP       dst = FPConvert(src, Width(dst));
FIST, FISTP     dst = FPToSInt(src, Width(dst));
FISTTP          dst = FPToSInt(src, Width(dst), 1);
FXCH            bits(80) t = dst;  dst = src;  src = t;

FADD, FADDP     dst = FPAdd(dst, FPWiden(src, 80));
FSUB, FSUBP     dst = FPSub(dst, FPWiden(src, 80));
FSUBR, FSUBRP   dst = FPSub(FPWiden(src, 80), dst);
FMUL, FMULP     dst = FPMul(dst, FPWiden(src, 80));
FDIV, FDIVP     dst = FPDiv(dst, FPWiden(src, 80));
FDIVR, FDIVRP   dst = FPDiv(FPWiden(src, 80), dst);
FIADD           dst = FPAdd(dst, SIntToFP(SignExtend(src, 64), 80));
FISUB           dst = FPSub(dst, SIntToFP(SignExtend(src, 64), 80));
FISUBR          dst = FPSub(SIntToFP(SignExtend(src, 64), 80), dst);
FIMUL           dst = FPMul(dst, SIntToFP(SignExtend(src, 64), 80));
FIDIV           dst = FPDiv(dst, SIntToFP(SignExtend(src, 64), 80));
FIDIVR          dst = FPDiv(SIntToFP(SignExtend(src, 64), 80), dst);
FCHS            dst = FPNeg(dst);  C1 = '0';
FABS            dst = FPAbs(dst);  C1 = '0';
FSQRT           dst = FPSqrt(dst);
FRNDINT         dst = FPRoundToIntExact(dst);
// 2^63 and more are out of range; a result may be one ulp away, and C1 anything
FSIN            C2 = OutOfRange(dst);  dst = FPSin(dst);  C1 = bit UNKNOWN;
FCOS            C2 = OutOfRange(dst);  dst = FPCos(dst);  C1 = bit UNKNOWN;

FCOM, FCOMP, FCOMPP         CC = FPOrder(src1, FPWiden(src2, 80));
FICOM, FICOMP               CC = FPOrder(src1, SIntToFP(SignExtend(src2, 64), 80));
FUCOM, FUCOMP, FUCOMPP      CC = FPOrderQuiet(src1, src2);
FTST                        CC = FPOrder(src, Zeros(80));
FXAM            bits(3) c = Table(Min(UInt(CountTrailingZeroBits(FPClass(src))), 10), 3,
                                  3, 2, 6, 4, 4, 6, 2, 3, 1, 1, 0);
                CC = if Empty(src) == '1' then '101' else c;  C1 = src<79>;
FCMOVB          dst = if CF == '1' then src else dst;  C1 = C1;
FCMOVE          dst = if ZF == '1' then src else dst;  C1 = C1;
FCMOVBE         dst = if CF == '1' || ZF == '1' then src else dst;  C1 = C1;
FCMOVU          dst = if PF == '1' then src else dst;  C1 = C1;
FCMOVNB         dst = if CF == '0' then src else dst;  C1 = C1;
FCMOVNE         dst = if ZF == '0' then src else dst;  C1 = C1;
FCMOVNBE        dst = if CF == '0' && ZF == '0' then src else dst;  C1 = C1;
FCMOVNU         dst = if PF == '0' then src else dst;  C1 = C1;
// (the SDM has C1 cleared; processors keep it)
FCOMI, FCOMIP               bits(3) r = FPOrder(src1, src2);  C1 = C1;
                            ZF = r<2>;  PF = r<1>;  CF = r<0>;  OF = '0';  SF = '0';  AF = '0';
FUCOMI, FUCOMIP             bits(3) r = FPOrderQuiet(src1, src2);  C1 = C1;
                            ZF = r<2>;  PF = r<1>;  CF = r<0>;  OF = '0';  SF = '0';  AF = '0';

FNOP            C1 = C1;
FFREE           C1 = '0';
WAIT            FSW = FSW;
FINCSTP         TOP = TOP + 1;  C1 = '0';
FDECSTP         TOP = TOP - 1;  C1 = '0';
FNSTSW          dst = FSW;
FNSTCW          dst = FCW;
FLDCW           FCW = (src AND 0x1f3f) OR 0x40;
                FSW = if (FSW<5:0> AND NOT(FCW<5:0>)) != 0 then FSW OR 0x8080 else FSW AND 0x7f7f;
FNINIT          FCW = 0x37f;  FSW = Zeros(16);  FTW = Ones(8);
                FIP = Zeros(64);  FDP = Zeros(64);  FOP = Zeros(11);
FNCLEX          FSW = FSW AND 0x7f00;
EMMS            FTW = Ones(8);  FSW = FSW AND 0xc7ff;
