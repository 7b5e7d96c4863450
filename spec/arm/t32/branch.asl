// branch.asl - branches. SPDX-License-Identifier: MIT

__instruction B_cond
    __encoding B_cond_16
        __layout T16 '1101' cond:4 imm8:8
        __decode
            if cond IN {'1110', '1111'} then SEE "UDF_16, SVC";
            bits(32) offset = SignExtend(imm8:'0', 32);
    __encoding B_cond
        __layout T32 '11110' sign:1 cond:4 imm6:6 '10' J1:1 '0' J2:1 imm11:11
        __decode
            if cond IN {'1110', '1111'} then SEE "hints, barriers, MRS and MSR";
            bits(32) offset = SignExtend(sign:J2:J1:imm6:imm11:'0', 32);
    __execute
        if ConditionHolds(PSTATE.NZCV, cond) == '1' then Branch(PC + 4 + offset);

__instruction B
    __encoding B_16
        __layout T16 '11100' imm11:11
        __decode
            bits(32) offset = SignExtend(imm11:'0', 32);
    __encoding B
        __layout T32 '11110' sign:1 imm10:10 '10' J1:1 '1' J2:1 imm11:11
        __decode
            bits(32) offset = SignExtend(thumbfar(sign:J1:J2:imm10:imm11), 32);
    __execute
        Branch(PC + 4 + offset);

__instruction BL
    __encoding BL
        __layout T32 '11110' sign:1 imm10:10 '11' J1:1 '1' J2:1 imm11:11
    __execute
        LR[] = NextPC OR ZeroExtend('1', 32);
        Branch(PC + 4 + SignExtend(thumbfar(sign:J1:J2:imm10:imm11), 32));

// BX, BLX
__instruction BX
    __encoding BX
        __layout T16 '01000111' L:1 Rm:4 sbz:3='000'
        __decode
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) target = R[UInt(Rm)];
        if L == '1' then LR[] = NextPC OR ZeroExtend('1', 32);
        BXWritePC(target);

__instruction CBZ
    __encoding CBZ
        __layout T16 '1011' op:1 '0' i:1 '1' imm5:5 Rn:3
    __execute
        if IsZero(R[UInt(Rn)]) == (op == '0') then Branch(PC + 4 + ZeroExtend(i:imm5:'0', 32));

// A table of distances in halfwords, of bytes or halfwords; it may begin at the
// program counter.
__instruction TBB
    __encoding TBB
        __layout T32 '111010001101' Rn:4 sbo:8='11110000' '000' H:1 Rm:4
        __decode
            if Rn == '1111' then SEE "TBB_pc";
            if Rm == '1111' then UNPREDICTABLE;
            boolean here = FALSE;
    __encoding TBB_pc
        __layout T32 '1110100011011111' sbo:8='11110000' '000' H:1 Rm:4
        __decode
            if Rm == '1111' then UNPREDICTABLE;
            boolean here = TRUE;
    __execute
        bits(32) base = if here then PC4() else R[UInt(Rn)];
        bits(32) index = R[UInt(Rm)];
        bits(32) halfwords;
        if H == '1' then
            halfwords = ZeroExtend(Mem[base + LSL(index, 1), 2], 32);
        else
            halfwords = ZeroExtend(Mem[base + index, 1], 32);
        Branch(PC + 4 + LSL(halfwords, 1));
