// instrs.asl - a few instructions in the layout of Arm's public files. SPDX-License-Identifier: MIT

__instruction add_shifted
    __encoding add_shifted_user
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
            integer d = UInt(Rd);
            integer n = UInt(Rn);
            integer m = UInt(Rm);
            integer datasize = if sf == '1' then 64 else 32;
            boolean sub_op = (op == '1');
            boolean setflags = (S == '1');
            if shift == '11' then UNDEFINED;
            if sf == '0' && imm6<5> == '1' then UNDEFINED;
            Kind kind = KindOf(shift);
            integer amount = UInt(imm6);
    __execute
        bits(datasize) result;
        bits(datasize) operand1 = X[n];
        bits(datasize) operand2 = Shifted(m, kind, amount);
        bits(4) flags;
        bit carry_in;
        if sub_op then
            operand2 = NOT(operand2);
            carry_in = '1';
        else
            carry_in = '0';
        (result, flags) = AddWithCarry(operand1, operand2, carry_in);
        if setflags then
            PSTATE.<N,Z,C,V> = flags;
        X[d] = result;

__instruction add_imm
    __encoding add_imm_user
        __instruction_set A64
        __field sf 31 +: 1
        __field op 30 +: 1
        __field S 29 +: 1
        __field sh 22 +: 1
        __field imm12 10 +: 12
        __field n 5 +: 5
        __field d 0 +: 5
        __opcode 'xxx10001 0xxxxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __decode
            integer rd = UInt(d);
            integer rn = UInt(n);
            integer datasize = if sf == '1' then 64 else 32;
            boolean setflags = (S == '1');
            bits(datasize) imm;
            case sh of
                when '0' imm = ZeroExtend(imm12, datasize);
                when '1' imm = ZeroExtend(imm12 : Zeros(12), datasize);
    __execute
        bits(datasize) operand1 = if rn == 31 then SP[] else X[rn];
        bits(datasize) operand2 = if op == '1' then NOT(imm) else imm;
        (result, flags) = AddWithCarry(operand1, operand2, op);
        if setflags then
            PSTATE.<N,Z,C,V> = flags;
        if rd == 31 && !setflags then
            SP[] = result;
        else
            X[rd] = result;

__instruction ldr_unsigned
    __encoding ldr_unsigned_user
        __instruction_set A64
        __field size 30 +: 2
        __field imm12 10 +: 12
        __field Rn 5 +: 5
        __field Rt 0 +: 5
        __opcode '1x111001 01xxxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __decode
            integer n = UInt(Rn);
            integer t = UInt(Rt);
            integer scale = UInt(size);
            integer datasize = 8 << scale;
            bits(64) offset = LSL(ZeroExtend(imm12, 64), scale);
    __execute
        bits(64) address;
        bits(datasize) data;
        if n == 31 then
            CheckSPAlignment();
            address = SP[];
        else
            address = X[n];
        address = address + offset;
        data = Mem[address, datasize DIV 8, AccType_NORMAL];
        X[t] = ZeroExtend(data, datasize);

// What follows cannot be taken over.

__instruction unknown_function
    __encoding clz_user
        __instruction_set A64
        __field sf 31 +: 1
        __field Rn 5 +: 5
        __field Rd 0 +: 5
        __opcode 'x1011010 11000000 000100xx xxxxxxxx'
        __guard TRUE
        __decode
            integer datasize = if sf == '1' then 64 else 32;
    __execute
        bits(datasize) x = X[UInt(Rn)];
        X[UInt(Rd)] = Counted(x);

__instruction no_such_encoding
    __encoding nowhere_user
        __instruction_set A64
        __field Rd 0 +: 5
        __opcode '00000000 00000001 00000000 000xxxxx'
        __guard TRUE
        __decode
    __execute
        X[UInt(Rd), 64] = Zeros(64);

__instruction broken
    __encoding broken_user
        __instruction_set A64
        __opcode '00000000 00000010 00000000 00000000'
        __guard TRUE
        __decode
    __execute
        if then;

__instruction of_another_set
    __encoding nop_t32
        __instruction_set T32
        __opcode '11110011 10101111 10000000 00000000'
        __guard TRUE
        __decode
    __execute
        ;
