// sme.asl - streaming mode, the ZA array, outer products. SPDX-License-Identifier: MIT
//
// ZA[k] is row k of the array; a tile of elements of E bits has every (E / 8)-th row.
// In streaming mode VL is SVL.

// ---- modes ----

__instruction SVCR_immediate
    __encoding SVCR_immediate
        __layout A64 '110101010000001101000' mask:2 imm:1 '01111111'
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            if mask == '00' then UNDEFINED;
    __execute
        SetSVCR(if imm == '1' then SVCR OR mask else SVCR AND NOT(mask));

__instruction SVCR_register
    __encoding SVCR_register
        __layout A64 '1101010100' L:1 '1101101000010' '010' Rt:5
        __guard IsFeatureImplemented(FEAT_SME)
    __execute
        if L == '1' then
            X[UInt(Rt), 64] = ZeroExtend(SVCR, 64);
        else
            bits(64) value = X[UInt(Rt), 64];
            SetSVCR(value<1:0>);

__instruction RDSVL
    __encoding RDSVL
        __layout A64 '000001001011111101011' imm6:6 Rd:5
        __guard IsFeatureImplemented(FEAT_SME)
    __execute
        X[UInt(Rd), 64] = (SInt(imm6) * UInt(SVL))<63:0>;

// By vectors, or by predicates
__instruction ADDSVL
    __encoding ADDSVL
        __layout A64 '000001000' P:1 '1' Rn:5 '01011' imm6:6 Rd:5
        __guard IsFeatureImplemented(FEAT_SME)
    __execute
        integer unit = if P == '1' then UInt(SVL) DIV 8 else UInt(SVL);
        XSP[UInt(Rd), 64] = XSP[UInt(Rn), 64] + (SInt(imm6) * unit)<63:0>;

// ---- tiles ----

integer TileRow(integer tile, integer row, integer esize)
    return row * (esize DIV 8) + tile;

// A slice of a tile: its number, which the tile's size bounds.
integer SliceNumber(integer s, bits(4) offset, integer esize)
    bits(32) n = X[s, 32] + ZeroExtend(offset, 32);
    return UInt(n AND (UInt(SVL) DIV (esize DIV 8) - 1)<31:0>);

// Element e of slice n of a tile; vertical: of column n
bits(esize) SliceElement(integer tile, bit vertical, integer n, integer e, integer esize)
    return if vertical == '1' then Elem[ZA[TileRow(tile, e, esize)], n, esize]
           else Elem[ZA[TileRow(tile, n, esize)], e, esize];

SetSliceElement(integer tile, bit vertical, integer n, integer e, bits(esize) value)
    if vertical == '1' then
        Elem[ZA[TileRow(tile, e, esize)], n, esize] = value;
    else
        Elem[ZA[TileRow(tile, n, esize)], e, esize] = value;

__instruction ZERO
    __encoding ZERO
        __layout A64 '110000000000100000000000' imm8:8
        __guard IsFeatureImplemented(FEAT_SME)
    __execute
        WithZA();
        for row = 0 to UInt(SVL) - 1 do
            if imm8<row MOD 8> == '1' then
                for e = 0 to UInt(SVL) DIV 8 - 1 do
                    Elem[ZA[row], e, 64] = Zeros(64);

__instruction MOVA
    __encoding MOVA_from
        __layout A64 '11000000' size:2 '00001' Q:1 V:1 Rs:2 Pg:3 '0' slice:4 Zd:5
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            boolean from = TRUE;
            bits(5) vector = Zd;
    __encoding MOVA_to
        __layout A64 '11000000' size:2 '00000' Q:1 V:1 Rs:2 Pg:3 Zn:5 '0' slice:4
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            boolean from = FALSE;
            bits(5) vector = Zn;
    __postdecode
        if Q == '1' && size != '11' then UNDEFINED;
        integer log = UInt(size) + UInt(Q);
        integer esize = 8 << log;
    __execute
        InStreaming();
        WithZA();
        integer n = SliceNumber(UInt('011':Rs), SliceOffset(slice, log), esize);
        bits(256) mask = P[UInt(Pg)];
        if from then
            bits(2048) result = Z[UInt(vector)];
            for e = 0 to Elements(esize) - 1 do
                if Elem[mask, Bit(e, esize), 1] == '1' then
                    Elem[result, e, esize] = SliceElement(TileNumber(slice, log), V, n, e, esize);
            Z[UInt(vector)] = result;
        else
            bits(2048) source = Z[UInt(vector)];
            for e = 0 to Elements(esize) - 1 do
                if Elem[mask, Bit(e, esize), 1] == '1' then
                    SetSliceElement(TileNumber(slice, log), V, n, e, Elem[source, e, esize]);

