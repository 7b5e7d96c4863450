// data16.asl - 16-bit data processing. SPDX-License-Identifier: MIT

__instruction SHIFT_immediate_16
    __encoding SHIFT_immediate_16
        __layout T16 '000' op:2 imm5:5 Rm:3 Rd:3
        __decode
            if op == '11' then SEE "ADD_SUB_16";
    __execute
        (result, carry) = ShiftImm_C(R[UInt(Rm)], op, imm5);
        SetFlags16(LogicFlags(result, carry));
        R[UInt(Rd)] = result;

__instruction ADD_SUB_16
    __encoding ADD_SUB_register_16
        __layout T16 '000110' op:1 Rm:3 Rn:3 Rd:3
        __decode
            boolean immediate = FALSE;
    __encoding ADD_SUB_immediate3_16
        __layout T16 '000111' op:1 imm3:3 Rn:3 Rd:3
        __decode
            boolean immediate = TRUE;
    __execute
        bits(32) b = if immediate then ZeroExtend(imm3, 32) else R[UInt(Rm)];
        (result, nzcv) = AddWithCarry(R[UInt(Rn)], if op == '1' then NOT(b) else b, op);
        SetFlags16(nzcv);
        R[UInt(Rd)] = result;

// MOVS, CMP, ADDS, SUBS
__instruction IMMEDIATE8_16
    __encoding IMMEDIATE8_16
        __layout T16 '001' op:2 Rdn:3 imm8:8
    __execute
        bits(32) imm = ZeroExtend(imm8, 32);
        if op == '00' then
            SetFlags16(LogicFlags(imm, PSTATE.C));
            R[UInt(Rdn)] = imm;
        else
            bit subtract = if op == '10' then '0' else '1';
            (result, nzcv) = AddWithCarry(R[UInt(Rdn)], if subtract == '1' then NOT(imm) else imm, subtract);
            if op == '01' then
                PSTATE.NZCV = nzcv;
            else
                SetFlags16(nzcv);
                R[UInt(Rdn)] = result;

// AND EOR ADC SBC ORR BIC MVN, shifts by register
__instruction DATA_16
    __encoding DATA_16
        __layout T16 '010000' op:4 Rm:3 Rdn:3
        __decode
            if op IN {'1000', '1001', '1010', '1011', '1101'} then SEE "COMPARE_16, MULTIPLY_16";
    __execute
        bits(32) a = R[UInt(Rdn)];
        bits(32) b = R[UInt(Rm)];
        bits(32) result;
        bits(4) nzcv;
        case op of
            when '0000'
                result = a AND b;
                nzcv = LogicFlags(result, PSTATE.C);
            when '0001'
                result = a EOR b;
                nzcv = LogicFlags(result, PSTATE.C);
            when '0101' (result, nzcv) = AddWithCarry(a, b, PSTATE.C);
            when '0110' (result, nzcv) = AddWithCarry(a, NOT(b), PSTATE.C);
            when '1100'
                result = a OR b;
                nzcv = LogicFlags(result, PSTATE.C);
            when '1110'
                result = a AND NOT(b);
                nzcv = LogicFlags(result, PSTATE.C);
            when '1111'
                result = NOT(b);
                nzcv = LogicFlags(result, PSTATE.C);
            otherwise
                bits(2) kind = if op == '0111' then '11' else (op - 2)<1:0>;
                (shifted, carry) = Shift_C(a, kind, UInt(b<7:0>));
                result = shifted;
                nzcv = LogicFlags(result, carry);
        SetFlags16(nzcv);
        R[UInt(Rdn)] = result;

__instruction RSB_16
    __encoding RSB_16
        __layout T16 '0100001001' Rn:3 Rd:3
    __execute
        (result, nzcv) = AddWithCarry(NOT(R[UInt(Rn)]), Zeros(32), '1');
        SetFlags16(nzcv);
        R[UInt(Rd)] = result;

__instruction MUL_16
    __encoding MUL_16
        __layout T16 '0100001101' Rn:3 Rdm:3
    __execute
        bits(32) result = R[UInt(Rn)] * R[UInt(Rdm)];
        bits(4) nz = LogicNZCV(result);
        SetFlags16(nz<3:2>:PSTATE.C:PSTATE.V);
        R[UInt(Rdm)] = result;

