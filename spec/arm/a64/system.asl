// system.asl - hints, barriers, exceptions, system registers. SPDX-License-Identifier: MIT

// NOP, YIELD, WFE and so on; what is not allocated does nothing either
__instruction HINT
    __encoding HINT
        __layout A64 '11010101000000110010' CRm:4 op2:3 '11111'
    __execute
        ;

// One processing element sees its own accesses in order.
__instruction BARRIER
    __encoding BARRIER
        __layout A64 '11010101000000110011' CRm:4 '1' opc:2 '11111'
        __decode
            if opc == '11' then UNDEFINED;
    __execute
        if opc == '10' then SynchronizeContext();

__instruction DSB_nXS
    __encoding DSB_nXS
        __layout A64 '11010101000000110011' imm2:2 '1000111111'
        __guard IsFeatureImplemented(FEAT_XS)
    __execute
        ;

__instruction CLREX
    __encoding CLREX
        __layout A64 '11010101000000110011' CRm:4 '01011111'
    __execute
        ClearExclusive();

__instruction SVC
    __encoding SVC
        __layout A64 '11010100000' imm16:16 '00001'
    __execute
        SupervisorCall(ZeroExtend(imm16, 64));

__instruction BRK
    __encoding BRK
        __layout A64 '11010100001' imm16:16 '00000'
    __execute
        SoftwareBreakpoint(ZeroExtend(imm16, 64));

__instruction UDF
    __encoding UDF
        __layout A64 '0000000000000000' imm16:16
    __execute
        UndefinedInstruction();

// MRS, MSR: NZCV, FPCR, FPSR, TPIDR_EL0
__instruction SYSREG
    __encoding SYSREG_NZCV
        __layout A64 '1101010100' L:1 '1101101000010000' Rt:5
        __decode
            integer which = 0;
    __encoding SYSREG_FPCR
        __layout A64 '1101010100' L:1 '1101101000100000' Rt:5
        __decode
            integer which = 1;
    __encoding SYSREG_FPSR
        __layout A64 '1101010100' L:1 '1101101000100001' Rt:5
        __decode
            integer which = 2;
    __encoding SYSREG_TPIDR_EL0
        __layout A64 '1101010100' L:1 '1101111010000010' Rt:5
        __decode
            integer which = 3;
    __execute
        if L == '1' then
            case which of
                when 0 X[UInt(Rt), 64] = ZeroExtend(PSTATE.NZCV:Zeros(28), 64);
                when 1 X[UInt(Rt), 64] = ZeroExtend(FPCR, 64);
                when 2 X[UInt(Rt), 64] = ZeroExtend(ReadFPSR(), 64);
                when 3 X[UInt(Rt), 64] = TPIDR_EL0;
        else
            bits(64) v = X[UInt(Rt), 64];
            case which of
                when 0 PSTATE.NZCV = v<31:28>;
                // DN FZ RMode FZ16; there is no alternative half precision
                when 1 WriteFPCR(v<31:0> AND (0x03c80000)<31:0>);
                // QC IDC IXC UFC OFC DZC IOC
                when 2 WriteFPSR(v<31:0> AND (0x0800009f)<31:0>);
                when 3 TPIDR_EL0 = v;