// Of bits 3 to 0 the upper ones are the tile, the others are added to the slice.
integer TileNumber(bits(4) slice, integer log)
    case log of
        when 0 return 0;
        when 1 return UInt(slice<3>);
        when 2 return UInt(slice<3:2>);
        when 3 return UInt(slice<3:1>);
        when 4 return UInt(slice);

bits(4) SliceOffset(bits(4) slice, integer log)
    case log of
        when 0 return slice;
        when 1 return '0':slice<2:0>;
        when 2 return '00':slice<1:0>;
        when 3 return '000':slice<0>;
        when 4 return '0000';

// ---- loads and stores ----

__instruction LDST_slice
    __encoding LDST_slice
        __layout A64 '1110000' Q:1 size:2 S:1 Rm:5 V:1 Rs:2 Pg:3 Rn:5 '0' slice:4
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            if Q == '1' && size != '11' then UNDEFINED;
            integer log = UInt(size) + UInt(Q);
            integer esize = 8 << log;
    __execute
        InStreaming();
        WithZA();
        bits(64) address = Base(UInt(Rn)) + LSL(X[UInt(Rm), 64], log);
        integer n = SliceNumber(UInt('011':Rs), SliceOffset(slice, log), esize);
        bits(256) mask = P[UInt(Pg)];
        if S == '1' then
            for e = 0 to Elements(esize) - 1 do
                if Elem[mask, Bit(e, esize), 1] == '1' then
                    CheckStore(address + e * (esize DIV 8), (esize DIV 8)<7:0>);
            for e = 0 to Elements(esize) - 1 do
                if Elem[mask, Bit(e, esize), 1] == '1' then
                    Mem[address + e * (esize DIV 8), esize DIV 8] =
                        SliceElement(TileNumber(slice, log), V, n, e, esize);
        else
            bits(2048) data;
            for e = 0 to Elements(esize) - 1 do
                if Elem[mask, Bit(e, esize), 1] == '1' then
                    Elem[data, e, esize] = Mem[address + e * (esize DIV 8), esize DIV 8];
            for e = 0 to Elements(esize) - 1 do
                SetSliceElement(TileNumber(slice, log), V, n, e, Elem[data, e, esize]);

__instruction LDST_array
    __encoding LDST_array
        __layout A64 '1110000100' S:1 '000000' Rv:2 '000' Rn:5 '0' imm4:4
        __guard IsFeatureImplemented(FEAT_SME)
    __execute
        WithZA();
        integer row = SliceNumber(UInt('011':Rv), imm4, 8);
        bits(64) address = Base(UInt(Rn)) + (UInt(imm4) * UInt(SVL))<63:0>;
        if S == '1' then
            for e = 0 to UInt(SVL) DIV 8 - 1 do
                CheckStore(address + 8 * e, '00001000');
            for e = 0 to UInt(SVL) DIV 8 - 1 do
                Mem[address + 8 * e, 8] = Elem[ZA[row], e, 64];
        else
            bits(2048) data;
            for e = 0 to UInt(SVL) DIV 8 - 1 do
                Elem[data, e, 64] = Mem[address + 8 * e, 8];
            for e = 0 to UInt(SVL) DIV 8 - 1 do
                Elem[ZA[row], e, 64] = Elem[data, e, 64];

