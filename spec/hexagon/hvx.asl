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
