// float.asl - moves between general and floating-point registers. SPDX-License-Identifier: MIT

__instruction VMOV_core_single
    __encoding VMOV_core_single
        __layout T32 '11101110000' L:1 Vn:4 Rt:4 '1010' N:1 sbz:2='00' '1' sbz2:4='0000'
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            if Rt == '1111' then UNPREDICTABLE;
    __execute
        if L == '1' then
            R[UInt(Rt)] = S[UInt(Vn:N)];
        else
            S[UInt(Vn:N)] = R[UInt(Rt)];

// Two general registers and a double one
__instruction VMOV_core_double
    __encoding VMOV_core_double
        __layout T32 '11101100010' L:1 Rt2:4 Rt:4 '101100' '0' '1' Vm:4
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            if Rt == '1111' then UNPREDICTABLE;
            if Rt2 == '1111' then UNPREDICTABLE;
    __execute
        if L == '1' then
            bits(64) value = D[UInt(Vm)];
            R[UInt(Rt)] = value<31:0>;
            R[UInt(Rt2)] = value<63:32>;
        else
            D[UInt(Vm)] = R[UInt(Rt2)]:R[UInt(Rt)];

// VLDR, VSTR
__instruction VLDR_VSTR
    __encoding VLDR_VSTR_single
        __layout T32 '11101101' U:1 D:1 '0' L:1 Rn:4 Vd:4 '1010' imm8:8
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            if Rn == '1111' then SEE "VLDR_literal";
            boolean double = FALSE;
    __encoding VLDR_VSTR_double
        __layout T32 '11101101' U:1 '0' '0' L:1 Rn:4 Vd:4 '1011' imm8:8
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            if Rn == '1111' then SEE "VLDR_literal";
            boolean double = TRUE;
    __execute
        bits(32) address = Offset(R[UInt(Rn)], ZeroExtend(imm8:'00', 32), U);
        if double then
            if L == '1' then
                D[UInt(Vd)] = Mem[address, 8, Aligned];
            else
                Mem[address, 8, Aligned] = D[UInt(Vd)];
        else
            if L == '1' then
                S[UInt(Vd:D)] = Mem[address, 4, Aligned];
            else
                Mem[address, 4, Aligned] = S[UInt(Vd:D)];

__instruction VLDR_literal
    __encoding VLDR_literal_single
        __layout T32 '11101101' U:1 D:1 '01' '1111' Vd:4 '1010' imm8:8
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            boolean double = FALSE;
    __encoding VLDR_literal_double
        __layout T32 '11101101' U:1 '0' '01' '1111' Vd:4 '1011' imm8:8
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            boolean double = TRUE;
    __execute
        bits(32) address = Offset(PCAligned(), ZeroExtend(imm8:'00', 32), U);
        if double then
            D[UInt(Vd)] = Mem[address, 8, Aligned];
        else
            S[UInt(Vd:D)] = Mem[address, 4, Aligned];

// FPSCR and the predicate; the rest of VPR is for privileged code
__instruction VMRS_VMSR
    __encoding VMRS_VMSR_FPSCR
        __layout T32 '11101110111' L:1 '0001' Rt:4 '1010' '0001' '0000'
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            if L == '0' && Rt == '1111' then UNPREDICTABLE;
            if L == '1' && Rt == '1111' then SEE "VMRS_flags";
            boolean predicate = FALSE;
    __encoding VMRS_VMSR_P0
        __layout T32 '11101110111' L:1 '1101' Rt:4 '1010' '0001' '0000'
        __guard IsFeatureImplemented(FEAT_FP)
        __decode
            if Rt == '1111' then UNPREDICTABLE;
            boolean predicate = TRUE;
    __execute
        bits(32) v = R[UInt(Rt)];
        if predicate then
            if L == '1' then
                R[UInt(Rt)] = ZeroExtend(P0, 32);
            else
                P0 = v<15:0>;
        else
            if L == '1' then
                R[UInt(Rt)] = FPSCR;
            else
                // N Z C V QC AHP DN FZ RMode FZ16 LTPSIZE IDC IXC UFC OFC DZC IOC
                FPSCR = v AND (0xffcf009f)<31:0>;

__instruction VMRS_flags
    __encoding VMRS_flags
        __layout T32 '1110111011110001' '1111' '1010' '0001' '0000'
        __guard IsFeatureImplemented(FEAT_FP)
    __execute
        PSTATE.NZCV = FPSCR<31:28>;