// ---- outer products ----

// No flags, NaNs are the default one.
__instruction FMOPA
    __encoding FMOPA_single
        __layout A64 '10000000100' Zm:5 Pm:3 Pn:3 Zn:5 S:1 '00' ZAda:2
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            integer esize = 32;
    __encoding FMOPA_double
        __layout A64 '10000000110' Zm:5 Pm:3 Pn:3 Zn:5 S:1 '0' ZAda:3
        __guard IsFeatureImplemented(FEAT_SME_F64F64)
        __decode
            integer esize = 64;
    __execute
        InStreaming();
        WithZA();
        bits(256) rows = P[UInt(Pn)];
        bits(256) columns = P[UInt(Pm)];
        bits(2048) a = Z[UInt(Zn)];
        bits(2048) b = Z[UInt(Zm)];
        for row = 0 to Elements(esize) - 1 do
            if Elem[rows, Bit(row, esize), 1] == '1' then
                bits(esize) x = Elem[a, row, esize];
                x = if S == '1' then FPNeg(x) else x;
                for column = 0 to Elements(esize) - 1 do
                    if Elem[columns, Bit(column, esize), 1] == '1' then
                        bits(esize) sum = Elem[ZA[TileRow(UInt(ZAda), row, esize)], column, esize];
                        Elem[ZA[TileRow(UInt(ZAda), row, esize)], column, esize] =
                            FPMulAdd(x, Elem[b, column, esize], sum, za);

// The sum of two products is rounded once, then added.
bits(32) DotAddHalf(bits(32) sum, bits(16) x0, bits(16) x1, bits(16) y0, bits(16) y1)
    bits(64) p = FPMul(FPConvert(x0, 64, zahalf), FPConvert(y0, 64, zahalf), zaodd);
    bits(64) q = FPMul(FPConvert(x1, 64, zahalf), FPConvert(y1, 64, zahalf), zaodd);
    bits(64) both = FPAdd(p, q, zaodd);
    if IsZero(both<62:0>) then both = FPAdd(p, q, za);  // whose sign the direction says
    return FPAdd(sum, FPConvert(both, 32, za), za);

// Every step is rounded to odd, denormal numbers are zero.
bits(32) DotAddBrain(bits(32) sum, bits(16) x0, bits(16) x1, bits(16) y0, bits(16) y1)
    bits(32) p = FPMul(x0:Zeros(16), y0:Zeros(16), brain);
    bits(32) q = FPMul(x1:Zeros(16), y1:Zeros(16), brain);
    return FPAdd(sum, FPAdd(p, q, brain), brain);

// Products of pairs; what the predicates leave out is zero.
__instruction FMOPA_pairs
    __encoding BFMOPA
        __layout A64 '10000001100' Zm:5 Pm:3 Pn:3 Zn:5 S:1 '00' ZAda:2
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            boolean brain_format = TRUE;
    __encoding FMOPA_half
        __layout A64 '10000001101' Zm:5 Pm:3 Pn:3 Zn:5 S:1 '00' ZAda:2
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            boolean brain_format = FALSE;
    __execute
        InStreaming();
        WithZA();
        bits(256) rows = P[UInt(Pn)];
        bits(256) columns = P[UInt(Pm)];
        bits(2048) a = Z[UInt(Zn)];
        bits(2048) b = Z[UInt(Zm)];
        for row = 0 to Elements(32) - 1 do
            bits(1) r0 = Elem[rows, Bit(2 * row, 16), 1];
            bits(1) r1 = Elem[rows, Bit(2 * row + 1, 16), 1];
            bits(16) x0 = if r0 == '1' then Elem[a, 2 * row, 16] else Zeros(16);
            bits(16) x1 = if r1 == '1' then Elem[a, 2 * row + 1, 16] else Zeros(16);
            if S == '1' then
                x0 = if r0 == '1' then FPNeg(x0) else x0;
                x1 = if r1 == '1' then FPNeg(x1) else x1;
            for column = 0 to Elements(32) - 1 do
                bits(1) c0 = Elem[columns, Bit(2 * column, 16), 1];
                bits(1) c1 = Elem[columns, Bit(2 * column + 1, 16), 1];
                if ((r0 AND c0) OR (r1 AND c1)) == '1' then
                    bits(16) y0 = if c0 == '1' then Elem[b, 2 * column, 16] else Zeros(16);
                    bits(16) y1 = if c1 == '1' then Elem[b, 2 * column + 1, 16] else Zeros(16);
                    bits(32) sum = Elem[ZA[TileRow(UInt(ZAda), row, 32)], column, 32];
                    if brain_format then
                        sum = DotAddBrain(sum, x0, x1, y0, y1);
                    else
                        sum = DotAddHalf(sum, x0, x1, y0, y1);
                    Elem[ZA[TileRow(UInt(ZAda), row, 32)], column, 32] = sum;

