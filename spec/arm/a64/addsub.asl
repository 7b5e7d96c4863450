// addsub.asl - addition and subtraction. SPDX-License-Identifier: MIT

__instruction ADD_SUB_immediate
    __encoding ADD_SUB_immediate
        __layout A64 sf:1 op:1 S:1 '100010' sh:1 imm12:12 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
            bits(N) imm = ZeroExtend(if sh == '1' then imm12:Zeros(12) else imm12, N);
    __execute
        (result, nzcv) = AddWithCarry(XSP[UInt(Rn), N], if op == '1' then NOT(imm) else imm, op);
        if S == '1' then
            PSTATE.NZCV = nzcv;
            X[UInt(Rd), N] = result;
        else
            XSP[UInt(Rd), N] = result;

__instruction ADD_SUB_shifted_register
    __encoding ADD_SUB_shifted
        __layout A64 sf:1 op:1 S:1 '01011' shift:2 '0' Rm:5 imm6:6 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
            if shift == '11' || (sf == '0' && imm6<5> == '1') then UNDEFINED;
    __execute
        bits(N) b = Shift(X[UInt(Rm), N], shift, UInt(imm6));
        (result, nzcv) = AddWithCarry(X[UInt(Rn), N], if op == '1' then NOT(b) else b, op);
        if S == '1' then PSTATE.NZCV = nzcv;
        X[UInt(Rd), N] = result;

__instruction ADD_SUB_extended_register
    __encoding ADD_SUB_extended
        __layout A64 sf:1 op:1 S:1 '01011001' Rm:5 option:3 imm3:3 Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
            if imm3 IN {'101', '11x'} then UNDEFINED;
    __execute
        bits(N) b = ExtendReg(UInt(Rm), option, UInt(imm3), N);
        (result, nzcv) = AddWithCarry(XSP[UInt(Rn), N], if op == '1' then NOT(b) else b, op);
        if S == '1' then
            PSTATE.NZCV = nzcv;
            X[UInt(Rd), N] = result;
        else
            XSP[UInt(Rd), N] = result;

__instruction ADC_SBC
    __encoding ADC_SBC
        __layout A64 sf:1 op:1 S:1 '11010000' Rm:5 '000000' Rn:5 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
    __execute
        bits(N) b = X[UInt(Rm), N];
        (result, nzcv) = AddWithCarry(X[UInt(Rn), N], if op == '1' then NOT(b) else b, PSTATE.C);
        if S == '1' then PSTATE.NZCV = nzcv;
        X[UInt(Rd), N] = result;

__instruction CCMP
    __encoding CCMP_register
        __layout A64 sf:1 op:1 '111010010' Rm:5 cond:4 '00' Rn:5 '0' nzcv:4
        __decode
            integer N = if sf == '1' then 64 else 32;
            boolean immediate = FALSE;
    __encoding CCMP_immediate
        __layout A64 sf:1 op:1 '111010010' imm5:5 cond:4 '10' Rn:5 '0' nzcv:4
        __decode
            integer N = if sf == '1' then 64 else 32;
            boolean immediate = TRUE;
    __execute
        bits(N) b = if immediate then ZeroExtend(imm5, N) else X[UInt(Rm), N];
        (-, flags) = AddWithCarry(X[UInt(Rn), N], if op == '1' then NOT(b) else b, op);
        PSTATE.NZCV = if Holds(cond) then flags else nzcv;
