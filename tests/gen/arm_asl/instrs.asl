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

// What public files call: features, conditions, masks, kinds of accesses, FPCR.

__instruction select
    __encoding select_user
        __instruction_set A64
        __field sf 31 +: 1
        __field op 30 +: 1
        __field Rm 16 +: 5
        __field cond 12 +: 4
        __field o2 10 +: 1
        __field Rn 5 +: 5
        __field Rd 0 +: 5
        __opcode 'xx011010 100xxxxx xxxx0xxx xxxxxxxx'
        __guard HaveBaseExt()
        __decode
            integer size = if sf == '1' then 64 else 32;
    __execute
        bits(size) chosen = X[UInt(Rm)];
        if ConditionHolds(cond) then
            chosen = X[UInt(Rn)];
        else
            if op == '1' then chosen = NOT(chosen);
            if o2 == '1' then chosen = chosen + 1;
        X[UInt(Rd)] = chosen;

__instruction fields
    __encoding fields_user
        __instruction_set A64
        __field sf 31 +: 1
        __field opc 29 +: 2
        __field N 22 +: 1
        __field immr 16 +: 6
        __field imms 10 +: 6
        __field Rn 5 +: 5
        __field Rd 0 +: 5
        __opcode 'xxx10011 0xxxxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __decode
            if opc == '11' || sf != N then UNDEFINED;
            if sf == '0' && (immr<5> != '0' || imms<5> != '0') then UNDEFINED;
            integer size = if sf == '1' then 64 else 32;
            bits(size) inside;
            bits(size) below;
            (inside, below) = DecodeBitMasks(N, imms, immr, FALSE);
    __execute
        bits(size) old = if opc == '01' then X[UInt(Rd)] else Zeros();
        bits(size) from = X[UInt(Rn)];
        bits(size) low = (old AND NOT(inside)) OR (ROR(from, UInt(immr)) AND inside);
        bits(size) high = if opc == '00' then Replicate(from<UInt(imms)>) else old;
        X[UInt(Rd)] = (high AND NOT(below)) OR (low AND below);

__instruction float_add
    __encoding float_add_user
        __instruction_set A64
        __field kind 22 +: 2
        __field Rm 16 +: 5
        __field Rn 5 +: 5
        __field Rd 0 +: 5
        __opcode '00011110 xx1xxxxx 001010xx xxxxxxxx'
        __guard TRUE
        __decode
            integer size;
            case kind of
                when '00' size = 32;
                when '01' size = 64;
                when '10' UNDEFINED;
                when '11'
                    if HaveFP16Ext() then size = 16;
                    else UNDEFINED;
    __execute
        CheckFPEnabled64();
        V[UInt(Rd), size] = FPAdd(V[UInt(Rn), size], V[UInt(Rm), size], FPCR[]);

__instruction add_atomic
    __encoding add_atomic_user
        __instruction_set A64
        __field size 30 +: 2
        __field A 23 +: 1
        __field Rs 16 +: 5
        __field Rn 5 +: 5
        __field Rt 0 +: 5
        __opcode 'xx111000 x01xxxxx 000000xx xxxxxxxx'
        __guard TRUE
        __decode
            integer n = UInt(Rn);
            integer t = UInt(Rt);
            integer bytes = 1 << UInt(size);
            AccType load = if A == '1' && Rt != '11111' then AccType_ORDERED else AccType_ATOMIC;
    __execute
        bits(64) address;
        if n == 31 then
            if !HaveMTEExt() then CheckSPAlignment();
            address = SP[];
        else
            address = X[n];
        bits(8 * bytes) value = X[UInt(Rs)];
        bits(8 * bytes) old = MemAtomic(address, MemAtomicOp_ADD, value, load, AccType_ATOMIC);
        if t != 31 then X[t] = ZeroExtend(old, if bytes == 8 then 64 else 32);

__instruction hostile
    __encoding guard_user
        __instruction_set A64
        __opcode '11010101 00000011 0011xxxx 01011111'
        __guard 1 == 2
        __decode
    __execute
        ;
    __encoding shift_user
        __instruction_set A64
        __opcode '11010101 00000011 0011xxxx 01011111'
        __guard TRUE
        __decode
            integer x = 1 << 100000000000;
    __encoding register_user
        __instruction_set A64
        __opcode '11010101 00000011 0011xxxx 01011111'
        __guard TRUE
        __decode
            X[32, 64] = Zeros(64);