// Four products of bytes, or of halfwords; ux, uy: of numbers without a sign
__instruction MOPA_integer
    __encoding MOPA_integer_byte
        __layout A64 '1010000' ux:1 '10' uy:1 Zm:5 Pm:3 Pn:3 Zn:5 S:1 '00' ZAda:2
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            integer esize = 32;
    __encoding MOPA_integer_half
        __layout A64 '1010000' ux:1 '11' uy:1 Zm:5 Pm:3 Pn:3 Zn:5 S:1 '0' ZAda:3
        __guard IsFeatureImplemented(FEAT_SME_I16I64)
        __decode
            integer esize = 64;
    __postdecode
        integer part = esize DIV 4;
    __execute
        InStreaming();
        WithZA();
        bits(256) rows = P[UInt(Pn)];
        bits(256) columns = P[UInt(Pm)];
        bits(2048) a = Z[UInt(Zn)];
        bits(2048) b = Z[UInt(Zm)];
        for row = 0 to Elements(esize) - 1 do
            for column = 0 to Elements(esize) - 1 do
                bits(esize) sum = Elem[ZA[TileRow(UInt(ZAda), row, esize)], column, esize];
                for k = 0 to 3 do
                    if Elem[rows, Bit(4 * row + k, part), 1] == '1' &&
                            Elem[columns, Bit(4 * column + k, part), 1] == '1' then
                        integer x = Number(Elem[a, 4 * row + k, part], ux);
                        integer y = Number(Elem[b, 4 * column + k, part], uy);
                        sum = if S == '1' then sum - (x * y)<esize-1:0>
                              else sum + (x * y)<esize-1:0>;
                Elem[ZA[TileRow(UInt(ZAda), row, esize)], column, esize] = sum;

// A vector is added to every row, or to every column.
__instruction ADDHA
    __encoding ADDHA_single
        __layout A64 '110000001001000' V:1 Pm:3 Pn:3 Zn:5 '000' ZAda:2
        __guard IsFeatureImplemented(FEAT_SME)
        __decode
            integer esize = 32;
    __encoding ADDHA_double
        __layout A64 '110000001101000' V:1 Pm:3 Pn:3 Zn:5 '00' ZAda:3
        __guard IsFeatureImplemented(FEAT_SME_I16I64)
        __decode
            integer esize = 64;
    __execute
        InStreaming();
        WithZA();
        bits(256) rows = P[UInt(Pn)];
        bits(256) columns = P[UInt(Pm)];
        bits(2048) a = Z[UInt(Zn)];
        for row = 0 to Elements(esize) - 1 do
            if Elem[rows, Bit(row, esize), 1] == '1' then
                for column = 0 to Elements(esize) - 1 do
                    if Elem[columns, Bit(column, esize), 1] == '1' then
                        bits(esize) old = Elem[ZA[TileRow(UInt(ZAda), row, esize)], column, esize];
                        bits(esize) x = if V == '1' then Elem[a, row, esize]
                                        else Elem[a, column, esize];
                        Elem[ZA[TileRow(UInt(ZAda), row, esize)], column, esize] = old + x;
