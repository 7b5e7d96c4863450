// declarations
type Word = bits(32);
type Opaque;
__builtin type Handle;
type Pair is (bits(8) a, integer b)
enumeration Shift { LSL, LSR };
constant integer LIM = 2 ^ 10 - 1;
integer counter;
bits(64) base = Zeros(64);
array bits(64) _R[0 .. 31];
array [0..31] of bits(64) _V;
__register 32 { 31:28 cond, 0 N } CPSR;
integer add(integer a, integer b);
__builtin bits(N) Zeros(integer N);
(bits(N), bit) AddC(bits(N) x, bits(N) y, bit c)
    integer s = UInt(x) + UInt(y) + UInt(c);
    bits(N) r = s<N-1:0>;
    return (r, if s > 3 then '1' else '0');

AArch64.Check(integer n)
    if n<3 && n>1 then UNDEFINED;
    case x:y of
        when '0x', '10' => z = 1;
        when 3 .. 4, {5, 6 .. 7} where q == 1
            z = 2;
        when ('1', -) && b
            z = 3;
        when - z = 4; y = 3;
        otherwise
            SEE "foo";
    for i = 0 to 7
        X[i, 64]<7:0> = y<3:0>:y<i +: 4>;
    for i = 7 downto 0 do a = b;
    while TRUE do
        ;
    repeat
        x = x + 1;
    until x == 3;
    try
        throw E;
    catch e
        when IsA(e)
            return;
        otherwise => x = y;
    (a, -) = f(); - = g();
    PSTATE.<N,Z,C,V> = nzcv;
    [a, b] = c;
    x = if c then
            a
        elsif d then b
        else 
            e;
    if a then x = 1; elsif b then x = 2; y = 3; else z = 4;
    if a then
        x = 1;
    elsif b then x = 2;
    else
        z = a &&
            b;
    if a then if b then x(); else y();
    else z();
bits(64) X[integer n]
    return _R[n];
X[integer n] = bits(64) v
    _R[n] = v;
bits(64) SP
    return _R[31];
SP[] = bits(64) v
    _R[31] = v;
SP = bits(64) v
    _R[31] = v;

__instruction ADD_SUB_shifted_register
    __encoding ADD_SUB_shifted
        __instruction_set A64
        __field sf 31 +: 1
        __field op 30 +: 1
        __opcode 'xxx01011 xx0xxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __unpredictable_unless 3 == '0'
        __decode
            integer N = if sf == '1' then 64 else 32;
            if shift == '11' || (sf == '0' && imm6<5> == '1') then UNDEFINED;
    __encoding E2
        __instruction_set A64
        __opcode 'xxx01011 xx0xxxxx xxxxxxxx xxxxxxxx'
        __guard TRUE
        __decode
    __postdecode
        x = 1;
    __execute __conditional
        bits(N) b = Shift(X[Rm, N], shift, UInt(imm6));
        (result, nzcv) = AddWithCarry(X[Rn, N], if op == '1' then NOT(b) else b, op);
        x = bits(64) UNKNOWN; y = boolean IMPLEMENTATION_DEFINED "hello";
        t = x<y<3:0>>; t<3>='1'; q = x<1>=='1'; ok = i<j;
