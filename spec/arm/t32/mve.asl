// mve.asl - M-profile vectors. SPDX-License-Identifier: MIT
//
// Instructions with FEAT_MVE are in the VPT block, if there is one (t32.isa); bytes
// without predicate keep what the destination holds, loads make elements zero.
// Beats are executed together: ECI is always 0.

// ---- predication ----

// The next one to four instructions are predicated.
__instruction VPST
    __encoding VPST
        __layout T32 '111111100' Mh:1 '110001' Ml:3 '0111101001101'
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if Mh:Ml == '0000' then SEE "VPNOT";
    __execute
        P0 = P0;
        MASK01 = Mh:Ml;
        MASK23 = Mh:Ml;

__instruction VPNOT
    __encoding VPNOT
        __layout T32 '11111110001100010000111101001101'
        __guard IsFeatureImplemented(FEAT_MVE)
    __execute
        P0 = Advanced(NOT(P0) AND Predicate());

// Conditions by number: EQ NE, unsigned CS HI, signed GE LT GT LE
boolean Compares(bits(N) x, bits(N) y, bits(3) fc)
    case fc of
        when '000' return x == y;
        when '001' return x != y;
        when '010' return UInt(x) >= UInt(y);
        when '011' return UInt(x) > UInt(y);
        when '100' return SInt(x) >= SInt(y);
        when '101' return SInt(x) < SInt(y);
        when '110' return SInt(x) > SInt(y);
        when '111' return SInt(x) <= SInt(y);

// VCMP, and VPT, which is VPST, too
__instruction VCMP_vector
    __encoding VCMP_vector
        __layout T32 '1111111000' size:2 Qn:3 '1' '000' A:1 '1111' B:1 '000' Qm:3 C:1
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            bits(4) mask = '0000';
            boolean block = FALSE;
            if size == '11' then UNDEFINED;
    __encoding VPT_vector
        __layout T32 '111111100' Mh:1 size:2 Qn:3 '1' Ml:3 A:1 '1111' B:1 '000' Qm:3 C:1
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if Mh:Ml == '0000' then SEE "VCMP";
            bits(4) mask = Mh:Ml;
            boolean block = TRUE;
            if size == '11' then UNDEFINED;
    __execute
        integer esize = 8 << UInt(size);
        bits(128) a = Q[UInt(Qn)];
        bits(128) b = Q[UInt(Qm)];
        bits(16) result;
        for k = 0 to 15 do
            bits(esize) x = Elem[a, k DIV (esize DIV 8), esize];
            bits(esize) y = Elem[b, k DIV (esize DIV 8), esize];
            Elem[result, k, 1] = if Compares(x, y, A:C:B) then '1' else '0';
        P0 = Advanced(result AND Predicate());
        if block then
            MASK01 = mask;
            MASK23 = mask;

// With a general register, 15 is zero
__instruction VCMP_scalar
    __encoding VCMP_scalar
        __layout T32 '1111111000' size:2 Qn:3 '1' '000' A:1 '1111' B:1 '1' C:1 '0' Rm:4
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            bits(4) mask = '0000';
            boolean block = FALSE;
            boolean zero = FALSE;
            if size == '11' then UNDEFINED;
            if Rm == '1111' then SEE "VCMP_zero";
            if Rm == '1101' then UNPREDICTABLE;
    __encoding VCMP_zero
        __layout T32 '1111111000' size:2 Qn:3 '1' '000' A:1 '1111' B:1 '1' C:1 '0' '1111'
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            bits(4) mask = '0000';
            boolean block = FALSE;
            boolean zero = TRUE;
            if size == '11' then UNDEFINED;
    __encoding VPT_scalar
        __layout T32 '111111100' Mh:1 size:2 Qn:3 '1' Ml:3 A:1 '1111' B:1 '1' C:1 '0' Rm:4
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if Mh:Ml == '0000' then SEE "VCMP";
            bits(4) mask = Mh:Ml;
            boolean block = TRUE;
            boolean zero = FALSE;
            if size == '11' then UNDEFINED;
            if Rm == '1111' then SEE "VPT_zero";
            if Rm == '1101' then UNPREDICTABLE;
    __encoding VPT_zero
        __layout T32 '111111100' Mh:1 size:2 Qn:3 '1' Ml:3 A:1 '1111' B:1 '1' C:1 '0' '1111'
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if Mh:Ml == '0000' then SEE "VCMP";
            bits(4) mask = Mh:Ml;
            boolean block = TRUE;
            boolean zero = TRUE;
            if size == '11' then UNDEFINED;
    __execute
        integer esize = 8 << UInt(size);
        bits(128) a = Q[UInt(Qn)];
        bits(32) m = if zero then Zeros(32) else R[UInt(Rm)];
        bits(esize) y = m<esize - 1:0>;
        bits(16) result;
        for k = 0 to 15 do
            bits(esize) x = Elem[a, k DIV (esize DIV 8), esize];
            Elem[result, k, 1] = if Compares(x, y, A:C:B) then '1' else '0';
        P0 = Advanced(result AND Predicate());
        if block then
            MASK01 = mask;
            MASK23 = mask;

