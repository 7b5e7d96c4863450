// shared.asl - functions of A64 instructions. SPDX-License-Identifier: MIT

(bits(N), bits(4)) AddWithCarry(bits(N) x, bits(N) y, bit carry_in)
    return (x + y + ZeroExtend(carry_in, N), AddNZCV(x, y, carry_in));

bits(N) Shift(bits(N) x, bits(2) kind, integer amount)
    case kind of
        when '00' return LSL(x, amount);
        when '01' return LSR(x, amount);
        when '10' return ASR(x, amount);
        when '11' return ROR(x, amount);
