// c.asl - compressed instructions. SPDX-License-Identifier: MIT

// rv_c
c.unimp    -                   as unimp
c.addi4spn rd, sp, c_nzuimm10  as addi
c.lw       rd, c_uimm7(rs1)    as lw
c.sw       rs2, c_uimm7(rs1)   as sw
c.nop      [c_imm6=0]          ;
c.addi     rd_rs1, c_imm6      as addi
c.li       rd, c_imm6          rd = imm12;
c.addi16sp sp_rw, c_nzimm10    as addi
c.lui      rd, c_nzimm18       as lui
c.andi     rd_rs1, c_imm6      as andi
c.sub      rd_rs1, rs2         as sub
c.xor      rd_rs1, rs2         as xor
c.or       rd_rs1, rs2         as or
c.and      rd_rs1, rs2         as and
c.j        c_jimm12            Branch(PC + jimm20);
c.beqz     rs1, c_bimm9        if rs1 == 0 then Branch(PC + bimm12);
c.bnez     rs1, c_bimm9        if rs1 != 0 then Branch(PC + bimm12);
c.lwsp     rd, c_uimm8sp(sp)   as lw
c.jr       rs1                 Branch(rs1<63:1> : '0');
c.mv       rd, rs2             rd = rs2;
c.ebreak   -                   as ebreak
c.jalr     rs1 {ra_w}          rd = NextPC;  Branch(rs1<63:1> : '0');
c.add      rd_rs1, rs2         as add
c.swsp     rs2, c_uimm8sp(sp)  as sw

// rv64_c
c.ld       rd, c_uimm8(rs1)    as ld
c.sd       rs2, c_uimm8(rs1)   as sd
c.addiw    rd_rs1, c_imm6      as addiw
c.srli     rd_rs1, c_shamt     as srli
c.srai     rd_rs1, c_shamt     as srai
c.subw     rd_rs1, rs2         as subw
c.addw     rd_rs1, rs2         as addw
c.slli     rd_rs1, c_shamt     as slli
c.ldsp     rd, c_uimm9sp(sp)   as ld
c.sdsp     rs2, c_uimm9sp(sp)  as sd

// rv_c_d
c.fld      fd, c_uimm8(rs1)    as fld
c.fsd      fs2, c_uimm8(rs1)   as fsd
c.fldsp    fd, c_uimm9sp(sp)   as fld
c.fsdsp    fs2, c_uimm9sp(sp)  as fsd

// rv_zcb
c.lbu      rd, c_uimm2(rs1)    as lbu
c.lhu      rd, c_uimm1(rs1)    as lhu
c.lh       rd, c_uimm1(rs1)    as lh
c.sb       rs2, c_uimm2(rs1)   as sb
c.sh       rs2, c_uimm1(rs1)   as sh
c.zext.b   rd_rs1              rd = ZeroExtend(rs1<7:0>, 64);
c.sext.b   rd_rs1              as sext.b
c.zext.h   rd_rs1              as zext.h
c.sext.h   rd_rs1              as sext.h
c.not      rd_rs1              rd = NOT(rs1);
c.mul      rd_rs1, rs2         as mul

// rv64_zcb
c.zext.w   rd_rs1              rd = ZeroExtend(rs1<31:0>, 64);
