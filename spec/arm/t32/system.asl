// system.asl - IT, hints, barriers, exceptions, flags as a register. SPDX-License-Identifier: MIT

// The next one to four instructions are conditional.
__instruction IT
    __encoding IT
        __layout T16 '10111111' firstcond:4 mask:4
        __decode
            if mask == '0000' then SEE "HINT_16";
            if firstcond == '1111' then UNPREDICTABLE;
            // there is no else of always
            if firstcond:mask IN {'11100011', '11100101', '1110011x', '11101001', '1110101x', '111011xx'} then UNPREDICTABLE;
    __execute
        ITSTATE = firstcond:mask;

// NOP, YIELD, WFE and so on; what is not allocated does nothing either
__instruction HINT
    __encoding HINT_16
        __layout T16 '10111111' hint:4 '0000'
    __encoding HINT
        __layout T32 '111100111010' sbo:4='1111' '10' sbz:1='0' '0' sbz2:1='0' '000' hint:8
    __execute
        ;

// One processing element sees its own accesses in order.
__instruction BARRIER
    __encoding BARRIER
        __layout T32 '111100111011' sbo:4='1111' '10' sbz:1='0' '0' sbo2:4='1111' '01' opc:2 option:4
        __decode
            if opc == '11' then UNDEFINED;
    __execute
        if opc == '10' then SynchronizeContext();

__instruction CLREX
    __encoding CLREX
        __layout T32 '111100111011' sbo:4='1111' '10' sbz:1='0' '0' sbo2:4='1111' '0010' sbo3:4='1111'
    __execute
        ClearExclusive();

__instruction SVC
    __encoding SVC
        __layout T16 '11011111' imm8:8
    __execute
        SupervisorCall(ZeroExtend(imm8, 64));

__instruction BKPT
    __encoding BKPT
        __layout T16 '10111110' imm8:8
    __execute
        Breakpoint(ZeroExtend(imm8, 64));

__instruction UDF
    __encoding UDF_16
        __layout T16 '11011110' imm8:8
    __encoding UDF
        __layout T32 '111101111111' imm4:4 '1010' imm12:12
    __execute
        UndefinedInstruction();

// APSR, the only special register so far: N Z C V Q, and GE in bits 19 to 16
__instruction MRS_APSR
    __encoding MRS_APSR
        __layout T32 '111100111110' sbo:4='1111' '10' sbz:1='0' '0' Rd:4 '00000000'
        __decode
            if Rd == '1111' then UNPREDICTABLE;
    __execute
        R[UInt(Rd)] = PSTATE.NZCV:SAT:'0000000':GE:Zeros(16);

__instruction MSR_APSR
    __encoding MSR_APSR
        __layout T32 '111100111000' Rn:4 '10' sbz:1='0' '0' flags:1 ge:1 '00' '00000000'
        __decode
            if flags:ge == '00' then UNPREDICTABLE;
            if Rn == '1111' then UNPREDICTABLE;
    __execute
        bits(32) v = R[UInt(Rn)];
        if flags == '1' then
            PSTATE.NZCV = v<31:28>;
            SAT = v<27>;
        if ge == '1' then GE = v<19:16>;
