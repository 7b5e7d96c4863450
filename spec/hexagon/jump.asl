// jump.asl - control flow, hardware loops, control registers. SPDX-License-Identifier: MIT

// "J"
J2_jump         Branch(PC + i);
J2_jump{t|f|tpt|fpt|tnew|fnew|tnewpt|fnewpt}   as J2_jump;
J2_jumpr        Branch(Rs);
J2_jumpr{t|f|tpt|fpt|tnew|fnew|tnewpt|fnewpt}  as J2_jumpr;
J2_call         LR = NextPC;  Branch(PC + i);
J2_call{t|f}    as J2_call;
J2_callr        LR = NextPC;  Branch(Rs);
J2_callr{t|f}   as J2_callr;
J2_jumpr{z|nz|gtez|ltez}{|pt}  if SInt(Rs) {!=|==|>=|<=} 0 then Branch(PC + i);

// compound compare and jump
J4_cmp{eq|gt|gtu}_{t|f}p{0|1}_jump_{nt|t}
	P{3:0|1} = if {Rs == Rt|SInt(Rs) > SInt(Rt)|UInt(Rs) > UInt(Rt)} then 255 else 0;
	if P{3:0|1}new<0> == {2:'1'|'0'} then Branch(PC + i);
J4_cmp{eqi|gti|gtui}_{t|f}p{0|1}_jump_{nt|t}
	P{3:0|1} = if {UInt(Rs) == I|SInt(Rs) > I|UInt(Rs) > I} then 255 else 0;
	if P{3:0|1}new<0> == {2:'1'|'0'} then Branch(PC + i);
J4_{cmpeqn1|cmpgtn1|tstbit0}_{t|f}p{0|1}_jump_{nt|t}
	P{3:0|1} = if {SInt(Rs) == -1|SInt(Rs) > -1|Rs<0> == '1'} then 255 else 0;
	if P{3:0|1}new<0> == {2:'1'|'0'} then Branch(PC + i);
J4_jumpseti     Rd = I;  Branch(PC + i);
J4_jumpsetr     Rd = Rs;  Branch(PC + i);

// new-value compare and jump
J4_{cmpeq|cmpgt|cmpgtu|cmplt|cmpltu}_{t|f}_jumpnv_{nt|t}
	if {2:|!}({Ns == Rt|SInt(Ns) > SInt(Rt)|UInt(Ns) > UInt(Rt)|SInt(Rt) > SInt(Ns)|UInt(Rt) > UInt(Ns)}) then Branch(PC + i);
J4_{cmpeqi|cmpgti|cmpgtui}_{t|f}_jumpnv_{nt|t}
	if {2:|!}({UInt(Ns) == I|SInt(Ns) > I|UInt(Ns) > I}) then Branch(PC + i);
J4_{cmpeqn1|cmpgtn1|tstbit0}_{t|f}_jumpnv_{nt|t}
	if {2:|!}({SInt(Ns) == -1|SInt(Ns) > -1|Ns<0> == '1'}) then Branch(PC + i);

// "CR": hardware loops; USR bits 9:8 (LPCFG) count down to the set of P3
// (an offset that an extender brings may be odd, the start is not)
define Start(OFFSET)        (PC + (OFFSET AND NOT(ZeroExtend('11', 32))))
define Loop0(START, COUNT)  SA0 = START;  LC0 = COUNT;
J2_loop0i       Loop0(Start(i), I)  USR = USR AND NOT(ZeroExtend('1100000000', 32));
J2_loop0r       Loop0(Start(i), Rs)  USR = USR AND NOT(ZeroExtend('1100000000', 32));
J2_loop1i       SA1 = Start(i);  LC1 = I;
J2_loop1r       SA1 = Start(i);  LC1 = Rs;
J2_ploop{1|2|3}si  Loop0(Start(i), I)  P3 = Zeros(8);  USR = (USR AND NOT(ZeroExtend('1100000000', 32))) OR {256|512|768};
J2_ploop{1|2|3}sr  Loop0(Start(i), Rs)  P3 = Zeros(8);  USR = (USR AND NOT(ZeroExtend('1100000000', 32))) OR {256|512|768};
J2_endloop0     if USR<9:8> == '01' then P3 = Ones(8);
                if USR<9:8> != '00' then USR = USR - 256;
                if UInt(LC0) > 1 then
                    LC0 = LC0 - 1;
                    Branch(SA0);
J2_endloop1     if UInt(LC1) > 1 then
                    LC1 = LC1 - 1;
                    Branch(SA1);
J2_endloop01    if USR<9:8> == '01' then P3 = Ones(8);
                if USR<9:8> != '00' then USR = USR - 256;
                if UInt(LC0) > 1 then
                    LC0 = LC0 - 1;
                    Branch(SA0);
                elsif UInt(LC1) > 1 then
                    LC1 = LC1 - 1;
                    Branch(SA1);

// P3:0 and PC are shown among the control registers; some bits cannot be written
define Shown(N, C)  (if N == 4 then P3 : P2 : P1 : P0 elsif N == 9 then PC else C)
A2_tfrcrr       integer n = RegisterNumber(Cs);  Rd = Shown(n, Cs);
A4_tfrcpp       integer n = RegisterNumber(Css);
                Rdd = (if n == 8 then PC else Css<63:32>) : Shown(n, Css<31:0>);
A2_tfrrcr       integer n = RegisterNumber(Cd);
                if n == 4 then
                    P0 = Rs<7:0>;
                    P1 = Rs<15:8>;
                    P2 = Rs<23:16>;
                    P3 = Rs<31:24>;
                elsif n == 8 then
                    USR = (Rs AND 0x3ecfff3f) OR (USR AND 0xc13000c0);
                elsif n == 11 then
                    GP = Rs AND 0xffffffc0;
                elsif n != 9 && n != 14 && n != 15 && n < 30 then
                    Cd = Rs;
A4_tfrpcp       integer n = RegisterNumber(Cdd);
                if n == 4 then
                    P0 = Rss<7:0>;
                    P1 = Rss<15:8>;
                    P2 = Rss<23:16>;
                    P3 = Rss<31:24>;
                    C5 = Rss<63:32>;
                elsif n == 8 then
                    USR = (Rss<31:0> AND 0x3ecfff3f) OR (USR AND 0xc13000c0);
                elsif n == 10 then
                    Cdd = (Rss<63:32> AND 0xffffffc0) : Rss<31:0>;
                elsif n != 14 && n != 30 then
                    Cdd = Rss;
C4_addipc       Rd = PC + i;

J2_trap0        Trap0(ZeroExtend(i<7:0>, 64));
J2_pause        ;
Y2_barrier      ;
