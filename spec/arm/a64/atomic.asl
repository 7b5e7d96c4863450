// atomic.asl - exclusive, ordered and atomic accesses. SPDX-License-Identifier: MIT
//
// Everything here is sequentially consistent, which all orders allow.

__instruction LDXR
    __encoding LDXR
        __layout A64 size:2 '001000010' Rs:5='11111' o0:1 Rt2:5='11111' Rn:5 Rt:5
        __decode
            integer bytes = 1 << UInt(size);
    __execute
        bits(64) address = Base(UInt(Rn));
        bits(64) data = LoadExclusive(address, bytes<3:0>);
        X[UInt(Rt), if size == '11' then 64 else 32] = data<(if size == '11' then 63 else 31):0>;

__instruction STXR
    __encoding STXR
        __layout A64 size:2 '001000000' Rs:5 o0:1 Rt2:5='11111' Rn:5 Rt:5
        __decode
            integer bytes = 1 << UInt(size);
    __execute
        bits(64) address = Base(UInt(Rn));
        bits(1) failed = StoreExclusive(address, bytes<3:0>, X[UInt(Rt), 64]);
        X[UInt(Rs), 32] = ZeroExtend(failed, 32);

// LDAR, LDLAR
__instruction LDAR
    __encoding LDAR
        __layout A64 size:2 '001000110' Rs:5='11111' o0:1 Rt2:5='11111' Rn:5 Rt:5
        __decode
            integer bytes = 1 << UInt(size);
    __execute
        bits(64) address = Base(UInt(Rn));
        X[UInt(Rt), 64] = LoadOrdered(address, bytes<3:0>);

// STLR, STLLR
__instruction STLR
    __encoding STLR
        __layout A64 size:2 '001000100' Rs:5='11111' o0:1 Rt2:5='11111' Rn:5 Rt:5
        __decode
            integer bytes = 1 << UInt(size);
    __execute
        bits(64) address = Base(UInt(Rn));
        StoreOrdered(address, bytes<3:0>, X[UInt(Rt), 64]);

__instruction CAS
    __encoding CAS
        __layout A64 size:2 '0010001' L:1 '1' Rs:5 o0:1 '11111' Rn:5 Rt:5
        __guard IsFeatureImplemented(FEAT_LSE)
        __decode
            integer N = 8 << UInt(size);
    __execute
        bits(64) address = Base(UInt(Rn));
        bits(64) old = CompareAndSwap(address, (N DIV 8)<3:0>, ZeroExtend(X[UInt(Rs), N], 64),
                                      ZeroExtend(X[UInt(Rt), N], 64));
        X[UInt(Rs), if size == '11' then 64 else 32] = old<(if size == '11' then 63 else 31):0>;

// Pairs of words are one access of 8 bytes; of doublewords one of 16.
__instruction LDXP
    __encoding LDXP
        __layout A64 '1' sz:1 '001000011' Rs:5='11111' o0:1 Rt2:5 Rn:5 Rt:5
    __execute
        bits(64) address = Base(UInt(Rn));
        if sz == '0' then
            bits(64) data = LoadExclusive(address, '1000');
            X[UInt(Rt), 32] = data<31:0>;
            X[UInt(Rt2), 32] = data<63:32>;
        else
            CheckAligned(address, '00010000');
            bits(128) pair = Mem[address, 16];
            MarkExclusive(address, pair<63:0>, pair<127:64>);
            X[UInt(Rt), 64] = pair<63:0>;
            X[UInt(Rt2), 64] = pair<127:64>;

__instruction STXP
    __encoding STXP
        __layout A64 '1' sz:1 '001000001' Rs:5 o0:1 Rt2:5 Rn:5 Rt:5
    __execute
        bits(64) address = Base(UInt(Rn));
        if sz == '0' then
            bits(1) busy = StoreExclusive(address, '1000', X[UInt(Rt2), 32]:X[UInt(Rt), 32]);
            X[UInt(Rs), 32] = ZeroExtend(busy, 32);
        else
            bits(1) failed = StoreExclusivePair(address, X[UInt(Rt), 64], X[UInt(Rt2), 64]);
            X[UInt(Rs), 32] = ZeroExtend(failed, 32);

// Even registers and those behind them
__instruction CASP
    __encoding CASP
        __layout A64 '0' sz:1 '0010000' L:1 '1' Rs:4 '0' o0:1 '11111' Rn:5 Rt:4 '0'
        __guard IsFeatureImplemented(FEAT_LSE)
    __execute
        CompareAndSwapPair(Base(UInt(Rn)), if sz == '1' then '00010000' else '00001000',
                           ZeroExtend(Rs:'0', 8), ZeroExtend(Rt:'0', 8));

// LDADD, LDCLR, LDEOR, LDSET, LDSMAX, LDSMIN, LDUMAX, LDUMIN, SWP
__instruction ATOMIC
    __encoding ATOMIC
        __layout A64 size:2 '111000' A:1 R:1 '1' Rs:5 o3:1 opc:3 '00' Rn:5 Rt:5
        __guard IsFeatureImplemented(FEAT_LSE)
        __decode
            integer N = 8 << UInt(size);
            if o3 == '1' && opc != '000' then UNDEFINED;
    __execute
        bits(64) address = Base(UInt(Rn));
        bits(N) v = X[UInt(Rs), N];
        bits(N) old;
        case o3:opc of
            when '0000' old = AtomicAdd(address, v);
            when '0001' old = AtomicAnd(address, NOT(v));
            when '0010' old = AtomicXor(address, v);
            when '0011' old = AtomicOr(address, v);
            when '0100' old = AtomicSMax(address, v);
            when '0101' old = AtomicSMin(address, v);
            when '0110' old = AtomicUMax(address, v);
            when '0111' old = AtomicUMin(address, v);
            when '1000' old = AtomicSwap(address, v);
        integer size = if N == 64 then 64 else 32;
        X[UInt(Rt), size] = ZeroExtend(old, size);

__instruction LDAPR
    __encoding LDAPR
        __layout A64 size:2 '111000101' Rs:5='11111' '110000' Rn:5 Rt:5
        __guard IsFeatureImplemented(FEAT_LRCPC)
        __decode
            integer bytes = 1 << UInt(size);
    __execute
        bits(64) address = Base(UInt(Rn));
        X[UInt(Rt), 64] = LoadOrdered(address, bytes<3:0>);
