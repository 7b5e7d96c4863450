// integer.asl - multiplication, division, bit fields, bits and bytes. SPDX-License-Identifier: MIT

// ---- multiplication and division ----

// MUL, MLA, MLS
__instruction MULTIPLY
    __encoding MUL
        __layout T32 '111110110000' Rn:4 '1111' Rd:4 '0000' Rm:4
        __decode
            boolean accumulate = FALSE;
            bit subtract = '0';
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __encoding MLA_MLS
        __layout T32 '111110110000' Rn:4 Ra:4 Rd:4 '000' op:1 Rm:4
        __decode
            boolean accumulate = TRUE;
            bit subtract = op;
            if Ra == '1111' then SEE "MUL";
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) product = R[UInt(Rn)] * R[UInt(Rm)];
        if accumulate then
            R[UInt(Rd)] = if subtract == '1' then R[UInt(Ra)] - product else R[UInt(Ra)] + product;
        else
            R[UInt(Rd)] = product;

// SMULL, UMULL, SMLAL, UMLAL
__instruction MULTIPLY_long
    __encoding MULTIPLY_long
        __layout T32 '111110111' accumulate:1 U:1 '0' Rn:4 RdLo:4 RdHi:4 '0000' Rm:4
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if RdLo == '1111' then UNPREDICTABLE;
            if RdHi == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) n = R[UInt(Rn)];
        bits(32) m = R[UInt(Rm)];
        bits(64) product = if U == '1' then ZeroExtend(n, 64) * ZeroExtend(m, 64) else SignExtend(n, 64) * SignExtend(m, 64);
        bits(64) result = if accumulate == '1' then product + (R[UInt(RdHi)]:R[UInt(RdLo)]) else product;
        R[UInt(RdLo)] = result<31:0>;
        R[UInt(RdHi)] = result<63:32>;

__instruction UMAAL
    __encoding UMAAL
        __layout T32 '111110111110' Rn:4 RdLo:4 RdHi:4 '0110' Rm:4
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if RdLo == '1111' then UNPREDICTABLE;
            if RdHi == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(64) product = ZeroExtend(R[UInt(Rn)], 64) * ZeroExtend(R[UInt(Rm)], 64);
        bits(64) result = product + ZeroExtend(R[UInt(RdHi)], 64) + ZeroExtend(R[UInt(RdLo)], 64);
        R[UInt(RdLo)] = result<31:0>;
        R[UInt(RdHi)] = result<63:32>;

// There is no trap: a division by zero gives zero.
__instruction DIVIDE
    __encoding DIVIDE
        __layout T32 '1111101110' U:1 '1' Rn:4 '1111' Rd:4 '1111' Rm:4
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) n = R[UInt(Rn)];
        bits(32) m = R[UInt(Rm)];
        bits(32) quotient = if U == '1' then DivU(n, m) else DivS(n, m);
        R[UInt(Rd)] = if IsZero(m) then Zeros(32) else quotient;

// ---- bit fields ----

// SBFX, UBFX
__instruction BITFIELD_extract
    __encoding BITFIELD_extract
        __layout T32 '11110011' U:1 '100' Rn:4 '0' imm3:3 Rd:4 imm2:2 '0' widthm1:5
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        // the field goes to the top, and down again; there is no field of more bits
        bits(6) width = xwidth(widthm1:imm3:imm2);
        bits(32) high = LSL(LSR(R[UInt(Rn)], UInt(imm3:imm2)), UInt(32 - width));
        R[UInt(Rd)] = if U == '1' then LSR(high, UInt(32 - width)) else ASR(high, UInt(32 - width));

