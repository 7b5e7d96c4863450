// data32.asl - 32-bit data processing. SPDX-License-Identifier: MIT

bits(32) Reversed(bits(32) x, bits(2) op)
    bits(32) odd = Replicate('0000000011111111', 2);
    bits(32) swapped = (LSR(x, 8) AND odd) OR LSL(x AND odd, 8);
    case op of
        when '00' return ByteReverse(x);
        when '01' return swapped;
        when '10' return BitReverse(x);
        when '11' return SignExtend(swapped<15:0>, 32);

// ---- immediates ----

__instruction DATA_immediate
    __encoding DATA_immediate
        __layout T32 '11110' i:1 '0' op:4 S:1 Rn:4 '0' imm3:3 Rd:4 imm8:8
        __decode
            if !HasOp(op) then UNDEFINED;
            if Rn == '1111' then SEE "MOVE_immediate";
            if Rd == '1111' then SEE "COMPARE_immediate";
    __execute
        (imm, carry) = ExpandImm(i:imm3:imm8);
        (result, nzcv) = DataOp(op, R[UInt(Rn)], imm, carry);
        if S == '1' then PSTATE.NZCV = nzcv;
        R[UInt(Rd)] = result;

__instruction MOVE_immediate
    __encoding MOVE_immediate
        __layout T32 '11110' i:1 '0001' invert:1 S:1 '1111' '0' imm3:3 Rd:4 imm8:8
        __decode
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        (imm, carry) = ExpandImm(i:imm3:imm8);
        bits(32) result = if invert == '1' then NOT(imm) else imm;
        if S == '1' then PSTATE.NZCV = LogicFlags(result, carry);
        R[UInt(Rd)] = result;

// TST, TEQ, CMN, CMP
__instruction COMPARE_immediate
    __encoding COMPARE_immediate
        __layout T32 '11110' i:1 '0' op:4 '1' Rn:4 '0' imm3:3 '1111' imm8:8
        __decode
            if !(op IN {'0000', '0100', '1000', '1101'}) then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
    __execute
        (imm, carry) = ExpandImm(i:imm3:imm8);
        (-, nzcv) = DataOp(op, R[UInt(Rn)], imm, carry);
        PSTATE.NZCV = nzcv;

// ADDW, SUBW
__instruction ADD_SUB_plain
    __encoding ADD_SUB_plain
        __layout T32 '11110' i:1 '10' op:1 '0' op2:1 '0' Rn:4 '0' imm3:3 Rd:4 imm8:8
        __decode
            if op != op2 then UNDEFINED;
            if Rn == '1111' then SEE "ADR";
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        R[UInt(Rd)] = Offset(R[UInt(Rn)], ZeroExtend(i:imm3:imm8, 32), NOT(op));

__instruction ADR
    __encoding ADR
        __layout T32 '11110' i:1 '10' op:1 '0' op2:1 '0' '1111' '0' imm3:3 Rd:4 imm8:8
        __decode
            if op != op2 then UNDEFINED;
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        R[UInt(Rd)] = Offset(PCAligned(), ZeroExtend(i:imm3:imm8, 32), NOT(op));

// MOVW, MOVT
__instruction MOVE_wide
    __encoding MOVE_wide
        __layout T32 '11110' i:1 '10' top:1 '100' imm4:4 '0' imm3:3 Rd:4 imm8:8
        __decode
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        bits(16) imm = imm4:i:imm3:imm8;
        if top == '1' then
            bits(32) old = R[UInt(Rd)];
            R[UInt(Rd)] = imm:old<15:0>;
        else
            R[UInt(Rd)] = ZeroExtend(imm, 32);

// ---- shifted registers ----

__instruction DATA_register
    __encoding DATA_register
        __layout T32 '1110101' op:4 S:1 Rn:4 '0' imm3:3 Rd:4 imm2:2 stype:2 Rm:4
        __decode
            if !HasOp(op) then UNDEFINED;
            if Rn == '1111' then SEE "MOVE_register";
            if Rd == '1111' then SEE "COMPARE_register";
            if Rm == '1111' then UNPREDICTABLE;
            if op == '0010' && S == '1' && Rm == '1101' then SEE "long shifts";
    __execute
        (b, carry) = ShiftImm_C(R[UInt(Rm)], stype, imm3:imm2);
        (result, nzcv) = DataOp(op, R[UInt(Rn)], b, carry);
        if S == '1' then PSTATE.NZCV = nzcv;
        R[UInt(Rd)] = result;

// MOV and MVN, which are shifts by a constant
__instruction MOVE_register
    __encoding MOVE_register
        __layout T32 '1110101001' invert:1 S:1 '1111' '0' imm3:3 Rd:4 imm2:2 stype:2 Rm:4
        __decode
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
            if S == '1' && Rd == '1101' then UNPREDICTABLE;
            if invert == '0' && S == '1' && Rm == '1101' then SEE "long shifts";
    __execute
        (b, carry) = ShiftImm_C(R[UInt(Rm)], stype, imm3:imm2);
        bits(32) result = if invert == '1' then NOT(b) else b;
        if S == '1' then PSTATE.NZCV = LogicFlags(result, carry);
        R[UInt(Rd)] = result;

__instruction COMPARE_register
    __encoding COMPARE_register
        __layout T32 '1110101' op:4 '1' Rn:4 '0' imm3:3 '1111' imm2:2 stype:2 Rm:4
        __decode
            if !(op IN {'0000', '0100', '1000', '1101'}) then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        (b, carry) = ShiftImm_C(R[UInt(Rm)], stype, imm3:imm2);
        (-, nzcv) = DataOp(op, R[UInt(Rn)], b, carry);
        PSTATE.NZCV = nzcv;

// Halves of two registers
__instruction PKH
    __encoding PKH
        __layout T32 '111010101100' Rn:4 '0' imm3:3 Rd:4 imm2:2 tb:1 '0' Rm:4
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        (b, -) = ShiftImm_C(R[UInt(Rm)], tb:'0', imm3:imm2);
        bits(32) a = R[UInt(Rn)];
        R[UInt(Rd)] = if tb == '1' then a<31:16>:b<15:0> else b<31:16>:a<15:0>;

__instruction SHIFT_register
    __encoding SHIFT_register
        __layout T32 '111110100' stype:2 S:1 Rn:4 '1111' Rd:4 '0000' Rm:4
        __decode
            if Rn == '1111' then UNPREDICTABLE;
            if Rd == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) amount = R[UInt(Rm)];
        (result, carry) = Shift_C(R[UInt(Rn)], stype, UInt(amount<7:0>));
        if S == '1' then PSTATE.NZCV = LogicFlags(result, carry);
        R[UInt(Rd)] = result;
