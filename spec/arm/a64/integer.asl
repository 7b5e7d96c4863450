// integer.asl - bit fields, multiplication, division, bits and bytes, selection. SPDX-License-Identifier: MIT

__instruction BITFIELD
    __encoding BITFIELD
        __layout A64 sf:1 opc:2 '100110' N:1 immr:6 imms:6 Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            if opc == '11' || N != sf || (sf == '0' && (immr<5> == '1' || imms<5> == '1')) then
                UNDEFINED;
            // the field's top bit goes to the top, and then as far down as it has to
            constant integer w = if sf == '1' then 6 else 5;
            bits(w) up = NOT(imms<w-1:0>);
            bits(w) down = immr<w-1:0> + up;
    __execute
        bits(M) high = LSL(X[UInt(Rn), M], UInt(up));
        case opc of
            when '00' X[UInt(Rd), M] = ASR(high, UInt(down));
            when '10' X[UInt(Rd), M] = LSR(high, UInt(down));
            when '01'
                bits(M) mask = LSR(LSL(Ones(M), UInt(up)), UInt(down));
                X[UInt(Rd), M] = (X[UInt(Rd), M] AND NOT(mask)) OR LSR(high, UInt(down));

__instruction EXTR
    __encoding EXTR
        __layout A64 sf:1 '00100111' N:1 '0' Rm:5 imms:6 Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            if N != sf || (sf == '0' && imms<5> == '1') then UNDEFINED;
            constant integer w = if sf == '1' then 6 else 5;
            bits(w) lsb = imms<w-1:0>;
    __execute
        X[UInt(Rd), M] = LSL(LSL(X[UInt(Rn), M], 1), UInt(NOT(lsb))) OR LSR(X[UInt(Rm), M], UInt(lsb));

__instruction MULTIPLY_ADD
    __encoding MULTIPLY_ADD
        __layout A64 sf:1 '0011011000' Rm:5 o0:1 Ra:5 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) product = X[UInt(Rn), N] * X[UInt(Rm), N];
        bits(N) a = X[UInt(Ra), N];
        X[UInt(Rd), N] = if o0 == '1' then a - product else a + product;

__instruction MULTIPLY_ADD_long
    __encoding MULTIPLY_ADD_long
        __layout A64 '10011011' U:1 '01' Rm:5 o0:1 Ra:5 Rn:5 Rd:5
    __execute
        bits(32) n = X[UInt(Rn), 32];
        bits(32) m = X[UInt(Rm), 32];
        bits(64) product;
        if U == '1' then
            product = ZeroExtend(n, 64) * ZeroExtend(m, 64);
        else
            product = SignExtend(n, 64) * SignExtend(m, 64);
        bits(64) a = X[UInt(Ra), 64];
        X[UInt(Rd), 64] = if o0 == '1' then a - product else a + product;

__instruction MULTIPLY_high
    __encoding MULTIPLY_high
        __layout A64 '10011011' U:1 '10' Rm:5 '011111' Rn:5 Rd:5
    __execute
        bits(64) n = X[UInt(Rn), 64];
        bits(64) m = X[UInt(Rm), 64];
        if U == '1' then
            X[UInt(Rd), 64] = (UInt(n) * UInt(m))<127:64>;
        else
            X[UInt(Rd), 64] = (SInt(n) * SInt(m))<127:64>;

__instruction DIVIDE
    __encoding DIVIDE
        __layout A64 sf:1 '0011010110' Rm:5 '00001' o1:1 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) n = X[UInt(Rn), N];
        bits(N) m = X[UInt(Rm), N];
        bits(N) quotient = if o1 == '1' then DivS(n, m) else DivU(n, m);
        X[UInt(Rd), N] = if IsZero(m) then Zeros(N) else quotient;

