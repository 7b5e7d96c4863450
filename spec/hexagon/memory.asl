// memory.asl - loads, stores, operations on memory. SPDX-License-Identifier: MIT

define B(A)   SignExtend(Mem[A, 1], 32)
define UB(A)  ZeroExtend(Mem[A, 1], 32)
define H(A)   SignExtend(Mem[A, 2], 32)
define UH(A)  ZeroExtend(Mem[A, 2], 32)
define W(A)   Mem[A, 4]
define D(A)   Mem[A, 8]
define Load(A)
	{Rd|Rd|Rd|Rd|Rd|Rdd} = {B|UB|H|UH|W|D}(A);
define Store(A)
	Mem[A, {1|2|2|4|8|1|2|4}] = {Rt<7:0>|Rt<15:0>|Rt<31:16>|Rt|Rtt|Nt<7:0>|Nt<15:0>|Nt};
// "Addressing modes": what is added to a pointer, scaled by the size of the access
define Size()  {1|1|2|2|4|8}
define StoreSize()  {1|2|2|4|8|1|2|4}
define Global()  (if UInt(Extended) == 1 then Zeros(32) else GP)
define Step(M)  SignExtend(M<31:28> : M<23:17>, 32)
define Reversed(R)  (R<31:16> : BitReverse(R<15:0>))
// A buffer of M<16:0> bytes at CS, or of a power of two at an aligned address
define Circular(R, N)
	bits(32) next = R + N;
	bits(32) length = ZeroExtend(Mu<16:0>, 32);
	boolean placed = Mu<27:24> == '0000' && UInt(length) >= 4;
	bits(32) below = Low(UInt(Mu<27:24>) + 2)<31:0>;
	bits(32) start = if placed then (if RegisterNumber(Mu) == 6 then CS0 else CS1) else R AND NOT(below);
	bits(32) past = if placed then start + length else start OR length;
	R = if UInt(next) >= UInt(past) then next - length elsif UInt(next) < UInt(start) then next + length else next;

// "LD"
L2_loadr{b|ub|h|uh|i|d}_io   Load(Rs + i)
L2_loadr{b|ub|h|uh|i|d}_pi   Load(Rx)  Rx = Rx + i;
L2_loadr{b|ub|h|uh|i|d}_pr   Load(Rx)  Rx = Rx + Mu;
L2_loadr{b|ub|h|uh|i|d}_pci  Load(Rx)  Circular(Rx, i)
L2_loadr{b|ub|h|uh|i|d}_pcr  Load(Rx)  Circular(Rx, Step(Mu) * Size())
L2_loadr{b|ub|h|uh|i|d}_pbr  Load(Reversed(Rx))  Rx = Rx + Mu;
L4_loadr{b|ub|h|uh|i|d}_ap   Load(I<31:0>)  Re = I;
L4_loadr{b|ub|h|uh|i|d}_rr   Load(Rs + LSL(Rt, i))
L4_loadr{b|ub|h|uh|i|d}_ur   Load(LSL(Rt, i) + I)
L2_loadr{b|ub|h|uh|i|d}gp    Load(Global() + i)
L2_ploadr{b|ub|h|uh|i|d}{t|f|tnew|fnew}_io   as L2_loadr{b|ub|h|uh|i|d}_io;
L2_ploadr{b|ub|h|uh|i|d}{t|f|tnew|fnew}_pi   as L2_loadr{b|ub|h|uh|i|d}_pi;
L4_ploadr{b|ub|h|uh|i|d}{t|f|tnew|fnew}_rr   as L4_loadr{b|ub|h|uh|i|d}_rr;
L4_ploadr{b|ub|h|uh|i|d}{t|f|tnew|fnew}_abs  Load(i<31:0>)