// Bytes of one or the other
__instruction VPSEL
    __encoding VPSEL
        __layout T32 '111111100011' Qn:3 '1' Qd:3 '0' '11110000' Qm:3 '1'
        __guard IsFeatureImplemented(FEAT_MVE)
    __execute
        bits(128) a = Q[UInt(Qn)];
        bits(128) b = Q[UInt(Qm)];
        bits(16) p0 = P0;
        bits(128) result;
        for k = 0 to 15 do
            if Elem[p0, k, 1] == '1' then
                Elem[result, k, 8] = Elem[a, k, 8];
            else
                Elem[result, k, 8] = Elem[b, k, 8];
        Merge(UInt(Qd), result, Predicate());

// ---- integers ----

__instruction VADD_vector
    __encoding VADD_vector
        __layout T32 '111' sub:1 '111100' size:2 Qn:3 '0' Qd:3 '0' '10000100' Qm:3 '0'
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if size == '11' then UNDEFINED;
    __execute
        integer esize = 8 << UInt(size);
        bits(128) a = Q[UInt(Qn)];
        bits(128) b = Q[UInt(Qm)];
        bits(128) result;
        for e = 0 to 128 DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            bits(esize) y = Elem[b, e, esize];
            Elem[result, e, esize] = if sub == '1' then x - y else x + y;
        Merge(UInt(Qd), result, Predicate());

__instruction VADD_scalar
    __encoding VADD_scalar
        __layout T32 '1110111000' size:2 Qn:3 '1' Qd:3 sub:1 '11110100' Rm:4
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if size == '11' then UNDEFINED;
            if Rm IN {'1101', '1111'} then UNPREDICTABLE;
    __execute
        integer esize = 8 << UInt(size);
        bits(128) a = Q[UInt(Qn)];
        bits(32) m = R[UInt(Rm)];
        bits(esize) y = m<esize - 1:0>;
        bits(128) result;
        for e = 0 to 128 DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            Elem[result, e, esize] = if sub == '1' then x - y else x + y;
        Merge(UInt(Qd), result, Predicate());

__instruction VDUP
    __encoding VDUP
        __layout T32 '111011101' B:1 '10' Qd:3 '0' Rt:4 '101100' E:1 '1' sbz:4='0000'
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if B:E == '11' then UNDEFINED;
            if Rt IN {'1101', '1111'} then UNPREDICTABLE;
    __execute
        integer esize = if B == '1' then 8 else if E == '1' then 16 else 32;
        bits(32) t = R[UInt(Rt)];
        bits(esize) x = t<esize - 1:0>;
        bits(128) result;
        for e = 0 to 128 DIV esize - 1 do
            Elem[result, e, esize] = x;
        Merge(UInt(Qd), result, Predicate());

// ---- floating point ----

// Elements whose lowest byte has no predicate raise no flags; bytes of them that have
// one are written all the same.
__instruction VADD_fp_vector
    __encoding VADD_fp_vector
        __layout T32 '1110111100' sub:1 sz:1 Qn:3 '0' Qd:3 '0' '11010100' Qm:3 '0'
        __guard IsFeatureImplemented(FEAT_MVE)
    __execute
        integer esize = 32 >> UInt(sz);
        bits(128) a = Q[UInt(Qn)];
        bits(128) b = Q[UInt(Qm)];
        bits(16) predicate = Predicate();
        bits(128) result;
        for e = 0 to 128 DIV esize - 1 do
            if Elem[predicate, e * (esize DIV 8), 1] == '1' then
                Elem[result, e, esize] = FPSum(Elem[a, e, esize], Elem[b, e, esize], sub);
        RaiseFlags();
        for e = 0 to 128 DIV esize - 1 do
            if Elem[predicate, e * (esize DIV 8), 1] == '0' then
                Elem[result, e, esize] = FPSum(Elem[a, e, esize], Elem[b, e, esize], sub);
        Merge(UInt(Qd), result, predicate);

__instruction VADD_fp_scalar
    __encoding VADD_fp_scalar
        __layout T32 '111' sz:1 '11100011' Qn:3 '0' Qd:3 sub:1 '11110100' Rm:4
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if Rm IN {'1101', '1111'} then UNPREDICTABLE;
    __execute
        integer esize = 32 >> UInt(sz);
        bits(128) a = Q[UInt(Qn)];
        bits(32) m = R[UInt(Rm)];
        bits(esize) y = m<esize - 1:0>;
        bits(16) predicate = Predicate();
        bits(128) result;
        for e = 0 to 128 DIV esize - 1 do
            if Elem[predicate, e * (esize DIV 8), 1] == '1' then
                Elem[result, e, esize] = FPSum(Elem[a, e, esize], y, sub);
        RaiseFlags();
        for e = 0 to 128 DIV esize - 1 do
            if Elem[predicate, e * (esize DIV 8), 1] == '0' then
                Elem[result, e, esize] = FPSum(Elem[a, e, esize], y, sub);
        Merge(UInt(Qd), result, predicate);

