// v.asl - vectors. SPDX-License-Identifier: MIT
// What holds for all of them (groups, overlaps, masks, vstart) is in
// gen/front/riscv_lanes.py.

// AVL from rs1; without it VLMAX; where rd is x0 as well, vl stays
vsetvli    rd, rs1, vtypei
        bits(2) from = if RegisterNumber(rs1) != 0 then '00'
                       elsif RegisterNumber(rd) != 0 then '01' else '10';
        rd = VectorSet(rs1, from, vtypei);
vsetvli.w  =vsetvli rd, rs1, vsew, vlmul, vta, vma {vtypei}      as vsetvli
vsetvl     rd, rs1, vtype_rs2                                    as vsetvli
vsetivli   rd, zimm5, vtypei                                     rd = VectorSet(zimm5, '00', vtypei);
vsetivli.w =vsetivli rd, zimm5, vsew, vlmul, vta, vma {vtypei}   as vsetivli

vle32.v      vd32, (rs1), vm
        for e = UInt(vstart) to UInt(vl) - 1 do
            if Active(e) then Elem[vd, e, 32] = Mem[rs1 + 4 * e, 4];
vlseg2e32.v  vd32x2, (rs1), vm
        for e = UInt(vstart) to UInt(vl) - 1 do
            if Active(e) then
                for f = 0 to 1 do
                    Elem[vd + f, e, 32] = Mem[rs1 + (8 * e + 4 * f), 4];

vadd.vv      vd, vs2, vs1, vm           lane vd = vs2 + vs1;
vredsum.vs   vd_one, vs2, vs1_one, vm
        bits(SEW) sum = Elem[vs1, 0, SEW];
        for e = 0 to UInt(vl) - 1 do
            if Active(e) then sum = sum + Elem[vs2, e, SEW];
        if UInt(vl) != 0 then Elem[vd, 0, SEW] = sum;
vfwmacc.vv   vd_f2, vs1_f, vs2_f, vm {vrm}
        lane vd = FPMulAdd(FPConvert(vs1, 2 * SEW, rm), FPConvert(vs2, 2 * SEW, rm), vd_old, rm);
vslideup.vx  vd_apart, vs2, rs1, vm
        integer by = Min(UInt(rs1), 2048);
        for e = Max(UInt(vstart), by) to UInt(vl) - 1 do
            if Active(e) then Elem[vd, e, SEW] = Elem[vs2, e - by, SEW];
vcompress.vm vd_apart0, vs2, vs1_bit
        bits(16) n = Zeros(16);
        for e = 0 to UInt(vl) - 1 do
            if Elem[vs1, e, 1] == '1' then
                Elem[vd, UInt(n), SEW] = Elem[vs2, e, SEW];
                n = n + 1;
