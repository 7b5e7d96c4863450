// shared.asl - functions that T32 instructions share. SPDX-License-Identifier: MIT
//
// What is UNPREDICTABLE here is chosen so: encodings that decode sections call
// UNPREDICTABLE are UNDEFINED; r13 is a register like any other whose low two bits
// are 0; a load into its own base keeps what it has loaded, of a pair the address; one
// that loads two values into one register keeps the second; branches and comparisons
// that should not be inside an IT block, or not its last, do what they do elsewhere;
// instructions without predication in a VPT block ignore it and do not count.

// ---- what every instruction is in (see t32.isa) ----

boolean InITBlock()
    return ITSTATE<3:0> != '0000';

boolean Executes()
    return !InITBlock() || ConditionHolds(PSTATE.NZCV, ITSTATE<7:4>) == '1';

bits(8) NextITSTATE()
    return if ITSTATE<2:0> == '000' then Zeros(8) else ITSTATE<7:5>:ITSTATE<3:0>:'0';

// A mask has its lowest 1 at the last instruction of the block; a 1 above that
// inverts the predicate for the next one.
bits(4) NextMask(bits(4) mask)
    return if mask == '1000' then '0000' else mask<2:0>:'0';

boolean Inverts(bits(4) mask)
    return mask<3> == '1' && mask != '1000';

bits(4) NextMASK01()
    return NextMask(MASK01);

bits(4) NextMASK23()
    return NextMask(MASK23);

bits(16) Advanced(bits(16) p0)
    bits(8) high = if Inverts(MASK23) then NOT(p0<15:8>) else p0<15:8>;
    bits(8) low = if Inverts(MASK01) then NOT(p0<7:0>) else p0<7:0>;
    return high:low;

bits(16) NextP0()
    return Advanced(P0);

// Bytes that an instruction acts on: those of a VPT block, and in the last round of
// a loop with tail predication (LTPSIZE below 4) so many elements as LR says.
bits(16) Predicate()
    bits(8) high = if MASK23 == '0000' then Ones(8) else P0<15:8>;
    bits(8) low = if MASK01 == '0000' then Ones(8) else P0<7:0>;
    bits(3) size = FPSCR<18:16>;
    bits(32) count = LR[];
    boolean last = UInt(size) < 4 && UInt(count) <= UInt(LSR((16)<31:0>, UInt(size)));
    bits(32) bytes = LSL(count, UInt(size));
    bits(32) tail = LSL(ZeroExtend('1', 32), UInt(bytes<4:0>)) - 1;
    return (high:low) AND (if last then tail<15:0> else Ones(16));

// ---- flags ----

// 16-bit instructions leave flags alone in an IT block.
SetFlags16(bits(4) nzcv)
    PSTATE.NZCV = if InITBlock() then PSTATE.NZCV else nzcv;

bits(4) LogicFlags(bits(32) result, bit carry)
    bits(4) nz = LogicNZCV(result);
    return nz<3:2>:carry:PSTATE.V;

// ---- arithmetic ----

(bits(32), bits(4)) AddWithCarry(bits(32) x, bits(32) y, bit carry_in)
    return (x + y + ZeroExtend(carry_in, 32), AddNZCV(x, y, carry_in));

// Immediate of data-processing instructions, and the carry that goes with it.
(bits(32), bit) ExpandImm(bits(12) raw)
    bits(32) imm = thumbimm(raw);
    return (imm, if raw<11:10> == '00' then PSTATE.C else imm<31>);

// Shifts by 0 to 255, and the last bit that is shifted out.
(bits(32), bit) Shift_C(bits(32) x, bits(2) kind, integer n)
    case kind of
        when '00'
            bits(64) up = LSL(ZeroExtend(x, 64), n);
            return (up<31:0>, if n == 0 then PSTATE.C else up<32>);
        when '01'
            bits(64) down = LSR(x:Zeros(32), n);
            return (down<63:32>, if n == 0 then PSTATE.C else down<31>);
        when '10'
            bits(64) signed = ASR(x:Zeros(32), n);
            return (signed<63:32>, if n == 0 then PSTATE.C else signed<31>);
        when '11'
            bits(32) around = ROR(x, n);
            return (around, if n == 0 then PSTATE.C else around<31>);

