// float.asl - scalar floating point. SPDX-License-Identifier: MIT
//
// type is the format: single, double, none, half.

integer Format(bits(2) ftype)
    case ftype of
        when '00' return 32;
        when '01' return 64;
        when '11' return 16;
        when '10' UNDEFINED;

bits(4) Compare(bits(N) a, bits(N) b, boolean signal)
    bits(3) order;
    if signal then order = FPOrder(a, b);
    else order = FPOrderQuiet(a, b);
    // greater, less, -, -, equal, -, -, unordered
    return Table(UInt(order), 4, 2, 8, 0, 0, 6, 0, 0, 3);

__instruction FP_two_sources
    __encoding FP_two_sources
        __layout A64 '00011110' ftype:2 '1' Rm:5 opcode:4 '10' Rn:5 Rd:5
        __decode
            integer N = Format(ftype);
            if UInt(opcode) > 8 then UNDEFINED;
    __execute
        bits(N) a = V[UInt(Rn), N];
        bits(N) b = V[UInt(Rm), N];
        bits(N) result;
        case opcode of
            when '0000' result = FPMul(a, b);
            when '0001' result = FPDiv(a, b);
            when '0010' result = FPAdd(a, b);
            when '0011' result = FPSub(a, b);
            when '0100' result = FPMaximum(a, b);
            when '0101' result = FPMinimum(a, b);
            when '0110' result = FPMaxNum(a, b);
            when '0111' result = FPMinNum(a, b);
            when '1000' result = FPNeg(FPMul(a, b));
        V[UInt(Rd), N] = result;

__instruction FP_one_source
    __encoding FP_one_source
        __layout A64 '00011110' ftype:2 '10000' opc:2 '10000' Rn:5 Rd:5
        __decode
            integer N = Format(ftype);
    __execute
        bits(N) a = V[UInt(Rn), N];
        bits(N) result;
        case opc of
            when '00' result = a;
            when '01' result = FPAbs(a);
            when '10' result = FPNeg(a);
            when '11' result = FPSqrt(a);
        V[UInt(Rd), N] = result;

__instruction FP_convert
    __encoding FP_convert
        __layout A64 '00011110' ftype:2 '10001' opc:2 '10000' Rn:5 Rd:5
        __decode
            integer N = Format(ftype);
            if ftype == opc then UNDEFINED;
            integer M = Format(opc);
    __execute
        V[UInt(Rd), M] = FPConvert(V[UInt(Rn), N], M);

__instruction FP_round
    __encoding FP_round
        __layout A64 '00011110' ftype:2 '1001' mode:3 '10000' Rn:5 Rd:5
        __decode
            integer N = Format(ftype);
            if mode == '101' then UNDEFINED;
    __execute
        bits(N) a = V[UInt(Rn), N];
        bits(N) result;
        case mode of
            when '000' result = FPRoundToInt(a, 0);
            when '001' result = FPRoundToInt(a, 3);
            when '010' result = FPRoundToInt(a, 2);
            when '011' result = FPRoundToInt(a, 1);
            when '100' result = FPRoundToInt(a, 4);
            when '110' result = FPRoundToIntExact(a);
            when '111' result = FPRoundToInt(a);
        V[UInt(Rd), N] = result;

__instruction FP_multiply_add
    __encoding FP_multiply_add
        __layout A64 '00011111' ftype:2 o1:1 Rm:5 o0:1 Ra:5 Rn:5 Rd:5
        __decode
            integer N = Format(ftype);
    __execute
        bits(N) addend = V[UInt(Ra), N];
        bits(N) factor = V[UInt(Rn), N];
        if o1 == '1' then addend = FPNeg(addend);
        if o0 != o1 then factor = FPNeg(factor);
        V[UInt(Rd), N] = FPMulAdd(factor, V[UInt(Rm), N], addend);

__instruction FP_compare
    __encoding FP_compare
        __layout A64 '00011110' ftype:2 '1' Rm:5 '001000' Rn:5 E:1 '0000'
        __decode
            integer N = Format(ftype);
            boolean zero = FALSE;
    __encoding FP_compare_zero
        __layout A64 '00011110' ftype:2 '1' Rm:5='00000' '001000' Rn:5 E:1 '1000'
        __decode
            integer N = Format(ftype);
            boolean zero = TRUE;
    __execute
        bits(N) b = if zero then Zeros(N) else V[UInt(Rm), N];
        PSTATE.NZCV = Compare(V[UInt(Rn), N], b, E == '1');

