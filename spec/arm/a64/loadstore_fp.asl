// loadstore_fp.asl - loads and stores of SIMD and floating-point registers. SPDX-License-Identifier: MIT
//
// opc:size says how many bytes: 1, 2, 4, 8, 16.

LoadStoreV(integer t, bits(64) address, integer bytes, bit load)
    if load == '1' then
        V[t, 8 * bytes] = Mem[address, bytes];
    else
        Mem[address, bytes] = V[t, 8 * bytes];

__instruction LDST_fp_immediate
    __encoding LDST_fp_unsigned
        __layout A64 size:2 '111101' q:1 L:1 imm12:12 Rn:5 Rt:5
        __decode
            integer scale = UInt(q:size);
            if scale > 4 then UNDEFINED;
            boolean before = TRUE;
            boolean back = FALSE;
            bits(64) offset = LSL(ZeroExtend(imm12, 64), scale);
    __encoding LDST_fp_unscaled
        __layout A64 size:2 '111100' q:1 L:1 '0' imm9:9 '00' Rn:5 Rt:5
        __decode
            integer scale = UInt(q:size);
            if scale > 4 then UNDEFINED;
            boolean before = TRUE;
            boolean back = FALSE;
            bits(64) offset = SignExtend(imm9, 64);
    __encoding LDST_fp_indexed
        __layout A64 size:2 '111100' q:1 L:1 '0' imm9:9 P:1 '1' Rn:5 Rt:5
        __decode
            integer scale = UInt(q:size);
            if scale > 4 then UNDEFINED;
            boolean before = P == '1';
            boolean back = TRUE;
            bits(64) offset = SignExtend(imm9, 64);
    __execute
        bits(64) base = Base(UInt(Rn));
        LoadStoreV(UInt(Rt), if before then base + offset else base, 1 << scale, L);
        if back then XSP[UInt(Rn), 64] = base + offset;

__instruction LDST_fp_register
    __encoding LDST_fp_register
        __layout A64 size:2 '111100' q:1 L:1 '1' Rm:5 option:3 S:1 '10' Rn:5 Rt:5
        __decode
            integer scale = UInt(q:size);
            if scale > 4 || option<1> == '0' then UNDEFINED;
            integer shift = if S == '1' then scale else 0;
    __execute
        LoadStoreV(UInt(Rt), Base(UInt(Rn)) + ExtendReg(UInt(Rm), option, shift, 64), 1 << scale, L);

__instruction LDR_fp_literal
    __encoding LDR_fp_literal
        __layout A64 opc:2 '011100' imm19:19 Rt:5
        __decode
            if opc == '11' then UNDEFINED;
    __execute
        LoadStoreV(UInt(Rt), PC + SignExtend(imm19:'00', 64), 4 << UInt(opc), '1');

__instruction LDP_STP_fp
    __encoding LDP_STP_fp
        __layout A64 opc:2 '10110' mode:2 L:1 imm7:7 Rt2:5 Rn:5 Rt:5
        __decode
            if opc == '11' then UNDEFINED;
            integer bytes = 4 << UInt(opc);
            bits(64) offset = LSL(SignExtend(imm7, 64), 2 + UInt(opc));
    __execute
        bits(64) base = Base(UInt(Rn));
        bits(64) address = if mode == '01' then base else base + offset;
        if L == '1' then
            bits(8 * bytes) one = Mem[address, bytes];
            bits(8 * bytes) two = Mem[address + bytes, bytes];
            V[UInt(Rt), 8 * bytes] = one;
            V[UInt(Rt2), 8 * bytes] = two;
        elsif bytes == 16 then
            StoreQuads(address, V[UInt(Rt), 64], V[UInt(Rt), 128]<127:64>, V[UInt(Rt2), 64],
                       V[UInt(Rt2), 128]<127:64>);
        else
            Mem[address, 2 * bytes] = V[UInt(Rt2), 8 * bytes]:V[UInt(Rt), 8 * bytes];
        if mode<0> == '1' then XSP[UInt(Rn), 64] = base + offset;