// By a constant: LSR and ASR by 0 mean by 32, ROR by 0 is RRX.
(bits(32), bit) ShiftImm_C(bits(32) x, bits(2) kind, bits(5) amount)
    if kind == '01' || kind == '10' then
        return Shift_C(x, kind, UInt(amount - 1) + 1);
    (shifted, carry) = Shift_C(x, kind, UInt(amount));
    if kind == '11' then
        bits(32) extended = PSTATE.C:x<31:1>;
        return (if amount == '00000' then extended else shifted, if amount == '00000' then x<0> else carry);
    return (shifted, carry);

// Operations of the 32-bit data-processing instructions by their number.
(bits(32), bits(4)) DataOp(bits(4) op, bits(32) a, bits(32) b, bit carry)
    case op of
        when '1000' return AddWithCarry(a, b, '0');
        when '1010' return AddWithCarry(a, b, PSTATE.C);
        when '1011' return AddWithCarry(a, NOT(b), PSTATE.C);
        when '1101' return AddWithCarry(a, NOT(b), '1');
        when '1110' return AddWithCarry(NOT(a), b, '1');
        otherwise
            bits(32) r = LogicOp(op, a, b);
            return (r, LogicFlags(r, carry));

bits(32) LogicOp(bits(4) op, bits(32) a, bits(32) b)
    case op of
        when '0000' return a AND b;
        when '0001' return a AND NOT(b);
        when '0010' return a OR b;
        when '0011' return a OR NOT(b);
        when '0100' return a EOR b;

// Have these operations a meaning?
boolean HasOp(bits(4) op)
    return op IN {'00xx', '0100', '1000', '101x', '1101', '1110'};

// ---- branches ----

bits(32) PC4()
    return PC + 4;

bits(32) PCAligned()
    bits(32) pc = PC + 4;
    return pc<31:2>:'00';

BranchWritePC(bits(32) address)
    Branch(address<31:1>:'0');

// Bit 0 goes to EPSR.T. An address of the program counter that is odd stands for
// T = 0 (cpu/arm/t32.h).
BXWritePC(bits(32) address)
    bit arm = NOT(address<0>);
    Branch(address<31:1>:arm);

// ---- loads and stores ----

bits(32) Extended(bits(N) data, bit signed)
    return if signed == '1' then SignExtend(data, 32) else ZeroExtend(data, 32);

// size: of the encodings, 0 to 2.
Load(integer t, bits(32) address, bits(2) size, bit signed)
    integer bytes = 1 << UInt(size);
    bits(8 * bytes) data = Mem[address, bytes];
    R[t] = Extended(data, signed);

Store(integer t, bits(32) address, bits(2) size)
    integer bytes = 1 << UInt(size);
    bits(32) data = R[t];
    Mem[address, bytes] = data<8 * bytes - 1:0>;

Transfer(integer t, bits(32) address, bits(2) size, bit signed, bit L)
    if L == '1' then
        Load(t, address, size, signed);
    else
        Store(t, address, size);

// Is there such an access? A signed one is a load of less than a word.
boolean HasSize(bits(2) size, bit signed, bit L)
    return size != '11' && (signed == '0' || (L == '1' && size != '10'));

bits(32) SignedOffset(bits(8) imm, bit U)
    return if U == '1' then ZeroExtend(imm, 32) else -ZeroExtend(imm, 32);

bits(32) Offset(bits(32) base, bits(32) offset, bit U)
    return if U == '1' then base + offset else base - offset;

// ---- vectors ----

// Bytes of the result go to register d where the predicate says so.
Merge(integer d, bits(128) result, bits(16) predicate)
    bits(128) value = Q[d];
    for b = 0 to 15 do
        if Elem[predicate, b, 1] == '1' then Elem[value, b, 8] = Elem[result, b, 8];
    Q[d] = value;
