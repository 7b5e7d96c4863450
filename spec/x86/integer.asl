// integer.asl - general-purpose instructions. SPDX-License-Identifier: MIT
// What bodies may name: gen/front/x86_bodies.py. sz is the operand size.

// arithmetic and logic
ADD     (dst, OSZAPC) = AddWithCarry(dst, src, '0');
ADC     (dst, OSZAPC) = AddWithCarry(dst, src, CF);
SUB     (dst, OSZAPC) = SubWithBorrow(dst, src, '0');
SBB     (dst, OSZAPC) = SubWithBorrow(dst, src, CF);
CMP     (-, OSZAPC) = SubWithBorrow(src1, src2, '0');
NEG     (dst, OSZAPC) = SubWithBorrow(Zeros(sz), dst, '0');
INC     (dst, OSZAP) = AddWithCarry(dst, 1, '0');
DEC     (dst, OSZAP) = SubWithBorrow(dst, 1, '0');
NOT     dst = NOT(dst);
AND     dst = dst AND src;  OSZPC = LogicFlags(dst);  A = UNDEFINED;
OR      dst = dst OR src;   OSZPC = LogicFlags(dst);  A = UNDEFINED;
XOR     dst = dst EOR src;  OSZPC = LogicFlags(dst);  A = UNDEFINED;
TEST    OSZPC = LogicFlags(src1 AND src2);  A = UNDEFINED;

MUL     bits(2*sz) p = ZeroExtend(rAX, 2*sz) * ZeroExtend(src, 2*sz);
        if sz == 8 then
            AX = p<15:0>;
        else
            rAX = p<sz-1:0>;
            rDX = p<2*sz-1:sz>;
        CF = if p<2*sz-1:sz> != 0 then '1' else '0';
        OF = CF;
        SZAP = UNDEFINED;
IMUL/1  bits(2*sz) p = SignExtend(rAX, 2*sz) * SignExtend(src, 2*sz);
        if sz == 8 then
            AX = p<15:0>;
        else
            rAX = p<sz-1:0>;
            rDX = p<2*sz-1:sz>;
        CF = if p != SignExtend(p<sz-1:0>, 2*sz) then '1' else '0';
        OF = CF;
        SZAP = UNDEFINED;
IMUL/2  bits(2*sz) p = SignExtend(dst, 2*sz) * SignExtend(src, 2*sz);
        dst = p<sz-1:0>;
        CF = if p != SignExtend(dst, 2*sz) then '1' else '0';
        OF = CF;
        SZAP = UNDEFINED;
IMUL/3, IMULZU
        bits(2*sz) p = SignExtend(src1, 2*sz) * SignExtend(src2, 2*sz);
        dst = p<sz-1:0>;
        CF = if p != SignExtend(dst, 2*sz) then '1' else '0';
        OF = CF;
        SZAP = UNDEFINED;
DIV     if src == 0 then DE();
        bits(2*sz) n = if sz == 8 then AX else rDX : rAX;
        bits(2*sz) d = ZeroExtend(src, 2*sz);
        bits(2*sz) q = DivU(n, d);
        if q<2*sz-1:sz> != 0 then DE();
        bits(2*sz) r = RemU(n, d);
        if sz == 8 then
            AX = r<7:0> : q<7:0>;
        else
            rAX = q<sz-1:0>;
            rDX = r<sz-1:0>;
        OSZAPC = UNDEFINED;
IDIV    if src == 0 then DE();
        bits(2*sz) n = if sz == 8 then AX else rDX : rAX;
        bits(2*sz) d = SignExtend(src, 2*sz);
        bits(2*sz) q = DivS(n, d);
        if q != SignExtend(q<sz-1:0>, 2*sz) then DE();
        bits(2*sz) r = RemS(n, d);
        if sz == 8 then
            AX = r<7:0> : q<7:0>;
        else
            rAX = q<sz-1:0>;
            rDX = r<sz-1:0>;
        OSZAPC = UNDEFINED;

// shifts and rotations; a count of zero changes no flag
SHL     integer n = if sz == 64 then UInt(src<5:0>) else UInt(src<4:0>);
        if n != 0 then
            bits(2*sz) w = LSL(ZeroExtend(dst, 2*sz), n);
            CF = w<sz>;
            dst = w<sz-1:0>;
            SZP = FlagsOf(dst);
            OF = if n == 1 then dst<sz-1> EOR CF else bit UNKNOWN;
            A = UNDEFINED;