// TST, CMP, CMN: in IT blocks, too
__instruction COMPARE_16
    __encoding COMPARE_16
        __layout T16 '010000' op:4 Rm:3 Rn:3
        __decode
            if !(op IN {'1000', '1010', '1011'}) then SEE "DATA_16";
    __execute
        bits(32) a = R[UInt(Rn)];
        bits(32) b = R[UInt(Rm)];
        if op == '1000' then
            PSTATE.NZCV = LogicFlags(a AND b, PSTATE.C);
        else
            (-, nzcv) = AddWithCarry(a, if op == '1010' then NOT(b) else b, if op == '1010' then '1' else '0');
            PSTATE.NZCV = nzcv;

// ---- registers 0 to 15 ----

__instruction ADD_high_16
    __encoding ADD_high_16
        __layout T16 '01000100' DN:1 Rm:4 Rdn:3
        __decode
            if DN:Rdn == '1111' then SEE "ADD_pc_16";
            if Rm == '1111' then SEE "ADD_high_of_pc_16";
    __execute
        R[UInt(DN:Rdn)] = R[UInt(DN:Rdn)] + R[UInt(Rm)];

__instruction ADD_high_of_pc_16
    __encoding ADD_high_of_pc_16
        __layout T16 '01000100' DN:1 '1111' Rdn:3
        __decode
            if DN:Rdn == '1111' then UNPREDICTABLE;
    __execute
        R[UInt(DN:Rdn)] = R[UInt(DN:Rdn)] + PC4();

__instruction ADD_pc_16
    __encoding ADD_pc_16
        __layout T16 '010001001' Rm:4 '111'
        __decode
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        BranchWritePC(PC4() + R[UInt(Rm)]);

__instruction CMP_high_16
    __encoding CMP_high_16
        __layout T16 '01000101' N:1 Rm:4 Rn:3
        __decode
            if N:Rn == '1111' then UNPREDICTABLE;
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        (-, nzcv) = AddWithCarry(R[UInt(N:Rn)], NOT(R[UInt(Rm)]), '1');
        PSTATE.NZCV = nzcv;

__instruction MOV_high_16
    __encoding MOV_high_16
        __layout T16 '01000110' D:1 Rm:4 Rd:3
        __decode
            if D:Rd == '1111' then SEE "MOV_pc_16";
            if Rm == '1111' then SEE "MOV_high_of_pc_16";
    __execute
        R[UInt(D:Rd)] = R[UInt(Rm)];

__instruction MOV_high_of_pc_16
    __encoding MOV_high_of_pc_16
        __layout T16 '01000110' D:1 '1111' Rd:3
        __decode
            if D:Rd == '1111' then SEE "MOV_pc_16";
    __execute
        R[UInt(D:Rd)] = PC4();

__instruction MOV_pc_16
    __encoding MOV_pc_16
        __layout T16 '010001101' Rm:4 '111'
        __decode
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        BranchWritePC(R[UInt(Rm)]);

// ---- addresses ----

__instruction ADR_16
    __encoding ADR_16
        __layout T16 '10100' Rd:3 imm8:8
    __execute
        R[UInt(Rd)] = PCAligned() + ZeroExtend(imm8:'00', 32);

__instruction ADD_sp_immediate8_16
    __encoding ADD_sp_immediate8_16
        __layout T16 '10101' Rd:3 imm8:8
    __execute
        R[UInt(Rd)] = SP[] + ZeroExtend(imm8:'00', 32);

__instruction ADD_SUB_sp_16
    __encoding ADD_SUB_sp_16
        __layout T16 '10110000' op:1 imm7:7
    __execute
        SP[] = Offset(SP[], ZeroExtend(imm7:'00', 32), NOT(op));

// ---- bits and bytes ----

// SXTH, SXTB, UXTH, UXTB
__instruction EXTEND_16
    __encoding EXTEND_16
        __layout T16 '10110010' op:2 Rm:3 Rd:3
    __execute
        bits(32) x = R[UInt(Rm)];
        integer width = if op<0> == '1' then 8 else 16;
        R[UInt(Rd)] = Extended(x<width - 1:0>, NOT(op<1>));

// REV, REV16, REVSH
__instruction REVERSE_16
    __encoding REVERSE_16
        __layout T16 '10111010' op:2 Rm:3 Rd:3
        __decode
            if op == '10' then UNDEFINED;
    __execute
        R[UInt(Rd)] = Reversed(R[UInt(Rm)], op);
