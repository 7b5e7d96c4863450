// hvx.asl - vectors of 128 bytes. SPDX-License-Identifier: MIT

define U(W)   Elem[Vu, e, W]
define V(W)   Elem[Vv, e, W]
define Lanes(W, LAST, X)  for e = 0 to LAST do Elem[Vd, e, W] = X;

// map
V6_vadd{b|h|w}  Lanes({8|16|32}, {127|63|31}, U({8|16|32}) + V({8|16|32}))
V6_vsubw        Lanes(32, 31, U(32) - V(32))
V6_v{and|or|xor}  Lanes(64, 15, U(64) {AND|OR|EOR} V(64))
V6_vnot         Lanes(64, 15, NOT(U(64)))
V6_vassign      Lanes(64, 15, U(64))
V6_vaddhsat     Lanes(16, 63, SatS(SInt(U(16)) + SInt(V(16)), 16))
V6_vsubhsat     Lanes(16, 63, SatS(SInt(U(16)) - SInt(V(16)), 16))
V6_vaddubsat    Lanes(8, 127, SatU(UInt(U(8)) + UInt(V(8)), 8))
V6_vmaxh        Lanes(16, 63, if SInt(U(16)) > SInt(V(16)) then U(16) else V(16))
V6_vminw        Lanes(32, 31, if SInt(U(32)) < SInt(V(32)) then U(32) else V(32))
V6_vavgh        Lanes(16, 63, (SInt(U(16)) + SInt(V(16)))<16:1>)
V6_vabsh        Lanes(16, 63, if SInt(U(16)) < 0 then -U(16) else U(16))
V6_vaslw        Lanes(32, 31, LSL(U(32), UInt(Rt<4:0>)))
V6_vasrw        Lanes(32, 31, ASR(U(32), UInt(Rt<4:0>)))
V6_vlsrw        Lanes(32, 31, LSR(U(32), UInt(Rt<4:0>)))
V6_vmpyih       Lanes(16, 63, (SInt(U(16)) * SInt(V(16)))<15:0>)
V6_lvsplatw     Lanes(32, 31, Rt)

// predicates have a bit for each byte
define Each(W, LAST, X)  for e = 0 to LAST do Elem[mask, e, W] = if X then Ones(W) else Zeros(W);
V6_v{eqw|gtw|gtub}
	bits(1024) mask;
	{Each(32, 31, U(32) == V(32))|Each(32, 31, SInt(U(32)) > SInt(V(32)))|Each(8, 127, UInt(U(8)) > UInt(V(8)))}
	for e = 0 to 127 do Elem[Qd, e, 1] = Elem[mask, e, 8]<7>;
V6_pred_and     for e = 0 to 15 do Elem[Qd, e, 8] = Elem[Qs, e, 8] AND Elem[Qt, e, 8];
V6_pred_not     for e = 0 to 15 do Elem[Qd, e, 8] = NOT(Elem[Qs, e, 8]);
V6_vmux         Lanes(8, 127, if Elem[Qt, e, 1] == '1' then U(8) else V(8))
V6_vaddbq       for e = 0 to 127 do Elem[Vx, e, 8] = if Elem[Qv, e, 1] == '1' then Elem[Vx, e, 8] + U(8) else Elem[Vx, e, 8];

// widen, narrow: a pair is 256 bytes, the even elements are in the first half
V6_vmpyhv       for e = 0 to 31 do
                    Elem[Vdd, e, 32] = SInt(Elem[Vu, 2 * e, 16]) * SInt(Elem[Vv, 2 * e, 16]);
                    Elem[Vdd, e + 32, 32] = SInt(Elem[Vu, 2 * e + 1, 16]) * SInt(Elem[Vv, 2 * e + 1, 16]);
