// Declarations with everything that is hard to read. Every line counts.
type Word = bits(32);
type Opaque;
__builtin type Handle;
type Pair is (bits(8) a, integer b)
type Wide is (bits(N * 8) a, array [0 .. 3] of Word b);
enumeration Shift { LSL, LSR,
    ASR };
constant bits(4) MASKS = '1 01 0';
constant real HALF = 0.5;
constant integer BIG = 0xFFFF_FFFF_FFFF_FFFF_FFFF;
array [Shift] of typeof(x<7:0>) _S;
integer f();
integer f(integer a, T & b);
(bits(N), bit) AddC(bits(N) x, bits(N) y, bit c)
    // a comment in front
    integer s = UInt(x) + UInt(y)   // one behind
        + UInt(c); /* and
  one over lines that begins no block */
    return (s<N-1:0>, if s > 3 then '1' else '0');
Proc()
    if a<b && c>d then
        x = a<b;
    elsif a<3> == b<i> then x = a<b>;
    else
        x<3>='1';
        y = (x<1>=='1') && (a<b) == TRUE;
        z = x<y<3:0>>:x<n>>1>;
        w = x < y >> 1;
        PSTATE.<N,Z>='11';
        F(a < b, c > d);
        F(a<b, c>=d);
        F(g(x)<3:0>, X[n, 64]<i +: 8>, [a, b]<1, 3:2>);
    case (x<1:0>):(if y then '0' else '1') of
        when '000', '0x1' a = 1; b = 2;
        when '0 1 x' => a = 1;
                        b = 2;
        when -1, -2 .. 3, C .. D
            if a then b();
            else c();
        when (-, '1'), {'0', '1x', 1 .. 3} && a<3> == '1'
            ;
        when - where IsX(a) || (b && c) =>
            case y of when '0' x = 1; when '1' x = 2; otherwise x = 3;
            // the above was one line
        when X if a then b = 1; else if c then d = 1; else e = 1;
        otherwise =>
            - = f();
    for i = 0 to n
        - = f();
    for i = n downto 0 do while a do b(); 
    repeat a(); b(); until a<b;
    repeat
        repeat c();
        until d;
    until if a then b else c;
    try
        throw Exn;
    catch e
        when IsBad(e) => return;
        when IsWorse(e)
            UNDEFINED; UNPREDICTABLE;
        otherwise
            SEE "ADD (immediate)";
            SEE ADD (immediate);
    x = if a then
          b
        elsif c then d
        else e;
    x = a
        && b
        && (
      c
   );
    integer a, b, c;
    constant integer K = -1;
    array [0 .. 3] of bits(8) v;
    AArch64.T t = AArch64.F(x).field.<N, Z>[1];
    T.x = bits(64) UNKNOWN; U = array [T] of T UNKNOWN;
    b = boolean IMPLEMENTATION_DEFINED "what; // it <does>";
    b = boolean IMPLEMENTATION_DEFINED;
    IMPLEMENTATION_DEFINED "things";
    IMPLEMENTATION_DEFINED;
    (a, -, [b, -], (c, -)) = f();
    [a<0>, X[n]<3:0>, PSTATE.N] = f();
    X[n, 64]<7:0>.<a, b> = 1; SP[] = 2;
    if a then if b then c(); else d(); else e();
    if a then if b then c();
    else e();
    if a then c();
              d();
    x = - - a + !b - NOT(c) - NOT c;
    x = (a ^ b) ^ c + a ^ (b ^ c) + (-a) ^ -b;
    x = (a + b) * c - (a - (b - c)) - -3;
    x = (a && b) || (c && !(d IN {1, 2 .. 3}));
    x = (a == b) == (c != d);
    x = 2 * n << 1 DIV 3 MOD 4 REM 5 QUOT 6 / 7 >> 8;
    x = (a AND b) OR ((c EOR d) EOR ((a + b) : c));
    x = "";
    x = '';
bits(64) X[integer n]
    return _R[n];
X[integer n, T & m] = bits(64) v
    _R[n] = v;
bits(64) SP
    return _R[31];
bits(8) M[integer n];
M[integer n] = bits(8) v;
SP[] = bits(64) v
    ;
SP = bits(64) v
    ;
(integer, bit) P[]
    ;
__builtin bits(N) Zeros(integer N);
__builtin Put(bits(N) v);
__register 32 { 31:28 cond, 0 N } CPSR;
