// i.asl - base integer instructions, fences, control and status registers. SPDX-License-Identifier: MIT

// rv_i
lui       rd, imm20
auipc     rd, imm20
jal       rd, jimm20
jalr      rd, imm12(rs1)
beq       rs1, rs2, bimm12
bne       rs1, rs2, bimm12
blt       rs1, rs2, bimm12
bge       rs1, rs2, bimm12
bltu      rs1, rs2, bimm12
bgeu      rs1, rs2, bimm12
lb        rd, imm12(rs1)
lh        rd, imm12(rs1)
lw        rd, imm12(rs1)
lbu       rd, imm12(rs1)
lhu       rd, imm12(rs1)
sb        rs2, imm12(rs1)
sh        rs2, imm12(rs1)
sw        rs2, imm12(rs1)
addi      rd, rs1, imm12
slti      rd, rs1, imm12
sltiu     rd, rs1, imm12
xori      rd, rs1, imm12
ori       rd, rs1, imm12
andi      rd, rs1, imm12
add       rd, rs1, rs2
sub       rd, rs1, rs2
sll       rd, rs1, rs2
slt       rd, rs1, rs2
sltu      rd, rs1, rs2
xor       rd, rs1, rs2
srl       rd, rs1, rs2
sra       rd, rs1, rs2
or        rd, rs1, rs2
and       rd, rs1, rs2
fence     pred, succ[, fm=0, any_rd=0, any_rs1=0]
fence.tso -
ecall     -
ebreak    -

// rv64_i
lwu       rd, imm12(rs1)
ld        rd, imm12(rs1)
sd        rs2, imm12(rs1)
slli      rd, rs1, shamt
srli      rd, rs1, shamt
srai      rd, rs1, shamt
addiw     rd, rs1, imm12
slliw     rd, rs1, shamt
srliw     rd, rs1, shamt
sraiw     rd, rs1, shamt
addw      rd, rs1, rs2
subw      rd, rs1, rs2
sllw      rd, rs1, rs2
srlw      rd, rs1, rs2
sraw      rd, rs1, rs2

// rv_zifencei
fence.i   [any_imm=0, any_rd=0, any_rs1=0]

// rv_zicsr
csrrw     rd, csr, rs1
csrrs     rd, csr, rs1
csrrc     rd, csr, rs1
csrrwi    rd, csr, zimm5
csrrsi    rd, csr, zimm5
csrrci    rd, csr, zimm5
unimp     -

// rv_zihintpause
pause     =fence 'w, 0' / -