SHR     integer n = if sz == 64 then UInt(src<5:0>) else UInt(src<4:0>);
        if n != 0 then
            bits(2*sz) w = LSR(dst : Zeros(sz), n);
            CF = w<sz-1>;
            OF = if n == 1 then dst<sz-1> else bit UNKNOWN;
            dst = w<2*sz-1:sz>;
            SZP = FlagsOf(dst);
            A = UNDEFINED;
SAR     integer n = if sz == 64 then UInt(src<5:0>) else UInt(src<4:0>);
        if n != 0 then
            bits(2*sz) w = ASR(dst : Zeros(sz), n);
            CF = w<sz-1>;
            dst = w<2*sz-1:sz>;
            SZP = FlagsOf(dst);
            OF = if n == 1 then '0' else bit UNKNOWN;
            A = UNDEFINED;
ROL     integer n = if sz == 64 then UInt(src<5:0>) else UInt(src<4:0>);
        if n != 0 then
            dst = ROR(dst, 64 - n);
            CF = dst<0>;
            OF = if n == 1 then dst<sz-1> EOR CF else bit UNKNOWN;
ROR     integer n = if sz == 64 then UInt(src<5:0>) else UInt(src<4:0>);
        if n != 0 then
            dst = ROR(dst, n);
            CF = dst<sz-1>;
            OF = if n == 1 then dst<sz-1> EOR dst<sz-2> else bit UNKNOWN;
RCL     bits(6) c = if sz == 64 then src<5:0> else '0' : src<4:0>;
        integer n = if sz < 32 then Min(UInt(RemU(c, (sz + 1)<5:0>)), sz) else Min(UInt(c), sz);
        bits(sz + 1) w = CF : dst;
        bits(sz + 1) x = LSL(w, n) OR LSR(w, sz + 1 - n);
        if c != 0 then
            dst = x<sz-1:0>;
            CF = x<sz>;
            OF = if c == 1 then dst<sz-1> EOR CF else bit UNKNOWN;
RCR     bits(6) c = if sz == 64 then src<5:0> else '0' : src<4:0>;
        integer n = if sz < 32 then Min(UInt(RemU(c, (sz + 1)<5:0>)), sz) else Min(UInt(c), sz);
        bits(sz + 1) w = CF : dst;
        bits(sz + 1) x = LSR(w, n) OR LSL(w, sz + 1 - n);
        if c != 0 then
            dst = x<sz-1:0>;
            CF = x<sz>;
            OF = if c == 1 then dst<sz-1> EOR dst<sz-2> else bit UNKNOWN;
SHLD    integer n = if sz == 64 then UInt(src2<5:0>) else UInt(src2<4:0>);
        if n != 0 then
            bit top = dst<sz-1>;
            CF = LSR(dst, sz - Min(n, sz))<0>;
            dst = LSL(dst, n) OR LSR(src1, sz - Min(n, sz));
            if sz == 16 then
                if n > sz then
                    dst = bits(sz) UNKNOWN;
                    CF = bit UNKNOWN;
                    SZP = UNDEFINED;
                else
                    SZP = FlagsOf(dst);
            else
                SZP = FlagsOf(dst);
            OF = if n == 1 then dst<sz-1> EOR top else bit UNKNOWN;
            A = UNDEFINED;
SHRD    integer n = if sz == 64 then UInt(src2<5:0>) else UInt(src2<4:0>);
        if n != 0 then
            bit top = dst<sz-1>;
            CF = (LSR(dst : '0', Min(n, sz)))<0>;
            dst = LSR(dst, n) OR LSL(src1, sz - Min(n, sz));
            if sz == 16 then
                if n > sz then
                    dst = bits(sz) UNKNOWN;
                    CF = bit UNKNOWN;
                    SZP = UNDEFINED;
                else
                    SZP = FlagsOf(dst);
            else
                SZP = FlagsOf(dst);
            OF = if n == 1 then dst<sz-1> EOR top else bit UNKNOWN;
            A = UNDEFINED;

