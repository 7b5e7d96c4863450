// m.asl - multiplication and division. SPDX-License-Identifier: MIT

// rv_m
mul    rd, rs1, rs2  rd = rs1 * rs2;
mulh   rd, rs1, rs2  rd = (SInt(rs1) * SInt(rs2))<127:64>;
mulhsu rd, rs1, rs2  rd = (SInt(rs1) * UInt(rs2))<127:64>;
mulhu  rd, rs1, rs2  rd = (UInt(rs1) * UInt(rs2))<127:64>;
div    rd, rs1, rs2  rd = DivS(rs1, rs2);
divu   rd, rs1, rs2  rd = DivU(rs1, rs2);
rem    rd, rs1, rs2  rd = RemS(rs1, rs2);
remu   rd, rs1, rs2  rd = RemU(rs1, rs2);

// rv64_m
mulw   rd, rs1, rs2  rd = SignExtend(rs1<31:0> * rs2<31:0>, 64);
divw   rd, rs1, rs2  rd = SignExtend(DivS(rs1<31:0>, rs2<31:0>), 64);
divuw  rd, rs1, rs2  rd = SignExtend(DivU(rs1<31:0>, rs2<31:0>), 64);
remw   rd, rs1, rs2  rd = SignExtend(RemS(rs1<31:0>, rs2<31:0>), 64);
remuw  rd, rs1, rs2  rd = SignExtend(RemU(rs1<31:0>, rs2<31:0>), 64);