V6_vmpyhv_acc   for e = 0 to 31 do
                    Elem[Vxx, e, 32] = Elem[Vxx, e, 32] + SInt(Elem[Vu, 2 * e, 16]) * SInt(Elem[Vv, 2 * e, 16]);
                    Elem[Vxx, e + 32, 32] = Elem[Vxx, e + 32, 32] + SInt(Elem[Vu, 2 * e + 1, 16]) * SInt(Elem[Vv, 2 * e + 1, 16]);
V6_vmpybv       for e = 0 to 63 do
                    Elem[Vdd, e, 16] = SInt(Elem[Vu, 2 * e, 8]) * SInt(Elem[Vv, 2 * e, 8]);
                    Elem[Vdd, e + 64, 16] = SInt(Elem[Vu, 2 * e + 1, 8]) * SInt(Elem[Vv, 2 * e + 1, 8]);
V6_vunpackb     for e = 0 to 127 do Elem[Vdd, e, 16] = SignExtend(U(8), 16);
V6_vunpackub    for e = 0 to 127 do Elem[Vdd, e, 16] = ZeroExtend(U(8), 16);
V6_vpackeb      for e = 0 to 63 do
                    Elem[Vd, e, 8] = Elem[Vv, 2 * e, 8];
                    Elem[Vd, e + 64, 8] = Elem[Vu, 2 * e, 8];
V6_vaddw_dv     for e = 0 to 63 do Elem[Vdd, e, 32] = Elem[Vuu, e, 32] + Elem[Vvv, e, 32];

// permute
V6_vcombine     for e = 0 to 15 do
                    Elem[Vdd, e, 64] = V(64);
                    Elem[Vdd, e + 16, 64] = U(64);
V6_vdeal{b|h}   for e = 0 to {63|31} do
                    Elem[Vd, e, {8|16}] = Elem[Vu, 2 * e, {8|16}];
                    Elem[Vd, e + {64|32}, {8|16}] = Elem[Vu, 2 * e + 1, {8|16}];
V6_vshuff{b|h}  for e = 0 to {63|31} do
                    Elem[Vd, e, {16|32}] = Elem[Vu, e + {64|32}, {8|16}] : Elem[Vu, e, {8|16}];
define Align(N)
	for e = 0 to 127 do Elem[Vd, e, 8] = if e + UInt(N) < 128 then Elem[Vv, (e + UInt(N)) MOD 128, 8] else Elem[Vu, (e + UInt(N)) MOD 128, 8];
V6_valignb      Align(Rt<6:0>)
V6_valignbi     Align(i<2:0>)
V6_vlalignb     for e = 0 to 127 do Elem[Vd, e, 8] = if e >= UInt(Rt<6:0>) then Elem[Vu, (e + 128 - UInt(Rt<6:0>)) MOD 128, 8] else Elem[Vv, (e + 128 - UInt(Rt<6:0>)) MOD 128, 8];
V6_vror         for e = 0 to 127 do Elem[Vd, e, 8] = Elem[Vu, (e + UInt(Rt<6:0>)) MOD 128, 8];

// memory: addresses are cut to whole vectors, offsets count them
define At(R)    (R<31:7> : Zeros(7))
define LoadVector(A)
	constant bits(32) at = At(A);  for e = 0 to 15 do Elem[Vd, e, 64] = Mem[at + 8 * e, 8];
define StoreVector(A, S)
	constant bits(32) at = At(A);  VectorStore(at);  for e = 0 to 15 do Mem[at + 8 * e, 8] = Elem[S, e, 64];
V6_vL32b_{ai|cur_ai|tmp_ai}   LoadVector((Rt + i * 128))
V6_vL32b_pi                   Rx = Rx + i * 128;  LoadVector(Rx)
V6_vS32b_{ai|pred_ai|npred_ai}  StoreVector((Rt + i * 128), Vs)
V6_vS32b_new_ai               StoreVector((Rt + i * 128), Os)
V6_vS32b_pi                   Rx = Rx + i * 128;  StoreVector(Rx, Vs)
V6_vS32b_{qpred|nqpred}_ai    constant bits(32) at = At((Rt + i * 128));  VectorStore(at);
                              for e = 0 to 127 do
                                  if Elem[Qv, e, 1] == {'1'|'0'} then Mem[at + e, 1] = Elem[Vs, e, 8];

