// sve.asl - vectors of any length. SPDX-License-Identifier: MIT
//
// Z[n] has 2048 bits, P[n] and FFR 256; those above VL are zero. VL is in bytes.


integer Elements(integer esize)
    return UInt(VL) DIV (esize DIV 8);

// The bit of a predicate that governs element e.
integer Bit(integer e, integer esize)
    return e * (esize DIV 8);

__instruction ADD_predicated
    __encoding ADD_predicated
        __layout A64 '00000100' size:2 '00000' op:1 '000' Pg:3 Zm:5 Zdn:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer esize = 8 << UInt(size);
    __execute
        bits(256) mask = P[UInt(Pg)];
        bits(2048) a = Z[UInt(Zdn)];
        bits(2048) b = Z[UInt(Zm)];
        bits(2048) result = a;
        for e = 0 to Elements(esize) - 1 do
            if Elem[mask, Bit(e, esize), 1] == '1' then
                bits(esize) x = Elem[a, e, esize];
                bits(esize) y = Elem[b, e, esize];
                Elem[result, e, esize] = if op == '1' then x - y else x + y;
        Z[UInt(Zdn)] = result;

__instruction WHILELT
    __encoding WHILELT
        __layout A64 '00100101' size:2 '1' Rm:5 '000' sf:1 '01' Rn:5 eq:1 Pd:4
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer esize = 8 << UInt(size);
            integer rsize = 32 << UInt(sf);
    __execute
        bits(rsize) n = X[UInt(Rn), rsize];
        bits(rsize) m = X[UInt(Rm), rsize];
        bits(256) result;
        bit last = '1';
        bit first = '0';
        for e = 0 to Elements(esize) - 1 do
            boolean holds = if eq == '1' then SInt(n) <= SInt(m) else SInt(n) < SInt(m);
            last = if holds then last else '0';
            first = if e == 0 then last else first;
            Elem[result, Bit(e, esize), 1] = last;
            n = n + 1;
        P[UInt(Pd)] = result;
        PSTATE.NZCV = first:(NOT(first)):(NOT(last)):'0';

// form: a register or a number is added, a vector is added, a vector is the base
__instruction LD1W
    __encoding LD1W_register
        __layout A64 '1010010101' D:1 Rm:5 '01' first:1 Pg:3 Rn:5 Zt:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            if first == '0' && UInt(Rm) == 31 then UNDEFINED;
            integer form = 0;
            integer esize = 32 << UInt(D);
    __encoding LD1W_immediate
        __layout A64 '1010010101' D:1 '0' imm4:4 '101' Pg:3 Rn:5 Zt:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            bit first = '0';
            integer form = 1;
            integer esize = 32 << UInt(D);
    __encoding LD1W_gather
        __layout A64 '1' D:1 '0001010' xs:1 scaled:1 Zm:5 '01' first:1 Pg:3 Rn:5 Zt:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer form = 2;
            integer esize = 32 << UInt(D);
            integer osize = 32;
    __encoding LD1W_gather_long
        __layout A64 '1100010101' scaled:1 Zm:5 '11' first:1 Pg:3 Rn:5 Zt:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            bit xs = '0';
            integer form = 2;
            integer esize = 64;
            integer osize = 64;
    __encoding LD1W_vector
        __layout A64 '1' D:1 '000101001' imm5:5 '11' first:1 Pg:3 Zn:5 Zt:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer form = 3;
            integer esize = 32 << UInt(D);
    __execute
        if first == '1' || form > 1 then NotInStreaming();
        bits(256) mask = P[UInt(Pg)];
        bits(64) base = if form == 3 then ZeroExtend(imm5:'00', 64) else Base(UInt(Rn));
        bits(2048) vector = if form == 3 then Z[UInt(Zn)] else if form == 2 then Z[UInt(Zm)]
                            else Zeros(2048);
        case form of
            when 0 base = base + LSL(X[UInt(Rm), 64], 2);
            when 1 base = base + (SInt(imm4) * Elements(esize) * 4)<63:0>;
            otherwise ;
        bits(2048) result;
        bits(256) ffr = FFR[];
        bit going = '1';
        bit begun = '0';
        for e = 0 to Elements(esize) - 1 do
            bits(32) data = Zeros(32);
            if Elem[mask, Bit(e, esize), 1] == '1' then
                bits(64) address = base + 4 * e;
                if form == 2 then
                    bits(esize) offset = Elem[vector, e, esize];
                    bits(64) long = if xs == '1' then SignExtend(offset<osize-1:0>, 64)
                                    else ZeroExtend(offset<osize-1:0>, 64);
                    address = base + LSL(long, if scaled == '1' then 2 else 0);
                elsif form == 3 then
                    address = base + ZeroExtend(Elem[vector, e, esize], 64);
                if first == '0' || begun == '0' then
                    data = Mem[address, 4];
                else
                    bits(33) tried = MemTry[address, 4];
                    data = tried<31:0>;
                    going = going AND tried<32>;
                begun = '1';
            if first == '0' || going == '1' then Elem[result, e, esize] = ZeroExtend(data, esize);
            else Elem[ffr, Bit(e, esize), 1] = '0';
        Z[UInt(Zt)] = result;
        if first == '1' then FFR[] = ffr;

