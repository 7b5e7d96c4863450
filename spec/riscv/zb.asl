// zb.asl - bit manipulation and conditional zeroing. SPDX-License-Identifier: MIT

// rv_zba
sh1add    rd, rs1, rs2
sh2add    rd, rs1, rs2
sh3add    rd, rs1, rs2

// rv64_zba
add.uw    rd, rs1, rs2
sh1add.uw rd, rs1, rs2
sh2add.uw rd, rs1, rs2
sh3add.uw rd, rs1, rs2
slli.uw   rd, rs1, shamt

// rv_zbb
andn      rd, rs1, rs2
orn       rd, rs1, rs2
xnor      rd, rs1, rs2
clz       rd, rs1
ctz       rd, rs1
cpop      rd, rs1
max       rd, rs1, rs2
maxu      rd, rs1, rs2
min       rd, rs1, rs2
minu      rd, rs1, rs2
sext.b    rd, rs1
sext.h    rd, rs1
rol       rd, rs1, rs2
ror       rd, rs1, rs2
orc.b     rd, rs1

// rv64_zbb
clzw      rd, rs1
ctzw      rd, rs1
cpopw     rd, rs1
rolw      rd, rs1, rs2
rorw      rd, rs1, rs2
roriw     rd, rs1, shamt
rori      rd, rs1, shamt
zext.h    rd, rs1
rev8      rd, rs1

// rv_zbs
bclr      rd, rs1, rs2
bext      rd, rs1, rs2
binv      rd, rs1, rs2
bset      rd, rs1, rs2

// rv64_zbs
bclri     rd, rs1, shamt
bexti     rd, rs1, shamt
binvi     rd, rs1, shamt
bseti     rd, rs1, shamt

// rv_zbc
clmul     rd, rs1, rs2
clmulr    rd, rs1, rs2
clmulh    rd, rs1, rs2

// rv_zicond
czero.eqz rd, rs1, rs2
czero.nez rd, rs1, rs2
