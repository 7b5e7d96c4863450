// addsub.asl - addition and subtraction. SPDX-License-Identifier: MIT

__instruction ADD_SUB_immediate
    __encoding ADD_SUB_immediate
        __instruction_set A64
        __field sf 31 +: 1
        __field op 30 +: 1
        __field S 29 +: 1
        __field sh 22 +: 1
        __field imm12 10 +: 12
        __field Rn 5 +: 5
        __field Rd 0 +: 5
        __opcode 'xxx10001 0xxxxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __decode
            integer N = if sf == '1' then 64 else 32;
            bits(N) imm = if sh == '1' then ZeroExtend(imm12:Zeros(12), N) else ZeroExtend(imm12, N);
    __execute
        (result, nzcv) = AddWithCarry(XSP[UInt(Rn), N], if op == '1' then NOT(imm) else imm, op);
        if S == '1' then
            PSTATE.NZCV = nzcv;
            X[UInt(Rd), N] = result;
        else
            XSP[UInt(Rd), N] = result;

__instruction ADD_SUB_shifted_register
    __encoding ADD_SUB_shifted
        __instruction_set A64
        __field sf 31 +: 1
        __field op 30 +: 1
        __field S 29 +: 1
        __field shift 22 +: 2
        __field Rm 16 +: 5
        __field imm6 10 +: 6
        __field Rn 5 +: 5
        __field Rd 0 +: 5
        __opcode 'xxx01011 xx0xxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __decode
            integer N = if sf == '1' then 64 else 32;
            if shift == '11' || (sf == '0' && imm6<5> == '1') then UNDEFINED;
    __execute
        bits(N) b = Shift(X[UInt(Rm), N], shift, UInt(imm6));
        (result, nzcv) = AddWithCarry(X[UInt(Rn), N], if op == '1' then NOT(b) else b, op);
        if S == '1' then PSTATE.NZCV = nzcv;
        X[UInt(Rd), N] = result;
