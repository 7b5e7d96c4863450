// c.asl - compressed instructions. SPDX-License-Identifier: MIT

// rv_c
c.unimp    -
c.addi4spn rd, sp, c_nzuimm10
c.lw       rd, c_uimm7(rs1)
c.sw       rs2, c_uimm7(rs1)
c.nop      [c_imm6=0]
c.addi     rd_rs1, c_imm6
c.li       rd, c_imm6
c.addi16sp sp_rw, c_nzimm10
c.lui      rd, c_nzimm18
c.andi     rd_rs1, c_imm6
c.sub      rd_rs1, rs2
c.xor      rd_rs1, rs2
c.or       rd_rs1, rs2
c.and      rd_rs1, rs2
c.j        c_jimm12
c.beqz     rs1, c_bimm9
c.bnez     rs1, c_bimm9
c.lwsp     rd, c_uimm8sp(sp)
c.jr       rs1
c.mv       rd, rs2
c.ebreak   -
c.jalr     rs1 {ra_w}
c.add      rd_rs1, rs2
c.swsp     rs2, c_uimm8sp(sp)

// rv64_c
c.ld       rd, c_uimm8(rs1)
c.sd       rs2, c_uimm8(rs1)
c.addiw    rd_rs1, c_imm6
c.srli     rd_rs1, c_shamt
c.srai     rd_rs1, c_shamt
c.subw     rd_rs1, rs2
c.addw     rd_rs1, rs2
c.slli     rd_rs1, c_shamt
c.ldsp     rd, c_uimm9sp(sp)
c.sdsp     rs2, c_uimm9sp(sp)

// rv_c_d
c.fld      fd, c_uimm8(rs1)
c.fsd      fs2, c_uimm8(rs1)
c.fldsp    fd, c_uimm9sp(sp)
c.fsdsp    fs2, c_uimm9sp(sp)

// rv_zcb
c.lbu      rd, c_uimm2(rs1)
c.lhu      rd, c_uimm1(rs1)
c.lh       rd, c_uimm1(rs1)
c.sb       rs2, c_uimm2(rs1)
c.sh       rs2, c_uimm1(rs1)
c.zext.b   rd_rs1
c.sext.b   rd_rs1
c.zext.h   rd_rs1
c.sext.h   rd_rs1
c.not      rd_rs1
c.mul      rd_rs1, rs2

// rv64_zcb
c.zext.w   rd_rs1
