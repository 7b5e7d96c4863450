// shared.asl - functions that A64 instructions share. SPDX-License-Identifier: MIT

// ---- arithmetic ----

(bits(N), bits(4)) AddWithCarry(bits(N) x, bits(N) y, bit carry_in)
    return (x + y + ZeroExtend(carry_in, N), AddNZCV(x, y, carry_in));

bits(N) Shift(bits(N) x, bits(2) kind, integer amount)
    case kind of
        when '00' return LSL(x, amount);
        when '01' return LSR(x, amount);
        when '10' return ASR(x, amount);
        when '11' return ROR(x, amount);

// Register m, extended: option is U/S and log2 of the bytes.
bits(N) ExtendReg(integer m, bits(3) option, integer shift, integer N)
    integer from = Min(8 << UInt(option<1:0>), N);
    bits(from) low = X[m, from];
    return LSL(if option<2> == '1' then SignExtend(low, N) else ZeroExtend(low, N), shift);

// Immediate of the logical instructions: N:immr:imms.
bits(M) BitMask(bits(13) raw, integer M)
    return if M == 64 then bitmask64(raw) else bitmask32(raw);

boolean Holds(bits(4) cond)
    return ConditionHolds(PSTATE.NZCV, cond) == '1';

// ---- addresses ----

// A jump to an address that may have a tag in its top byte.
BranchTo(bits(64) target)
    Branch(if TBI == '1' && target<55> == '0' then ZeroExtend(target<55:0>, 64) else target);

// Base register n; the stack pointer must be aligned.
bits(64) Base(integer n)
    bits(64) base = XSP[n, 64];
    if n == 31 && SPCheck == '1' && base<3:0> != '0000' then SPAlignmentFault(base);
    return base;

// A load into register t, extended to `size` bits.
Load(integer t, bits(64) address, integer bytes, boolean signed, integer size)
    bits(8 * bytes) data = Mem[address, bytes];
    X[t, size] = if signed then SignExtend(data, size) else ZeroExtend(data, size);

Store(integer t, bits(64) address, integer bytes)
    Mem[address, bytes] = X[t, 8 * bytes];

// One register, size and opc as the encodings of loads and stores have them.
LoadStore(integer t, bits(64) address, bits(2) size, bits(2) opc)
    integer bytes = 1 << UInt(size);
    case opc of
        when '00' Store(t, address, bytes);
        when '01' Load(t, address, bytes, FALSE, if size == '11' then 64 else 32);
        when '10' Load(t, address, bytes, TRUE, 64);
        when '11' Load(t, address, bytes, TRUE, 32);

// ---- streaming mode ----

// Advanced SIMD, and some of SVE
NotInStreaming()
    if PSTATE.SM == '1' && FA64 == '0' then IllegalInStreaming();

InStreaming()
    if PSTATE.SM == '0' then NotStreaming();

WithZA()
    if PSTATE.ZA == '0' then ZAIsOff();

// ---- vectors ----

integer Number(bits(N) x, bit U)
    return if U == '1' then UInt(x) else SInt(x);

// The nearest number that N bits hold.
integer Saturated(integer i, integer N, bit U)
    integer low = if U == '1' then 0 else -(1 << (N - 1));
    integer high = if U == '1' then (1 << N) - 1 else (1 << (N - 1)) - 1;
    return Max(Min(i, high), low);

// All elements of register t, in their order; a fault undoes the instruction.
VectorLoad(integer t, bits(64) address, integer ebytes, integer elements)
    bits(8 * ebytes * elements) data;
    for e = 0 to elements - 1 do
        Elem[data, e, 8 * ebytes] = Mem[address + e * ebytes, ebytes];
    V[t, 8 * ebytes * elements] = data;

// The base behind an access: by its size, or by register m.
PostIndex(integer n, bits(64) address, integer m, integer bytes)
    XSP[n, 64] = if m == 31 then address + bytes else address + X[m, 64];

bits(8) AESSubByte(bits(8) x)
    return Table(UInt(x), 8,
        0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7,
        0xab, 0x76, 0xca, 0x82, 0xc9, 0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf,
        0x9c, 0xa4, 0x72, 0xc0, 0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f, 0xf7, 0xcc, 0x34, 0xa5,
        0xe5, 0xf1, 0x71, 0xd8, 0x31, 0x15, 0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a,
        0x07, 0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75, 0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e,
        0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3, 0x29, 0xe3, 0x2f, 0x84, 0x53, 0xd1, 0x00, 0xed,
        0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58, 0xcf, 0xd0, 0xef,
        0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8,
        0x51, 0xa3, 0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff,
        0xf3, 0xd2, 0xcd, 0x0c, 0x13, 0xec, 0x5f, 0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d,
        0x64, 0x5d, 0x19, 0x73, 0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88, 0x46, 0xee,
        0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb, 0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c,
        0xc2, 0xd3, 0xac, 0x62, 0x91, 0x95, 0xe4, 0x79, 0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5,
        0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a, 0xae, 0x08, 0xba, 0x78, 0x25, 0x2e,
        0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a, 0x70, 0x3e,
        0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e,
        0xe1, 0xf8, 0x98, 0x11, 0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55,
        0x28, 0xdf, 0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42, 0x68, 0x41, 0x99, 0x2d, 0x0f,
        0xb0, 0x54, 0xbb, 0x16);
