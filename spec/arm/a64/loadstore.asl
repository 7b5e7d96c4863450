// loadstore.asl - loads and stores of general registers. SPDX-License-Identifier: MIT

__instruction LDST_immediate
    __encoding LDST_unsigned
        __layout A64 size:2 '111001' opc:2 imm12:12 Rn:5 Rt:5
        __decode
            boolean before = TRUE;  // the offset counts
            boolean back = FALSE;  // and is written back
            bits(64) offset = LSL(ZeroExtend(imm12, 64), UInt(size));
            if (size == '11' && opc<1> == '1') || (size == '10' && opc == '11') then UNDEFINED;
    __encoding LDST_unscaled
        __layout A64 size:2 '111000' opc:2 '0' imm9:9 '00' Rn:5 Rt:5
        __decode
            boolean before = TRUE;
            boolean back = FALSE;
            bits(64) offset = SignExtend(imm9, 64);
            if (size == '11' && opc<1> == '1') || (size == '10' && opc == '11') then UNDEFINED;
    __encoding LDST_unprivileged
        __layout A64 size:2 '111000' opc:2 '0' imm9:9 '10' Rn:5 Rt:5
        __decode
            boolean before = TRUE;
            boolean back = FALSE;
            bits(64) offset = SignExtend(imm9, 64);
            if (size == '11' && opc<1> == '1') || (size == '10' && opc == '11') then UNDEFINED;
    __encoding LDST_indexed
        __layout A64 size:2 '111000' opc:2 '0' imm9:9 P:1 '1' Rn:5 Rt:5
        __decode
            boolean before = P == '1';
            boolean back = TRUE;
            bits(64) offset = SignExtend(imm9, 64);
            if (size == '11' && opc<1> == '1') || (size == '10' && opc == '11') then UNDEFINED;
    __execute
        bits(64) base = Base(UInt(Rn));
        LoadStore(UInt(Rt), if before then base + offset else base, size, opc);
        if back then XSP[UInt(Rn), 64] = base + offset;

__instruction LDST_register
    __encoding LDST_register
        __layout A64 size:2 '111000' opc:2 '1' Rm:5 option:3 S:1 '10' Rn:5 Rt:5
        __decode
            if option<1> == '0' then UNDEFINED;
            if (size == '11' && opc<1> == '1') || (size == '10' && opc == '11') then UNDEFINED;
            integer shift = if S == '1' then UInt(size) else 0;
    __execute
        LoadStore(UInt(Rt), Base(UInt(Rn)) + ExtendReg(UInt(Rm), option, shift, 64), size, opc);

__instruction LDR_literal
    __encoding LDR_literal
        __layout A64 opc:2 '011000' imm19:19 Rt:5
        __decode
            if opc == '11' then UNDEFINED;
            integer bytes = if opc == '01' then 8 else 4;
    __execute
        bits(64) address = PC + SignExtend(imm19:'00', 64);
        Load(UInt(Rt), address, bytes, opc == '10', if opc == '00' then 32 else 64);

// Hints: the address is not even looked at.
__instruction PRFM
    __encoding PRFM_unsigned
        __layout A64 '1111100110' imm12:12 Rn:5 prfop:5
    __encoding PRFM_unscaled
        __layout A64 '11111000100' imm9:9 '00' Rn:5 prfop:5
    __encoding PRFM_register
        __layout A64 '11111000101' Rm:5 option:3 S:1 '10' Rn:5 prfop:5
        __decode
            if option<1> == '0' then UNDEFINED;
    __encoding PRFM_literal
        __layout A64 '11011000' imm19:19 prfop:5
    __execute
        ;

__instruction LDP_STP
    __encoding LDP_STP
        __layout A64 opc:2 '10100' mode:2 L:1 imm7:7 Rt2:5 Rn:5 Rt:5
        __decode
            if opc == '11' || (opc == '01' && (L == '0' || mode == '00')) then UNDEFINED;
            integer bytes = if opc<1> == '1' then 8 else 4;
            bits(64) offset = LSL(SignExtend(imm7, 64), if bytes == 8 then 3 else 2);
    __execute
        // mode: no allocation, post-indexed, offset, pre-indexed
        bits(64) base = Base(UInt(Rn));
        bits(64) address = if mode == '01' then base else base + offset;
        if L == '0' then
            Mem[address, 2 * bytes] = X[UInt(Rt2), 8 * bytes]:X[UInt(Rt), 8 * bytes];
        else
            bits(16 * bytes) both = Mem[address, 2 * bytes];
            bits(8 * bytes) one = both<8 * bytes - 1:0>;
            bits(8 * bytes) two = both<16 * bytes - 1:8 * bytes>;
            integer size = if opc == '00' then 32 else 64;
            X[UInt(Rt), size] = if opc == '01' then SignExtend(one, size) else one;
            X[UInt(Rt2), size] = if opc == '01' then SignExtend(two, size) else two;
        if mode<0> == '1' then XSP[UInt(Rn), 64] = base + offset;