// networks of seven stages, each of which moves bytes by a power of two
define Copy(TO, FROM)  for e = 0 to 15 do Elem[TO, e, 64] = Elem[FROM, e, 64];
define Distance(N)     LSL(ZeroExtend('1', 7), N)
V6_{vdelta|vrdelta}
	bits(1024) from;
	bits(1024) next;
	Copy(from, Vu)
	for s = 0 to 6 do
		bits(7) by = Distance({6 - s|s});
		for k = 0 to 127 do
			Elem[next, k, 8] = if (Elem[Vv, k, 8]<6:0> AND by) != Zeros(7) then Elem[from, UInt(k<6:0> EOR by), 8] else Elem[from, k, 8];
		Copy(from, next)
	Copy(Vd, from)
V6_v{shuff|shuffvdd|deal|dealvdd}
	bits(1024) x;
	bits(1024) y;
	Copy(x, {Vx|Vv|Vx|Vv})
	Copy(y, {Vy|Vu|Vy|Vu})
	for s = 0 to 6 do
		if LSR(Rt, {s|s|6 - s|6 - s})<0> == '1' then
			bits(7) by = Distance({s|s|6 - s|6 - s});
			for k = 0 to 127 do
				if (k<6:0> AND by) == Zeros(7) then
					bits(8) moved = Elem[y, k, 8];
					Elem[y, k, 8] = Elem[x, UInt(k<6:0> OR by), 8];
					Elem[x, UInt(k<6:0> OR by), 8] = moved;
	for e = 0 to 15 do
		Elem[{Vx|Vdd|Vx|Vdd}, e, 64] = Elem[x, e, 64];
		Elem[{Vy|Vdd|Vy|Vdd}, {e|e + 16|e|e + 16}, 64] = Elem[y, e, 64];

// even, odd elements of two vectors
V6_v{shuffeb|shuffob|shufeh|shufoh}
	for e = 0 to {63|63|31|31} do
		Elem[Vd, e, {16|16|32|32}] = Elem[Vu, 2 * e{| + 1|| + 1}, {8|8|16|16}] : Elem[Vv, 2 * e{| + 1|| + 1}, {8|8|16|16}];
V6_v{shufoeb|shufoeh}
	for e = 0 to {63|31} do
		Elem[Vdd, e, {16|32}] = Elem[Vu, 2 * e, {8|16}] : Elem[Vv, 2 * e, {8|16}];
		Elem[Vdd, e + {64|32}, {16|32}] = Elem[Vu, 2 * e + 1, {8|16}] : Elem[Vv, 2 * e + 1, {8|16}];
V6_vdealb4w
	for e = 0 to 31 do
		Elem[Vd, e, 8] = Elem[Vv, 4 * e, 8];
		Elem[Vd, e + 32, 8] = Elem[Vv, 4 * e + 2, 8];
		Elem[Vd, e + 64, 8] = Elem[Vu, 4 * e, 8];
		Elem[Vd, e + 96, 8] = Elem[Vu, 4 * e + 2, 8];
V6_vpack{eh|ob|oh}
	for e = 0 to {31|63|31} do
		Elem[Vd, e, {16|8|16}] = Elem[Vv, 2 * e{| + 1| + 1}, {16|8|16}];
		Elem[Vd, e + {32|64|32}, {16|8|16}] = Elem[Vu, 2 * e{| + 1| + 1}, {16|8|16}];
V6_vpack{hb|hub|wh|wuh}_sat
	for e = 0 to {63|63|31|31} do
		Elem[Vd, e, {8|8|16|16}] = {SatS|SatU|SatS|SatU}(SInt(Elem[Vv, e, {16|16|32|32}]), {8|8|16|16});
		Elem[Vd, e + {64|64|32|32}, {8|8|16|16}] = {SatS|SatU|SatS|SatU}(SInt(Elem[Vu, e, {16|16|32|32}]), {8|8|16|16});