bits(N) FPSum(bits(N) x, bits(N) y, bit sub)
    return if sub == '1' then FPSub(x, y) else FPAdd(x, y);

// ---- loads and stores ----

bits(128) VectorLoad(bits(32) address, integer ebytes, bits(16) predicate)
    bits(128) result;
    for e = 0 to 16 DIV ebytes - 1 do
        if Elem[predicate, e * ebytes, 1] == '1' then
            Elem[result, e, 8 * ebytes] = Mem[address + e * ebytes, ebytes, Aligned];
    return result;

VectorStore(bits(32) address, bits(128) value, integer ebytes, bits(16) predicate)
    for e = 0 to 16 DIV ebytes - 1 do
        if Elem[predicate, e * ebytes, 1] == '1' then
            Mem[address + e * ebytes, ebytes, Aligned] = Elem[value, e, 8 * ebytes];

// VLDRB, VLDRH, VLDRW, VSTRB, VSTRH, VSTRW
__instruction VLDR_vector
    __encoding VLDR_vector
        __layout T32 '1110110' P:1 U:1 '0' W:1 L:1 Rn:4 Qd:3 '1111' size:2 imm7:7
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if size == '11' || P:W == '00' then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
            if W == '1' && Rn == '1101' then UNPREDICTABLE;
    __execute
        integer ebytes = 1 << UInt(size);
        bits(16) predicate = Predicate();
        bits(32) base = R[UInt(Rn)];
        bits(32) other = Offset(base, LSL(ZeroExtend(imm7, 32), UInt(size)), U);
        bits(32) address = if P == '1' then other else base;
        if W == '1' then R[UInt(Rn)] = other;
        if L == '1' then
            Q[UInt(Qd)] = VectorLoad(address, ebytes, predicate);
        else
            VectorStore(address, Q[UInt(Qd)], ebytes, predicate);

bits(32) Scaled(bits(32) x, bit scaled)
    return if scaled == '1' then LSL(x, 2) else x;

// An address for each element: a register and offsets, which may be scaled
__instruction VLDRW_gather
    __encoding VLDRW_gather
        __layout T32 '111' L:1 '1100100' L2:1 Rn:4 Qd:3 '0111101' '00' Qm:3 scaled:1
        __guard IsFeatureImplemented(FEAT_MVE)
        __decode
            if L != L2 then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
    __execute
        if L == '1' && UInt(Qd) == UInt(Qm) then UNPREDICTABLE;
        bits(16) predicate = Predicate();
        bits(32) base = R[UInt(Rn)];
        bits(128) offsets = Q[UInt(Qm)];
        bits(128) value;
        if L == '1' then
            for e = 0 to 3 do
                if Elem[predicate, 4 * e, 1] == '1' then
                    Elem[value, e, 32] = Mem[base + Scaled(Elem[offsets, e, 32], scaled), 4, Aligned];
            Q[UInt(Qd)] = value;
        else
            value = Q[UInt(Qd)];
            for e = 0 to 3 do
                if Elem[predicate, 4 * e, 1] == '1' then
                    Mem[base + Scaled(Elem[offsets, e, 32], scaled), 4, Aligned] = Elem[value, e, 32];

// ... the elements of a vector and an offset; all of them are written back
__instruction VLDRW_bases
    __encoding VLDRW_bases
        __layout T32 '11111101' U:1 '0' W:1 L:1 Qm:3 '0' Qd:3 '111100' imm7:7
        __guard IsFeatureImplemented(FEAT_MVE)
    __execute
        if L == '1' && UInt(Qd) == UInt(Qm) then UNPREDICTABLE;
        bits(16) predicate = Predicate();
        bits(32) offset = if U == '1' then ZeroExtend(imm7:'00', 32) else -ZeroExtend(imm7:'00', 32);
        bits(128) bases = Q[UInt(Qm)];
        bits(128) value;
        if L == '1' then
            for e = 0 to 3 do
                if Elem[predicate, 4 * e, 1] == '1' then
                    Elem[value, e, 32] = Mem[Elem[bases, e, 32] + offset, 4, Aligned];
            Q[UInt(Qd)] = value;
        else
            value = Q[UInt(Qd)];
            for e = 0 to 3 do
                if Elem[predicate, 4 * e, 1] == '1' then
                    Mem[Elem[bases, e, 32] + offset, 4, Aligned] = Elem[value, e, 32];
        if W == '1' then
            bits(128) moved;
            for e = 0 to 3 do
                Elem[moved, e, 32] = Elem[bases, e, 32] + offset;
            Q[UInt(Qm)] = moved;
