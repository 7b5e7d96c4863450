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
__instruction MRS_NZCV
    __encoding MRS_NZCV
        __layout A64 '11010101001' '1101101000010000' Rt:5
    __execute
        X[UInt(Rt), 64] = ZeroExtend(PSTATE.NZCV:Zeros(28), 64);

__instruction MSR_NZCV
    __encoding MSR_NZCV
        __layout A64 '11010101000' '1101101000010000' Rt:5
    __execute
        PSTATE.NZCV = X[UInt(Rt), 64]<31:28>;
