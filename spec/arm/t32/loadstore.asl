// loadstore.asl - loads and stores of general registers. SPDX-License-Identifier: MIT

// ---- 16 bits ----

__instruction LDST_register_16
    __encoding LDST_register_16
        __layout T16 '0101' op:3 Rm:3 Rn:3 Rt:3
    __execute
        // STR STRH STRB LDRSB LDR LDRH LDRB LDRSH
        bits(32) address = R[UInt(Rn)] + R[UInt(Rm)];
        case op of
            when '000' Store(UInt(Rt), address, '10');
            when '001' Store(UInt(Rt), address, '01');
            when '010' Store(UInt(Rt), address, '00');
            when '011' Load(UInt(Rt), address, '00', '1');
            when '100' Load(UInt(Rt), address, '10', '0');
            when '101' Load(UInt(Rt), address, '01', '0');
            when '110' Load(UInt(Rt), address, '00', '0');
            when '111' Load(UInt(Rt), address, '01', '1');

__instruction LDST_immediate_16
    __encoding LDST_immediate_16
        __layout T16 '011' B:1 L:1 imm5:5 Rn:3 Rt:3
        __decode
            bits(2) size = if B == '1' then '00' else '10';
    __encoding LDSTH_immediate_16
        __layout T16 '1000' L:1 imm5:5 Rn:3 Rt:3
        __decode
            bits(2) size = '01';
    __execute
        bits(32) address = R[UInt(Rn)] + LSL(ZeroExtend(imm5, 32), UInt(size));
        Transfer(UInt(Rt), address, size, '0', L);

__instruction LDST_sp_16
    __encoding LDST_sp_16
        __layout T16 '1001' L:1 Rt:3 imm8:8
    __execute
        bits(32) address = SP[] + ZeroExtend(imm8:'00', 32);
        Transfer(UInt(Rt), address, '10', '0', L);

__instruction LDR_literal_16
    __encoding LDR_literal_16
        __layout T16 '01001' Rt:3 imm8:8
    __execute
        Load(UInt(Rt), PCAligned() + ZeroExtend(imm8:'00', 32), '10', '0');

// ---- 32 bits: bytes, halfwords, words ----

// What loads the program counter, and hints, are below.
__instruction LDST
    __encoding LDST_immediate12
        __layout T32 '1111100' signed:1 '1' size:2 L:1 Rn:4 Rt:4 imm12:12
        __decode
            if !HasSize(size, signed, L) then UNDEFINED;
            if Rn == '1111' then SEE "LDR_literal";
            if Rt == '1111' then SEE "LDR_pc, PRELOAD";
            bits(32) offset = ZeroExtend(imm12, 32);
            bit P = '1';
            bit W = '0';
    __encoding LDST_immediate8
        __layout T32 '1111100' signed:1 '0' size:2 L:1 Rn:4 Rt:4 '1' P:1 U:1 W:1 imm8:8
        __decode
            if !HasSize(size, signed, L) || P:W == '00' then UNDEFINED;
            if Rn == '1111' then SEE "LDR_literal";
            if Rt == '1111' then SEE "LDR_pc, PRELOAD";
            // 110: as if unprivileged
            bits(32) offset = SignedOffset(imm8, U);
    __execute
        bits(32) base = R[UInt(Rn)];
        if W == '1' then R[UInt(Rn)] = base + offset;
        Transfer(UInt(Rt), if P == '1' then base + offset else base, size, signed, L);

__instruction LDST_register
    __encoding LDST_register
        __layout T32 '1111100' signed:1 '0' size:2 L:1 Rn:4 Rt:4 '000000' imm2:2 Rm:4
        __decode
            if !HasSize(size, signed, L) then UNDEFINED;
            if Rn == '1111' then SEE "LDR_literal";
            if Rt == '1111' then SEE "LDR_pc, PRELOAD";
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) address = R[UInt(Rn)] + LSL(R[UInt(Rm)], UInt(imm2));
        Transfer(UInt(Rt), address, size, signed, L);

__instruction LDR_literal
    __encoding LDR_literal
        __layout T32 '1111100' signed:1 U:1 size:2 '11111' Rt:4 imm12:12
        __decode
            if !HasSize(size, signed, '1') then UNDEFINED;
            if Rt == '1111' then SEE "LDR_pc, PRELOAD";
    __execute
        Load(UInt(Rt), Offset(PCAligned(), ZeroExtend(imm12, 32), U), size, signed);

// ---- loads of the program counter: interworking branches ----

__instruction LDR_pc
    __encoding LDR_pc_immediate12
        __layout T32 '111110001101' Rn:4 '1111' imm12:12
        __decode
            if Rn == '1111' then SEE "LDR_pc_literal";
            bits(32) offset = ZeroExtend(imm12, 32);
            bit P = '1';
            bit W = '0';
    __encoding LDR_pc_immediate8
        __layout T32 '111110000101' Rn:4 '1111' '1' P:1 U:1 W:1 imm8:8
        __decode
            if P:W == '00' || P:U:W == '110' then UNDEFINED;
            if Rn == '1111' then SEE "LDR_pc_literal";
            bits(32) offset = SignedOffset(imm8, U);
    __execute
        bits(32) base = R[UInt(Rn)];
        bits(32) target = Mem[if P == '1' then base + offset else base, 4];
        if W == '1' then R[UInt(Rn)] = base + offset;
        BXWritePC(target);