__instruction FP_conditional_compare
    __encoding FP_conditional_compare
        __layout A64 '00011110' ftype:2 '1' Rm:5 cond:4 '01' Rn:5 E:1 nzcv:4
        __decode
            integer N = Format(ftype);
    __execute
        bits(4) flags = nzcv;
        if Holds(cond) then flags = Compare(V[UInt(Rn), N], V[UInt(Rm), N], E == '1');
        PSTATE.NZCV = flags;

__instruction FP_select
    __encoding FP_select
        __layout A64 '00011110' ftype:2 '1' Rm:5 cond:4 '11' Rn:5 Rd:5
        __decode
            integer N = Format(ftype);
    __execute
        V[UInt(Rd), N] = if Holds(cond) then V[UInt(Rn), N] else V[UInt(Rm), N];

__instruction FP_immediate
    __encoding FP_immediate
        __layout A64 '00011110' ftype:2 '1' imm8:8 '10000000' Rd:5
        __decode
            integer N = Format(ftype);
    __execute
        case ftype of
            when '00' V[UInt(Rd), N] = fpimm32(imm8);
            when '01' V[UInt(Rd), N] = fpimm64(imm8);
            when '11' V[UInt(Rd), N] = fpimm16(imm8);

// rmode: to nearest, up, down, toward zero
__instruction FP_to_integer
    __encoding FP_to_integer
        __layout A64 sf:1 '0011110' ftype:2 '1' rmode:2 '00' U:1 '000000' Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            integer N = Format(ftype);
            integer direction = if rmode == '00' then 0 else 4 - UInt(rmode);
    __encoding FP_to_integer_away
        __layout A64 sf:1 '0011110' ftype:2 '100' '10' U:1 '000000' Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            integer N = Format(ftype);
            integer direction = 4;
    __execute
        bits(N) a = V[UInt(Rn), N];
        if U == '1' then
            X[UInt(Rd), M] = FPToUInt(a, M, direction);
        else
            X[UInt(Rd), M] = FPToSInt(a, M, direction);

__instruction FP_from_integer
    __encoding FP_from_integer
        __layout A64 sf:1 '0011110' ftype:2 '100' '01' U:1 '000000' Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            integer N = Format(ftype);
    __execute
        bits(M) a = X[UInt(Rn), M];
        if U == '1' then
            V[UInt(Rd), N] = UIntToFP(a, N);
        else
            V[UInt(Rd), N] = SIntToFP(a, N);

// scale: 64 less the bits behind the point
__instruction FP_to_fixed
    __encoding FP_to_fixed
        __layout A64 sf:1 '0011110' ftype:2 '01100' U:1 scale:6 Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            integer N = Format(ftype);
            if sf == '0' && scale<5> == '0' then UNDEFINED;
    __execute
        bits(N) a = V[UInt(Rn), N];
        bits(N) point = (64 - UInt(scale))<N-1:0>;
        if U == '1' then
            X[UInt(Rd), M] = FPToFixedU(a, point, M, 1);
        else
            X[UInt(Rd), M] = FPToFixedS(a, point, M, 1);

__instruction FP_from_fixed
    __encoding FP_from_fixed
        __layout A64 sf:1 '0011110' ftype:2 '00001' U:1 scale:6 Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            integer N = Format(ftype);
            if sf == '0' && scale<5> == '0' then UNDEFINED;
    __execute
        bits(M) a = X[UInt(Rn), M];
        bits(M) point = (64 - UInt(scale))<M-1:0>;
        if U == '1' then
            V[UInt(Rd), N] = FixedUToFP(a, point, N);
        else
            V[UInt(Rd), N] = FixedSToFP(a, point, N);

__instruction FP_move_general
    __encoding FP_move_general
        __layout A64 sf:1 '0011110' ftype:2 '100' '11' from:1 '000000' Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            integer N = Format(ftype);
            if N != 16 && N != M then UNDEFINED;
    __execute
        if from == '1' then
            V[UInt(Rd), N] = X[UInt(Rn), M]<N-1:0>;
        else
            X[UInt(Rd), M] = ZeroExtend(V[UInt(Rn), N], M);

// The upper half of a vector register
__instruction FP_move_upper
    __encoding FP_move_upper
        __layout A64 '10011110' '10101' '11' from:1 '000000' Rn:5 Rd:5
    __execute
        if from == '1' then
            V[UInt(Rd), 128] = X[UInt(Rn), 64]:V[UInt(Rd), 64];
        else
            X[UInt(Rd), 64] = V[UInt(Rn), 128]<127:64>;