// Where msb is below lsb there is no such instruction.
__instruction BITFIELD_insert
    __encoding BFI
        __layout T32 '111100110110' Rn:4 '0' imm3:3 Rd:4 imm2:2 '0' msb:5
        __decode
            boolean clear = FALSE;
            if Rn == '1111' then SEE "BFC";
            if Rd == '1111' then UNPREDICTABLE;
    __encoding BFC
        __layout T32 '111100110110' '1111' '0' imm3:3 Rd:4 imm2:2 '0' msb:5
        __decode
            boolean clear = TRUE;
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        bits(6) width = bfwidth(msb:imm3:imm2);
        bits(32) mask = LSL(LSR(Ones(32), UInt(32 - width)), UInt(imm3:imm2));
        bits(32) field = if clear then Zeros(32) else LSL(R[UInt(Rn)], UInt(imm3:imm2));
        R[UInt(Rd)] = (R[UInt(Rd)] AND NOT(mask)) OR (field AND mask);

// SSAT, USAT; a shift right by 0 is another instruction
__instruction SATURATE
    __encoding SATURATE
        __layout T32 '11110011' U:1 '0' sh:1 '0' Rn:4 '0' imm3:3 Rd:4 imm2:2 '0' sat:5
        __decode
            if sh == '1' && imm3:imm2 == '00000' then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        bits(32) n = R[UInt(Rn)];
        bits(32) x = if sh == '1' then ASR(n, UInt(imm3:imm2)) else LSL(n, UInt(imm3:imm2));
        bits(64) value = SignExtend(x, 64);
        // from 0 or the least number of so many bits to the greatest
        bits(64) most = LSL(ZeroExtend('1', 64), UInt(sat)) - 1;
        bits(64) least = if U == '1' then Zeros(64) else NOT(most);
        boolean high = SInt(value) > SInt(most);
        boolean low = SInt(value) < SInt(least);
        bits(64) result = if high then most else if low then least else value;
        R[UInt(Rd)] = result<31:0>;
        SAT = if high || low then '1' else SAT;

// ---- bits and bytes ----

// SXTH UXTH SXTB UXTB, and with addition
__instruction EXTEND
    __encoding EXTEND
        __layout T32 '111110100' op:2 U:1 '1111' '1111' Rd:4 '10' rotate:2 Rm:4
        __decode
            boolean add = FALSE;
            if op<1> == op<0> && op == '11' then UNDEFINED;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __encoding EXTEND_add
        __layout T32 '111110100' op:2 U:1 Rn:4 '1111' Rd:4 '10' rotate:2 Rm:4
        __decode
            boolean add = TRUE;
            if op == '11' then UNDEFINED;
            if Rn == '1111' then SEE "EXTEND";
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        // halfword, two bytes, byte
        bits(32) x = ROR(R[UInt(Rm)], 8 * UInt(rotate));
        bits(32) base = if add then R[UInt(Rn)] else Zeros(32);
        case op of
            when '00' R[UInt(Rd)] = base + Extended(x<15:0>, NOT(U));
            when '01'
                bits(16) high = Extended(x<23:16>, NOT(U))<15:0> + base<31:16>;
                bits(16) low = Extended(x<7:0>, NOT(U))<15:0> + base<15:0>;
                R[UInt(Rd)] = high:low;
            when '10' R[UInt(Rd)] = base + Extended(x<7:0>, NOT(U));

// REV, REV16, RBIT, REVSH; both fields name the source, and the second counts
__instruction REVERSE
    __encoding REVERSE
        __layout T32 '111110101001' Rm2:4 '1111' Rd:4 '10' op:2 Rm:4
        __decode
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        R[UInt(Rd)] = Reversed(R[UInt(Rm)], op);

__instruction CLZ
    __encoding CLZ
        __layout T32 '111110101011' Rm2:4 '1111' Rd:4 '1000' Rm:4
        __decode
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        R[UInt(Rd)] = CountLeadingZeroBits(R[UInt(Rm)]);

// Bytes of one or the other register
__instruction SEL
    __encoding SEL
        __layout T32 '111110101010' Rn:4 '1111' Rd:4 '1000' Rm:4
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) mask = Replicate(GE<3>, 8):Replicate(GE<2>, 8):Replicate(GE<1>, 8):Replicate(GE<0>, 8);
        R[UInt(Rd)] = (R[UInt(Rn)] AND mask) OR (R[UInt(Rm)] AND NOT(mask));