__instruction LDR_pc_register
    __encoding LDR_pc_register
        __layout T32 '111110000101' Rn:4 '1111' '000000' imm2:2 Rm:4
        __decode
            if Rn == '1111' then SEE "LDR_pc_literal";
            if Rm == '1111' then UNPREDICTABLE;
    __execute
        bits(32) target = Mem[R[UInt(Rn)] + LSL(R[UInt(Rm)], UInt(imm2)), 4];
        BXWritePC(target);

__instruction LDR_pc_literal
    __encoding LDR_pc_literal
        __layout T32 '11111000' U:1 '1011111' '1111' imm12:12
    __execute
        bits(32) target = Mem[Offset(PCAligned(), ZeroExtend(imm12, 32), U), 4];
        BXWritePC(target);

// ---- pairs ----

__instruction LDRD_STRD
    __encoding LDRD_STRD
        __layout T32 '1110100' P:1 U:1 '1' W:1 L:1 Rn:4 Rt:4 Rt2:4 imm8:8
        __decode
            if P:W == '00' then SEE "LDREX, STREX, TBB";
            if Rn == '1111' then SEE "LDRD_literal";
            if Rt == '1111' then UNPREDICTABLE;
            if Rt2 == '1111' then UNPREDICTABLE;
    __execute
        bits(32) base = R[UInt(Rn)];
        bits(32) other = Offset(base, ZeroExtend(imm8:'00', 32), U);
        bits(32) address = if P == '1' then other else base;
        if L == '1' then
            bits(64) both = Mem[address, 8, Aligned];
            R[UInt(Rt)] = both<31:0>;
            R[UInt(Rt2)] = both<63:32>;
        else
            Mem[address, 8, Aligned] = R[UInt(Rt2)]:R[UInt(Rt)];
        if W == '1' then R[UInt(Rn)] = other;

__instruction LDRD_literal
    __encoding LDRD_literal
        __layout T32 '1110100' P:1 U:1 '1' W:1 '1' '1111' Rt:4 Rt2:4 imm8:8
        __decode
            if P:W != '10' then UNPREDICTABLE;
            if Rt == '1111' then UNPREDICTABLE;
            if Rt2 == '1111' then UNPREDICTABLE;
    __execute
        bits(64) both = Mem[Offset(PCAligned(), ZeroExtend(imm8:'00', 32), U), 8, Aligned];
        R[UInt(Rt)] = both<31:0>;
        R[UInt(Rt2)] = both<63:32>;

// ---- exclusives ----

__instruction LDREX
    __encoding LDREX
        __layout T32 '111010000101' Rn:4 Rt:4 sbo:4='1111' imm8:8
        __decode
            integer bytes = 4;
            bits(32) offset = ZeroExtend(imm8:'00', 32);
            if Rn == '1111' then UNPREDICTABLE;
            if Rt IN {'1101', '1111'} then UNPREDICTABLE;
    __encoding LDREXB_LDREXH
        __layout T32 '111010001101' Rn:4 Rt:4 sbo:4='1111' '010' H:1 sbo2:4='1111'
        __decode
            integer bytes = if H == '1' then 2 else 1;
            bits(32) offset = Zeros(32);
            if Rn == '1111' then UNPREDICTABLE;
            if Rt IN {'1101', '1111'} then UNPREDICTABLE;
    __execute
        R[UInt(Rt)] = LoadExclusive(R[UInt(Rn)] + offset, bytes<3:0>);

__instruction STREX
    __encoding STREX
        __layout T32 '111010000100' Rn:4 Rt:4 Rd:4 imm8:8
        __decode
            integer bytes = 4;
            bits(32) offset = ZeroExtend(imm8:'00', 32);
            if Rn == '1111' then UNPREDICTABLE;
            if Rt IN {'1101', '1111'} then UNPREDICTABLE;
            if Rd IN {'1101', '1111'} then UNPREDICTABLE;
    __encoding STREXB_STREXH
        __layout T32 '111010001100' Rn:4 Rt:4 sbo:4='1111' '010' H:1 Rd:4
        __decode
            integer bytes = if H == '1' then 2 else 1;
            bits(32) offset = Zeros(32);
            if Rn == '1111' then UNPREDICTABLE;
            if Rt IN {'1101', '1111'} then UNPREDICTABLE;
            if Rd IN {'1101', '1111'} then UNPREDICTABLE;
    __execute
        if UInt(Rd) == UInt(Rn) || UInt(Rd) == UInt(Rt) then UNPREDICTABLE;
        R[UInt(Rd)] = ZeroExtend(StoreExclusive(R[UInt(Rn)] + offset, bytes<3:0>, R[UInt(Rt)]), 32);

// ---- hints: the address is not even looked at ----

__instruction PRELOAD
    __encoding PRELOAD_immediate12
        __layout T32 '1111100' I:1 '1001' Rn:4 '1111' imm12:12
        __decode
            if Rn == '1111' then SEE "PRELOAD_literal";
    __encoding PRELOAD_immediate8
        __layout T32 '1111100' I:1 '0001' Rn:4 '1111' '1100' imm8:8
        __decode
            if Rn == '1111' then SEE "PRELOAD_literal";
    __encoding PRELOAD_register
        __layout T32 '1111100' I:1 '0001' Rn:4 '1111' '000000' imm2:2 Rm:4
        __decode
            if Rn == '1111' then SEE "PRELOAD_literal";
            if Rm == '1111' then UNPREDICTABLE;
    __encoding PRELOAD_literal
        __layout T32 '1111100' I:1 U:1 '0' '0' '1' '1111' '1111' imm12:12
    __execute
        ;
