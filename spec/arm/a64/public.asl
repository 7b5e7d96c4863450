// public.asl - what instruction files in Arm's public layout call. SPDX-License-Identifier: MIT
//
// Read with such files only (gen/armasl.py); where both have a function, this one counts.

enumeration MemAtomicOp {MemAtomicOp_ADD, MemAtomicOp_BIC, MemAtomicOp_EOR, MemAtomicOp_ORR,
                         MemAtomicOp_SMAX, MemAtomicOp_SMIN, MemAtomicOp_UMAX,
                         MemAtomicOp_UMIN, MemAtomicOp_SWP};

boolean ConditionHolds(bits(4) cond)
    return Holds(cond);

bit IsZeroBit(bits(N) x)
    return if IsZero(x) then '1' else '0';

integer Int(bits(N) x, boolean unsigned)
    return if unsigned then UInt(x) else SInt(x);

BranchTo(bits(64) target, integer kind)
    BranchTo(target);

// Masks of bit fields, whose elements are the whole of M bits, or an immediate's.
(bits(M), bits(M)) DecodeBitMasks(bit n, bits(6) imms, bits(6) immr, boolean immediate, integer M)
    if immediate then return (BitMask(n:immr:imms, M), Zeros(M));
    bits(M) top = LSL(ZeroExtend('1', M), UInt(imms));
    bits(6) across = imms - immr;
    bits(M) last = LSL(ZeroExtend('1', M), if M == 64 then UInt(across) else UInt(across<4:0>));
    return (ROR(top OR (top - 1), UInt(immr)), last OR (last - 1));

bits(N) MemAtomic(bits(64) address, integer op, bits(N) value, integer load, integer store)
    case op of
        when MemAtomicOp_ADD return AtomicAdd(address, value);
        when MemAtomicOp_BIC return AtomicAnd(address, NOT(value));
        when MemAtomicOp_EOR return AtomicXor(address, value);
        when MemAtomicOp_ORR return AtomicOr(address, value);
        when MemAtomicOp_SMAX return AtomicSMax(address, value);
        when MemAtomicOp_SMIN return AtomicSMin(address, value);
        when MemAtomicOp_UMAX return AtomicUMax(address, value);
        when MemAtomicOp_UMIN return AtomicUMin(address, value);
        when MemAtomicOp_SWP return AtomicSwap(address, value);

// ---- what is always so here ----

CheckFPEnabled64()
    ;

CheckFPAdvSIMDEnabled64()
    NotInStreaming();

CheckSVEEnabled()
    ;

CheckNonStreamingSVEEnabled()
    NotInStreaming();

Prefetch(bits(64) address, bits(5) hint)
    ;

SetTagCheckedInstruction(boolean checked)
    ;

SetNotTagCheckedInstruction(boolean unchecked)
    ;
