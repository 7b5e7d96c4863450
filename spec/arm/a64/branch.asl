// branch.asl - branches. SPDX-License-Identifier: MIT

__instruction B_BL
    __encoding B_BL
        __layout A64 op:1 '00101' imm26:26
    __execute
        if op == '1' then X[30, 64] = NextPC;
        Branch(PC + SignExtend(imm26:'00', 64));

__instruction B_cond
    __encoding B_cond
        __layout A64 '01010100' imm19:19 '0' cond:4
    __execute
        if Holds(cond) then Branch(PC + SignExtend(imm19:'00', 64));

__instruction CBZ
    __encoding CBZ
        __layout A64 sf:1 '011010' op:1 imm19:19 Rt:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        if IsZero(X[UInt(Rt), N]) == (op == '0') then Branch(PC + SignExtend(imm19:'00', 64));

__instruction TBZ
    __encoding TBZ
        __layout A64 b5:1 '011011' op:1 b40:5 imm14:14 Rt:5
    __execute
        if X[UInt(Rt), 64]<UInt(b5:b40)> == op then Branch(PC + SignExtend(imm14:'00', 64));

// BR, BLR, RET
__instruction BR
    __encoding BR
        __layout A64 '110101100' opc:2 '11111000000' Rn:5 '00000'
        __decode
            if opc == '11' then UNDEFINED;
    __execute
        bits(64) target = X[UInt(Rn), 64];
        if opc == '01' then X[30, 64] = NextPC;
        BranchTo(target);
