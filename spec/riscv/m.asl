// m.asl - multiplication and division. SPDX-License-Identifier: MIT

// rv_m
mul    rd, rs1, rs2
mulh   rd, rs1, rs2
mulhsu rd, rs1, rs2
mulhu  rd, rs1, rs2
div    rd, rs1, rs2
divu   rd, rs1, rs2
rem    rd, rs1, rs2
remu   rd, rs1, rs2

// rv64_m
mulw   rd, rs1, rs2
divw   rd, rs1, rs2
divuw  rd, rs1, rs2
remw   rd, rs1, rs2
remuw  rd, rs1, rs2
