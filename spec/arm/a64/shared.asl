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