// Of each element the low bits: from so many to so many
__instruction FCVTZS_predicated
    __encoding FCVTZS_predicated
        __layout A64 '01100101' opc:2 '011' opc2:2 U:1 '101' Pg:3 Zn:5 Zd:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer N;
            integer M;
            case opc:opc2 of
                when '0101' (N, M) = (16, 16);
                when '0110' (N, M) = (16, 32);
                when '0111' (N, M) = (16, 64);
                when '1010' (N, M) = (32, 32);
                when '1110' (N, M) = (32, 64);
                when '1100' (N, M) = (64, 32);
                when '1111' (N, M) = (64, 64);
                otherwise UNDEFINED;
            integer esize = Max(N, M);
    __execute
        bits(256) mask = P[UInt(Pg)];
        bits(2048) a = Z[UInt(Zn)];
        bits(2048) result = Z[UInt(Zd)];
        for e = 0 to Elements(esize) - 1 do
            if Elem[mask, Bit(e, esize), 1] == '1' then
                bits(esize) whole = Elem[a, e, esize];
                bits(N) x = whole<N-1:0>;
                if U == '1' then
                    bits(M) r = FPToFixedU(x, Zeros(N), M, 1);
                    Elem[result, e, esize] = ZeroExtend(r, esize);
                else
                    bits(M) r = FPToFixedS(x, Zeros(N), M, 1);
                    Elem[result, e, esize] = SignExtend(r, esize);
        Z[UInt(Zd)] = result;

__instruction COMPACT
    __encoding COMPACT
        __layout A64 '000001011' sz:1 '100001100' Pg:3 Zn:5 Zd:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer esize = 32 << UInt(sz);
    __execute
        NotInStreaming();
        bits(256) mask = P[UInt(Pg)];
        bits(2048) a = Z[UInt(Zn)];
        bits(2048) result;
        bits(8) n = Zeros(8);
        for e = 0 to Elements(esize) - 1 do
            if Elem[mask, Bit(e, esize), 1] == '1' then
                Elem[result, UInt(n), esize] = Elem[a, e, esize];
                n = n + 1;
        Z[UInt(Zd)] = result;

// In order, from the lowest element.
__instruction FADDA
    __encoding FADDA
        __layout A64 '01100101' size:2 '011000001' Pg:3 Zm:5 Vdn:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            if size == '00' then UNDEFINED;
            integer esize = 8 << UInt(size);
    __execute
        NotInStreaming();
        bits(256) mask = P[UInt(Pg)];
        bits(2048) b = Z[UInt(Zm)];
        bits(esize) sum = V[UInt(Vdn), esize];
        for e = 0 to Elements(esize) - 1 do
            if Elem[mask, Bit(e, esize), 1] == '1' then
                sum = FPAdd(sum, Elem[b, e, esize]);
        V[UInt(Vdn), esize] = sum;
