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
        bits(N) b = Shift(X[Rm, N], shift, UInt(imm6));
        (result, nzcv) = AddWithCarry(X[Rn, N],
                                      if op == '1' then NOT(b) else b, op);
        if S == '1' then PSTATE.NZCV = nzcv;
        X[Rd, N] = result;

// Everything else that an instruction may have, in another order.
__instruction BX_T
    __encoding BX_T1
        __guard a == '1' &&
                HaveThing()
        __opcode '01000111 0xxxxxxx'
        __unpredictable_unless 2 == '0'
        __unpredictable_unless 1 == '0'
        __field Rm 3 +: 4
        __instruction_set T16
        __decode
    __encoding BX_A1
        __instruction_set A32
        __field cond 28 +: 4
        __field Rm 0 +: 4
        __opcode 'xxxx0001 00101111 11111111 0001xxxx'
        __decode m = UInt(Rm);
    __postdecode
        // nothing to see
        integer k = 3;
    __execute __conditional
        BXWritePC(R[m], BranchType_INDIR);

__instruction NOP
    __encoding NOP_A1
        __instruction_set A32
        __opcode '00000000'
        __guard FALSE
    __execute