// moves
MOV, MOVABS
        NotCodeSegment(dst);
        if IsSegment(dst) then
            LoadSegment(RegisterNumber(dst)<7:0>, src<15:0>);
        else
            dst = if IsSegment(src) then ZeroExtend(src, Bits(dst)) else src;
MOVZX   dst = ZeroExtend(src, sz);
MOVSX   dst = SignExtend(src, sz);
MOVSXD  dst = SignExtend(src, sz);
LEA     dst = EffectiveAddress(src)<sz-1:0>;
CMOV{cc}  if Condition(cc) then dst = src;
SET{cc}, SETZU{cc}
        dst = if Condition(cc) then '00000001' else '00000000';
XCHG    bits(sz) old = dst;  dst = src;  src = old;
CMPXCHG KeepUnlessAssigned(dst);  // 32 bits: the upper half of a register, too
        bits(sz) old = dst;
        (-, OSZAPC) = SubWithBorrow(rAX, old, '0');
        if rAX == old then
            dst = src;
        else
            rAX = old;
XADD    bits(sz) old = dst;
        (dst, OSZAPC) = AddWithCarry(dst, src, '0');
        src = old;
CMPXCHG8B
        bits(64) old = dst;
        if EDX : EAX == old then
            ZF = '1';
            dst = ECX : EBX;
        else
            ZF = '0';
            EDX = old<63:32>;
            EAX = old<31:0>;
BSWAP   dst = ByteReverse(dst);

// the accumulator, flags
CBW     AX = SignExtend(AL, 16);
CWDE    EAX = SignExtend(AX, 32);
CDQE    RAX = SignExtend(EAX, 64);
CWD, CDQ, CQO
        bits(2*sz) w = SignExtend(rAX, 2*sz);
        rDX = w<2*sz-1:sz>;
CMC     CF = NOT(CF);
CLC     CF = '0';
STC     CF = '1';
CLD     DF = '0';
STD     DF = '1';
LAHF    AH = SF : ZF : '0' : AF : '0' : PF : '1' : CF;
SAHF    SF = AH<7>;  ZF = AH<6>;  AF = AH<4>;  PF = AH<2>;  CF = AH<0>;

// bits; an offset in a register reaches beyond the operand in memory
BT      Displace(src1, BitBytes(src2));
        CF = LSR(src1, BitIndex(src2))<0>;
        OSAP = UNDEFINED;
BTS     Displace(dst, BitBytes(src));
        CF = LSR(dst, BitIndex(src))<0>;
        dst = dst OR LSL(ZeroExtend('1', sz), BitIndex(src));
        OSAP = UNDEFINED;
BTR     Displace(dst, BitBytes(src));
        CF = LSR(dst, BitIndex(src))<0>;
        dst = dst AND NOT(LSL(ZeroExtend('1', sz), BitIndex(src)));
        OSAP = UNDEFINED;
BTC     Displace(dst, BitBytes(src));
        CF = LSR(dst, BitIndex(src))<0>;
        dst = dst EOR LSL(ZeroExtend('1', sz), BitIndex(src));
        OSAP = UNDEFINED;
BSF     KeepUnlessAssigned(dst);
        ZF = if src == 0 then '1' else '0';
        if src != 0 then dst = CountTrailingZeroBits(src);
        OSAPC = UNDEFINED;
BSR     KeepUnlessAssigned(dst);
        ZF = if src == 0 then '1' else '0';
        if src != 0 then dst = (sz - 1)<sz-1:0> - CountLeadingZeroBits(src);
        OSAPC = UNDEFINED;
TZCNT   dst = CountTrailingZeroBits(src);
        CF = if src == 0 then '1' else '0';
        ZF = if dst == 0 then '1' else '0';
        OSAP = UNDEFINED;
LZCNT   dst = CountLeadingZeroBits(src);
        CF = if src == 0 then '1' else '0';
        ZF = if dst == 0 then '1' else '0';
        OSAP = UNDEFINED;
POPCNT  dst = BitCount(src);
        OSAPC = Clear();
        ZF = if src == 0 then '1' else '0';
