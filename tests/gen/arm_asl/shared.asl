// shared.asl - functions of instrs.asl. SPDX-License-Identifier: MIT

enumeration Kind {Kind_LSL, Kind_LSR, Kind_ASR, Kind_ROR};

Kind KindOf(bits(2) op)
    case op of
        when '00' return Kind_LSL;
        when '01' return Kind_LSR;
        when '10' return Kind_ASR;
        when '11' return Kind_ROR;

bits(N) Shifted(integer reg, Kind kind, integer amount)
    bits(N) result = X[reg];
    case kind of
        when Kind_LSL result = LSL(result, amount);
        when Kind_LSR result = LSR(result, amount);
        when Kind_ASR result = ASR(result, amount);
        when Kind_ROR result = ROR(result, amount);
    return result;
