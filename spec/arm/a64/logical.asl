// logical.asl - logical operations, constants, addresses of code. SPDX-License-Identifier: MIT

__instruction LOGICAL_immediate
    __encoding LOGICAL_immediate
        __layout A64 sf:1 opc:2 '100100' N:1 immr:6 imms:6 Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            if sf == '0' && N != '0' then UNDEFINED;
            bits(M) imm = BitMask(N:immr:imms, M);
    __execute
        bits(M) a = X[UInt(Rn), M];
        case opc of
            when '00' XSP[UInt(Rd), M] = a AND imm;
            when '01' XSP[UInt(Rd), M] = a OR imm;
            when '10' XSP[UInt(Rd), M] = a EOR imm;
            when '11'
                bits(M) result = a AND imm;
                PSTATE.NZCV = LogicNZCV(result);
                X[UInt(Rd), M] = result;

__instruction LOGICAL_shifted_register
    __encoding LOGICAL_shifted
        __layout A64 sf:1 opc:2 '01010' shift:2 N:1 Rm:5 imm6:6 Rn:5 Rd:5
        __decode
            integer M = if sf == '1' then 64 else 32;
            if sf == '0' && imm6<5> == '1' then UNDEFINED;
    __execute
        bits(M) a = X[UInt(Rn), M];
        bits(M) b = Shift(X[UInt(Rm), M], shift, UInt(imm6));
        if N == '1' then b = NOT(b);
        bits(M) result;
        case opc of
            when 'x0' result = if opc<1> == '1' then a EOR b else a AND b;
            when '01' result = a OR b;
            when '11' result = a AND b;
        if opc == '11' then PSTATE.NZCV = LogicNZCV(result);
        X[UInt(Rd), M] = result;

__instruction MOVE_wide
    __encoding MOVE_wide
        __layout A64 sf:1 opc:2 '100101' hw:2 imm16:16 Rd:5
        __decode
            integer N = if sf == '1' then 64 else 32;
            if opc == '01' || (sf == '0' && hw<1> == '1') then UNDEFINED;
            integer pos = 16 * UInt(hw);
            bits(N) imm = LSL(ZeroExtend(imm16, N), pos);
    __execute
        case opc of
            when '00' X[UInt(Rd), N] = NOT(imm);
            when '10' X[UInt(Rd), N] = imm;
            when '11' X[UInt(Rd), N] = (X[UInt(Rd), N] AND NOT(LSL(ZeroExtend(Ones(16), N), pos))) OR imm;

__instruction ADR
    __encoding ADR
        __layout A64 op:1 immlo:2 '10000' immhi:19 Rd:5
    __execute
        if op == '1' then
            X[UInt(Rd), 64] = (PC[]<63:12>:Zeros(12)) + SignExtend(immhi:immlo:Zeros(12), 64);
        else
            X[UInt(Rd), 64] = PC[] + SignExtend(immhi:immlo, 64);