// "ST", "ST/NV"
S2_storer{b|h|f|i|d|bnew|hnew|inew}_io   Store(Rs + i)
S2_storer{b|h|f|i|d|bnew|hnew|inew}_pi   Store(Rx)  Rx = Rx + i;
S2_storer{b|h|f|i|d|bnew|hnew|inew}_pr   Store(Rx)  Rx = Rx + Mu;
S2_storer{b|h|f|i|d|bnew|hnew|inew}_pci  Store(Rx)  Circular(Rx, i)
S2_storer{b|h|f|i|d|bnew|hnew|inew}_pcr  Store(Rx)  Circular(Rx, Step(Mu) * StoreSize())
S2_storer{b|h|f|i|d|bnew|hnew|inew}_pbr  Store(Reversed(Rx))  Rx = Rx + Mu;
S4_storer{b|h|f|i|d|bnew|hnew|inew}_ap   Store(I<31:0>)  Re = I;
S4_storer{b|h|f|i|d|bnew|hnew|inew}_rr   Store(Rs + LSL(Ru, i))
S4_storer{b|h|f|i|d|bnew|hnew|inew}_ur   Store(LSL(Ru, i) + I)
S2_storer{b|h|f|i|d|bnew|hnew|inew}gp    Store(Global() + i)
S2_pstorer{b|h|f|i|d|bnew|hnew|inew}{t|f}_io         as S2_storer{b|h|f|i|d|bnew|hnew|inew}_io;
S4_pstorer{b|h|f|i|d|bnew|hnew|inew}{tnew|fnew}_io   as S2_storer{b|h|f|i|d|bnew|hnew|inew}_io;
S2_pstorer{b|h|f|i|d|bnew|hnew|inew}{t|f|tnew|fnew}_pi   as S2_storer{b|h|f|i|d|bnew|hnew|inew}_pi;
S4_pstorer{b|h|f|i|d|bnew|hnew|inew}{t|f|tnew|fnew}_rr   as S4_storer{b|h|f|i|d|bnew|hnew|inew}_rr;
S4_pstorer{b|h|f|i|d|bnew|hnew|inew}{t|f|tnew|fnew}_abs  Store(i<31:0>)
S4_storeir{b|h|i}_io   Mem[Rs + i, {1|2|4}] = I<{7|15|31}:0>;
S4_storeir{b|h|i}{t|f|tnew|fnew}_io  as S4_storeir{b|h|i}_io;

// "MEMOP"
define Bit()  LSL(ZeroExtend('1', 32), I)
L4_{add|sub|and|or}_memop{b|h|w}_io
	bits({8|16|32}) m = Mem[Rs + i, {1|2|4}];
	Mem[Rs + i, {1|2|4}] = m {+|-|AND|OR} Rt<{7|15|31}:0>;
L4_{iadd|isub|iand|ior}_memop{b|h|w}_io
	bits({8|16|32}) m = Mem[Rs + i, {1|2|4}];
	bits(32) by = {I<31:0>|I<31:0>|NOT(Bit())|Bit()};
	Mem[Rs + i, {1|2|4}] = m {+|-|AND|OR} by<{7|15|31}:0>;
L2_loadw_locked   Rd = LoadLocked4(Rs);
L4_loadd_locked   Rdd = LoadLocked8(Rs);
S2_storew_locked  Pd = if StoreLocked4(Rs, Rt) then 255 else 0;
S4_stored_locked  Pd = if StoreLocked8(Rs, Rtt) then 255 else 0;

// "Stack frames": what is saved is scrambled by FRAMEKEY
define Scrambled(X)  ((X) EOR (FRAMEKEY : Zeros(32)))
define Frame()
	bits(64) saved = Mem[Rs, 8];
	Rdd = Scrambled(saved);
	SP = Rs + 8;
L2_deallocframe   Frame()
L4_return         Frame()  Branch(Scrambled(saved)<63:32>);
L4_return_{t|f|tnew_pnt|fnew_pnt|tnew_pt|fnew_pt}  as L4_return;
S2_allocframe     Mem[Rx - 8, 8] = Scrambled(LR : FP);
                  FP = Rx - 8;
                  Rx = Rx - 8 - i;