V6_vunpack{h|uh}  for e = 0 to 63 do Elem[Vdd, e, 32] = {SignExtend|ZeroExtend}(U(16), 32);
V6_vswap        for e = 0 to 127 do
                    Elem[Vdd, e, 8] = if Elem[Qt, e, 1] == '1' then U(8) else V(8);
                    Elem[Vdd, e + 128, 8] = if Elem[Qt, e, 1] == '1' then V(8) else U(8);
V6_v{cmov|ncmov}          as V6_vassign;
V6_v{ccombine|nccombine}  as V6_vcombine;
V6_vlalignbi    for e = 0 to 127 do Elem[Vd, e, 8] = if e >= UInt(i<2:0>) then Elem[Vu, (e + 128 - UInt(i<2:0>)) MOD 128, 8] else Elem[Vv, (e + 128 - UInt(i<2:0>)) MOD 128, 8];

// tables: an index has the number of a table of 32 or 16 elements above; the
// elements of two tables alternate
define Table(N, TOP, INDEX, LAST, W)  (if INDEX<7:TOP> == N then Elem[Vv, UInt(INDEX<LAST:0> : N<1>), W] else Zeros(W))
V6_vlutvvb{|_oracc|i|_oracci}
	for e = 0 to 127 do
		bits(8) x = U(8);
		Elem[{Vd|Vx|Vd|Vx}, e, 8] = {|Elem[Vx, e, 8] OR ||Elem[Vx, e, 8] OR }Table({Rt<2:0>|Rt<2:0>|i<2:0>|i<2:0>}, 5, x, 5, 8);
V6_vlutvwh{|_oracc|i|_oracci}
	for e = 0 to 63 do
		bits(8) x = Elem[Vu, 2 * e, 8];
		bits(8) y = Elem[Vu, 2 * e + 1, 8];
		Elem[{Vdd|Vxx|Vdd|Vxx}, e, 16] = {|Elem[Vxx, e, 16] OR ||Elem[Vxx, e, 16] OR }Table({Rt<3:0>|Rt<3:0>|i<3:0>|i<3:0>}, 4, x, 4, 16);
		Elem[{Vdd|Vxx|Vdd|Vxx}, e + 64, 16] = {|Elem[Vxx, e + 64, 16] OR ||Elem[Vxx, e + 64, 16] OR }Table({Rt<3:0>|Rt<3:0>|i<3:0>|i<3:0>}, 4, y, 4, 16);
V6_vlutvvb_nm   for e = 0 to 127 do
                    bits(8) x = U(8);
                    Elem[Vd, e, 8] = Elem[Vv, UInt(Rt<0> : x<4:0> : Rt<1>), 8];
V6_vlutvwh_nm   for e = 0 to 63 do
                    bits(8) x = Elem[Vu, 2 * e, 8];
                    bits(8) y = Elem[Vu, 2 * e + 1, 8];
                    Elem[Vdd, e, 16] = Elem[Vv, UInt(Rt<0> : x<3:0> : Rt<1>), 16];
                    Elem[Vdd, e + 64, 16] = Elem[Vv, UInt(Rt<0> : y<3:0> : Rt<1>), 16];