ANDN    dst = NOT(src1) AND src2;  OSZC = LogicFlags(dst);  AP = UNDEFINED;
BEXTR   bits(sz) x = LSR(src1, UInt(src2<7:0>));
        dst = x AND NOT(LSL(Ones(sz), UInt(src2<15:8>)));
        OZC = LogicFlags(dst);
        SAP = UNDEFINED;
BLSR    dst = src AND (src - 1);
        OSZ = LogicFlags(dst);
        CF = if src == 0 then '1' else '0';
        AP = UNDEFINED;
BLSMSK  dst = src EOR (src - 1);
        OSZ = LogicFlags(dst);
        CF = if src == 0 then '1' else '0';
        AP = UNDEFINED;
BLSI    dst = src AND (Zeros(sz) - src);
        OSZ = LogicFlags(dst);
        CF = if src == 0 then '0' else '1';
        AP = UNDEFINED;
PEXT    dst = BitExtract(src1, src2);
PDEP    dst = BitDeposit(src1, src2);
BZHI    dst = src1 AND NOT(LSL(Ones(sz), UInt(src2<7:0>)));
        OSZ = LogicFlags(dst);
        CF = if UInt(src2<7:0>) >= sz then '1' else '0';
        AP = UNDEFINED;
SHLX    dst = LSL(src1, if sz == 64 then UInt(src2<5:0>) else UInt(src2<4:0>));
SHRX    dst = LSR(src1, if sz == 64 then UInt(src2<5:0>) else UInt(src2<4:0>));
SARX    dst = ASR(src1, if sz == 64 then UInt(src2<5:0>) else UInt(src2<4:0>));
RORX    dst = ROR(src1, if sz == 64 then UInt(src2<5:0>) else UInt(src2<4:0>));

// stack and control
// A choice of vendors: of a segment register in a slot of 32 bits only 16 are stored (Intel).
PUSH    if IsSegment(src) && sz == 64 then
            Push(ZeroExtend(src, sz), sz / 8);
        else
            Push(src, sz / 8);
POP     if IsSegment(dst) then
            LoadSegment(RegisterNumber(dst)<7:0>, Pop(sz / 8, 2));
        else
            dst = Pop(sz / 8);
LEAVE   SetStack(RBP);
        rBP = Pop(sz / 8);
PUSHF{q}
        bits(64) f = (RFLAGS AND NOT(ZeroExtend('11' : Zeros(16), 64)))
            OR ZeroExtend(OF : DF : '00' : SF : ZF : '0' : AF : '0' : PF : '0' : CF, 64);
        Push(f<sz-1:0>, sz / 8);
POPF{q}
        bits(sz) f = Pop(sz / 8);
        PutFlags(ZeroExtend(f, 64), if sz == 16 then TRUE else FALSE);
CALL    Push(NextPC<sz-1:0>, sz / 8);  Branch(src);
RET/0   Branch(Pop(sz / 8));
RET/1   Branch(Pop(sz / 8));  Release(src);
JMP     Branch(src);
J{cc}   if Condition(cc) then Branch(src);
NOP, PAUSE, ENDBR64, ENDBR32  ;
PREFETCHNTA, PREFETCHT0, PREFETCHT1, PREFETCHT2, LFENCE, MFENCE, SFENCE  ;
UD2     UNDEFINED;
CPUID   Cpuid();

// strings; REP is the encoding's
// A choice of vendors: with 32-bit addresses, REP of MOVS and STOS begins by clearing
// the upper halves of the index registers (Intel): also 0 times, and if it faults.
MOVS{s} RepCuts(RSI, RDI);
        dst = src;  Advance(RSI);  Advance(RDI);
STOS{s} RepCuts(RDI);
        dst = src;  Advance(RDI);
LODS{s} dst = src;  Advance(RSI);
SCAS{s} (-, OSZAPC) = SubWithBorrow(src1, src2, '0');  Advance(RDI);
CMPS{s} LoadFirst(src2);
        (-, OSZAPC) = SubWithBorrow(src1, src2, '0');  Advance(RSI);  Advance(RDI);

// vectors, whole registers, and what controls their arithmetic
LDMXCSR, VLDMXCSR   LoadMxcsr(src);
STMXCSR, VSTMXCSR   CollectFlags();  dst = MXCSR;
VZEROUPPER  ZeroVectors(16);
VZEROALL    ZeroVectors(0);