__instruction SHIFT_variable
    __encoding SHIFT_variable
        __layout A64 sf:1 '0011010110' Rm:5 '0010' op2:2 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        integer amount = UInt(X[UInt(Rm), N]<(if sf == '1' then 5 else 4):0>);
        X[UInt(Rd), N] = Shift(X[UInt(Rn), N], op2, amount);

__instruction CRC32
    __encoding CRC32
        __layout A64 sf:1 '0011010110' Rm:5 '010' C:1 sz:2 Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_CRC32)
        __decode
            if (sf == '1') != (sz == '11') then UNDEFINED;
            integer size = 8 << UInt(sz);
    __execute
        bits(size) data = X[UInt(Rm), size];
        bits(32) acc = X[UInt(Rn), 32];
        X[UInt(Rd), 32] = if C == '1' then CRC32C(data, acc) else CRC32(data, acc);

// RBIT, REV16, REV32, REV
__instruction REVERSE
    __encoding REVERSE
        __layout A64 sf:1 '1011010110' '000000000' opc:2 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
            if sf == '0' && opc == '11' then UNDEFINED;
    __execute
        bits(N) x = X[UInt(Rn), N];
        case opc of
            when '00' X[UInt(Rd), N] = BitReverse(x);
            when '01'
                bits(N) odd = Replicate('0000000011111111', N DIV 16);
                X[UInt(Rd), N] = (LSR(x, 8) AND odd) OR LSL(x AND odd, 8);
            when '10' X[UInt(Rd), N] = ROR(ByteReverse(x), 32);
            when '11' X[UInt(Rd), N] = ByteReverse(x);

// CLZ, CLS; CTZ, CNT and ABS are newer
__instruction COUNT
    __encoding COUNT
        __layout A64 sf:1 '1011010110' '0000000010' S:1 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) x = X[UInt(Rn), N];
        if S == '1' then
            X[UInt(Rd), N] = ZeroExtend(CountLeadingZeroBits(x<N-1:1> EOR x<N-2:0>), N);
        else
            X[UInt(Rd), N] = CountLeadingZeroBits(x);

__instruction COUNT_common
    __encoding COUNT_common
        __layout A64 sf:1 '1011010110' '0000000011' opc:1 Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_CSSC)
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) x = X[UInt(Rn), N];
        X[UInt(Rd), N] = if opc == '1' then BitCount(x) else CountTrailingZeroBits(x);

__instruction ABS
    __encoding ABS
        __layout A64 sf:1 '1011010110' '00000001000' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_CSSC)
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) x = X[UInt(Rn), N];
        X[UInt(Rd), N] = if x<N-1> == '1' then -x else x;

__instruction MINMAX
    __encoding MINMAX_register
        __layout A64 sf:1 '0011010110' Rm:5 '0110' min:1 U:1 Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_CSSC)
        __decode
            integer N = if sf == '1' then 64 else 32;
            boolean immediate = FALSE;
    __encoding MINMAX_immediate
        __layout A64 sf:1 '00100011100' min:1 U:1 imm8:8 Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_CSSC)
        __decode
            integer N = if sf == '1' then 64 else 32;
            boolean immediate = TRUE;
    __execute
        bits(N) a = X[UInt(Rn), N];
        bits(N) b;
        if !immediate then b = X[UInt(Rm), N];
        elsif U == '1' then b = ZeroExtend(imm8, N);
        else b = SignExtend(imm8, N);
        boolean less = if U == '1' then UInt(a) < UInt(b) else SInt(a) < SInt(b);
        X[UInt(Rd), N] = if less == (min == '1') then a else b;

__instruction CSEL
    __encoding CSEL
        __layout A64 sf:1 op:1 '011010100' Rm:5 cond:4 '0' o2:1 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) other = X[UInt(Rm), N];
        if op == '1' then other = NOT(other);
        if o2 == '1' then other = other + ZeroExtend('1', N);
        X[UInt(Rd), N] = if Holds(cond) then X[UInt(Rn), N] else other;
