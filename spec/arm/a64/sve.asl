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

__instruction LD1W
    __encoding LD1W_register
        __layout A64 '1010010101' D:1 Rm:5 '01' first:1 Pg:3 Rn:5 Zt:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            if first == '0' && UInt(Rm) == 31 then UNDEFINED;
            integer esize = 32 << UInt(D);
    __execute
        bits(256) mask = P[UInt(Pg)];
        bits(64) address = Base(UInt(Rn)) + LSL(X[UInt(Rm), 64], 2);
        bits(2048) result;
        bits(256) ffr = FFR[];
        bit going = '1';
        bit begun = '0';
        for e = 0 to Elements(esize) - 1 do
            bits(32) data = Zeros(32);
            if Elem[mask, Bit(e, esize), 1] == '1' then
                if first == '0' || begun == '0' then
                    data = Mem[address + 4 * e, 4];
                else
                    bits(33) tried = MemTry[address + 4 * e, 4];
                    data = tried<31:0>;
                    going = going AND tried<32>;
                begun = '1';
            if first == '0' || going == '1' then Elem[result, e, esize] = ZeroExtend(data, esize);
            else Elem[ffr, Bit(e, esize), 1] = '0';
        Z[UInt(Zt)] = result;
        if first == '1' then FFR[] = ffr;

__instruction COMPACT
    __encoding COMPACT
        __layout A64 '000001011' sz:1 '100001100' Pg:3 Zn:5 Zd:5
        __guard IsFeatureImplemented(FEAT_SVE)
        __decode
            integer esize = 32 << UInt(sz);
    __execute
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
        bits(256) mask = P[UInt(Pg)];
        bits(2048) b = Z[UInt(Zm)];
        bits(esize) sum = V[UInt(Vdn), esize];
        for e = 0 to Elements(esize) - 1 do
            if Elem[mask, Bit(e, esize), 1] == '1' then
                sum = FPAdd(sum, Elem[b, e, esize]);
        V[UInt(Vdn), esize] = sum;
