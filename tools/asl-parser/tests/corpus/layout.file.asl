// The short form of an encoding.
__instruction LDXR
    __encoding LDXR_64
        __layout A64 '11001000' '010' Rs:5='11111' '0' Rt2:5 = '11111' Rn:5 Rt:5
        __guard TRUE
        __decode
            integer n = UInt(Rn);
    __execute
        X[n, 64] = Zeros(64);

__instruction ADD_SUB_immediate
    __encoding ADD_SUB_immediate
        __layout A64 sf:1 op:1 S:1 '1000 10' sh:1 imm12:12 Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_X)
        __decode
            integer N = if sf == '1' then 64 else 32;
            bits(N) imm = if sh == '1' then ZeroExtend(imm12:Zeros(12), N) else ZeroExtend(imm12, N);
    __execute
        (result, nzcv) = AddWithCarry(X[UInt(Rn), N], if op == '1' then NOT(imm) else imm, op);
        if S == '1' then PSTATE.NZCV = nzcv;
