// i.asl - base integer instructions, fences, control and status registers. SPDX-License-Identifier: MIT

// rv_i
lui       rd, imm20                       rd = SignExtend(imm20 : Zeros(12), 64);
auipc     rd, imm20                       rd = PC + SignExtend(imm20 : Zeros(12), 64);
jal       rd, jimm20                      rd = NextPC;  Branch(PC + jimm20);
jalr      rd, imm12(rs1)                  rd = NextPC;  Branch((rs1 + imm12)<63:1> : '0');
beq       rs1, rs2, bimm12                if rs1 == rs2 then Branch(PC + bimm12);
bne       rs1, rs2, bimm12                if rs1 != rs2 then Branch(PC + bimm12);
blt       rs1, rs2, bimm12                if SInt(rs1) < SInt(rs2) then Branch(PC + bimm12);
bge       rs1, rs2, bimm12                if SInt(rs1) >= SInt(rs2) then Branch(PC + bimm12);
bltu      rs1, rs2, bimm12                if UInt(rs1) < UInt(rs2) then Branch(PC + bimm12);
bgeu      rs1, rs2, bimm12                if UInt(rs1) >= UInt(rs2) then Branch(PC + bimm12);
lb        rd, imm12(rs1)                  rd = SignExtend(Mem[rs1 + imm12, 1], 64);
lh        rd, imm12(rs1)                  rd = SignExtend(Mem[rs1 + imm12, 2], 64);
lw        rd, imm12(rs1)                  rd = SignExtend(Mem[rs1 + imm12, 4], 64);
lbu       rd, imm12(rs1)                  rd = ZeroExtend(Mem[rs1 + imm12, 1], 64);
lhu       rd, imm12(rs1)                  rd = ZeroExtend(Mem[rs1 + imm12, 2], 64);
sb        rs2, imm12(rs1)                 Mem[rs1 + imm12, 1] = rs2<7:0>;
sh        rs2, imm12(rs1)                 Mem[rs1 + imm12, 2] = rs2<15:0>;
sw        rs2, imm12(rs1)                 Mem[rs1 + imm12, 4] = rs2<31:0>;
addi      rd, rs1, imm12                  rd = rs1 + imm12;
slti      rd, rs1, imm12                  rd = if SInt(rs1) < imm12 then 1 else 0;
sltiu     rd, rs1, imm12                  rd = if UInt(rs1) < UInt(SignExtend(imm12, 64)) then 1 else 0;
xori      rd, rs1, imm12                  rd = rs1 EOR SignExtend(imm12, 64);
ori       rd, rs1, imm12                  rd = rs1 OR SignExtend(imm12, 64);
andi      rd, rs1, imm12                  rd = rs1 AND SignExtend(imm12, 64);
add       rd, rs1, rs2                    rd = rs1 + rs2;
sub       rd, rs1, rs2                    rd = rs1 - rs2;
sll       rd, rs1, rs2                    rd = LSL(rs1, UInt(rs2<5:0>));
slt       rd, rs1, rs2                    rd = if SInt(rs1) < SInt(rs2) then 1 else 0;
sltu      rd, rs1, rs2                    rd = if UInt(rs1) < UInt(rs2) then 1 else 0;
xor       rd, rs1, rs2                    rd = rs1 EOR rs2;
srl       rd, rs1, rs2                    rd = LSR(rs1, UInt(rs2<5:0>));
sra       rd, rs1, rs2                    rd = ASR(rs1, UInt(rs2<5:0>));
or        rd, rs1, rs2                    rd = rs1 OR rs2;
and       rd, rs1, rs2                    rd = rs1 AND rs2;
fence     pred, succ[, fm=0, any_rd=0, any_rs1=0]  ;
fence.tso -                               ;
ecall     -                               Ecall();
ebreak    -                               Ebreak();

// rv64_i
lwu       rd, imm12(rs1)                  rd = ZeroExtend(Mem[rs1 + imm12, 4], 64);
ld        rd, imm12(rs1)                  rd = Mem[rs1 + imm12, 8];
sd        rs2, imm12(rs1)                 Mem[rs1 + imm12, 8] = rs2;
slli      rd, rs1, shamt                  rd = LSL(rs1, shamt);
srli      rd, rs1, shamt                  rd = LSR(rs1, shamt);
srai      rd, rs1, shamt                  rd = ASR(rs1, shamt);
addiw     rd, rs1, imm12                  rd = SignExtend(rs1<31:0> + imm12<31:0>, 64);
slliw     rd, rs1, shamt                  rd = SignExtend(LSL(rs1<31:0>, UInt(shamt<4:0>)), 64);
srliw     rd, rs1, shamt                  rd = SignExtend(LSR(rs1<31:0>, UInt(shamt<4:0>)), 64);
sraiw     rd, rs1, shamt                  rd = SignExtend(ASR(rs1<31:0>, UInt(shamt<4:0>)), 64);
addw      rd, rs1, rs2                    rd = SignExtend(rs1<31:0> + rs2<31:0>, 64);
subw      rd, rs1, rs2                    rd = SignExtend(rs1<31:0> - rs2<31:0>, 64);
sllw      rd, rs1, rs2                    rd = SignExtend(LSL(rs1<31:0>, UInt(rs2<4:0>)), 64);
srlw      rd, rs1, rs2                    rd = SignExtend(LSR(rs1<31:0>, UInt(rs2<4:0>)), 64);
sraw      rd, rs1, rs2                    rd = SignExtend(ASR(rs1<31:0>, UInt(rs2<4:0>)), 64);

// rv_zifencei
fence.i   [any_imm=0, any_rd=0, any_rs1=0]  FenceI();

// rv_zicsr
csrrw     rd, csr, rs1                    rd = CsrWrite(csr, rs1, RegisterNumber(rd) != 0);
csrrs     rd, csr, rs1                    rd = CsrSet(csr, rs1, RegisterNumber(rs1) != 0);
csrrc     rd, csr, rs1                    rd = CsrClear(csr, rs1, RegisterNumber(rs1) != 0);
csrrwi    rd, csr, zimm5                  rd = CsrWrite(csr, ZeroExtend(zimm5, 64), RegisterNumber(rd) != 0);
csrrsi    rd, csr, zimm5                  rd = CsrSet(csr, ZeroExtend(zimm5, 64), zimm5 != 0);
csrrci    rd, csr, zimm5                  rd = CsrClear(csr, ZeroExtend(zimm5, 64), zimm5 != 0);
unimp     -                               UNDEFINED;

// rv_zihintpause
pause     =fence 'w, 0' / -               ;