// scalars
V6_lvsplat{b|h}  Lanes({8|16}, {127|63}, Rt<{7|15}:0>)
V6_vinsertwr     for e = 0 to 31 do Elem[Vx, e, 32] = if e == 0 then Rt else Elem[Vx, e, 32];
V6_vandqrt       for e = 0 to 127 do Elem[Vd, e, 8] = if Elem[Qu, e, 1] == '1' then LSR(Rt, 8 * (e MOD 4))<7:0> else Zeros(8);
V6_vandvrt       for e = 0 to 127 do Elem[Qd, e, 1] = if (U(8) AND LSR(Rt, 8 * (e MOD 4))<7:0>) != Zeros(8) then '1' else '0';
V6_pred_scalar2  for e = 0 to 127 do Elem[Qd, e, 1] = if e < UInt(Rt<6:0>) then '1' else '0';
V6_pred_{or|xor} for e = 0 to 15 do Elem[Qd, e, 8] = Elem[Qs, e, 8] {OR|EOR} Elem[Qt, e, 8];
V6_vgth_and
	bits(1024) mask;
	Each(16, 63, SInt(U(16)) > SInt(V(16)))
	for e = 0 to 127 do Elem[Qx, e, 1] = if Elem[Qx, e, 1] == '1' && Elem[mask, e, 8]<7> == '1' then '1' else '0';

// products
define ByByte(S, K)  S(Elem[Vu, 4 * e + K, 8]) * S(Elem[Vv, 4 * e + K, 8])
V6_vrmpybv        for e = 0 to 31 do Elem[Vd, e, 32] = (ByByte(SInt, 0) + ByByte(SInt, 1) + ByByte(SInt, 2) + ByByte(SInt, 3))<31:0>;
V6_vrmpybv_acc    for e = 0 to 31 do Elem[Vx, e, 32] = Elem[Vx, e, 32] + (ByByte(SInt, 0) + ByByte(SInt, 1) + ByByte(SInt, 2) + ByByte(SInt, 3))<31:0>;
V6_vrmpyubv_acc   for e = 0 to 31 do Elem[Vx, e, 32] = Elem[Vx, e, 32] + (ByByte(UInt, 0) + ByByte(UInt, 1) + ByByte(UInt, 2) + ByByte(UInt, 3))<31:0>;
V6_vmpy{ubv|uhv}_acc
	for e = 0 to {63|31} do
		Elem[Vxx, e, {16|32}] = Elem[Vxx, e, {16|32}] + UInt(Elem[Vu, 2 * e, {8|16}]) * UInt(Elem[Vv, 2 * e, {8|16}]);
		Elem[Vxx, e + {64|32}, {16|32}] = Elem[Vxx, e + {64|32}, {16|32}] + UInt(Elem[Vu, 2 * e + 1, {8|16}]) * UInt(Elem[Vv, 2 * e + 1, {8|16}]);
V6_vdmpyhvsat_acc
	for e = 0 to 31 do
		Elem[Vx, e, 32] = SatS(SInt(Elem[Vx, e, 32]) + SInt(Elem[Vu, 2 * e, 16]) * SInt(Elem[Vv, 2 * e, 16]) + SInt(Elem[Vu, 2 * e + 1, 16]) * SInt(Elem[Vv, 2 * e + 1, 16]), 32);
V6_vmpyub
	for e = 0 to 63 do
		Elem[Vdd, e, 16] = UInt(Elem[Vu, 2 * e, 8]) * UInt(LSR(Rt, 16 * (e MOD 2))<7:0>);
		Elem[Vdd, e + 64, 16] = UInt(Elem[Vu, 2 * e + 1, 8]) * UInt(LSR(Rt, 16 * (e MOD 2) + 8)<7:0>);

// further accesses; an unaligned one is one of bytes
V6_vL32b_{pred_ai|npred_ai}  LoadVector((Rt + i * 128))
V6_vL32b_{cur_pi|tmp_pi}     as V6_vL32b_pi;
V6_vS32b_new_pi              Rx = Rx + i * 128;  StoreVector(Rx, Os)
V6_vL32Ub_ai                 for e = 0 to 127 do Elem[Vd, e, 8] = Mem[Rt + i * 128 + e, 1];
V6_vS32Ub_ai                 VectorStore(Rt + i * 128);  for e = 0 to 127 do Mem[Rt + i * 128 + e, 1] = Elem[Vs, e, 8];
