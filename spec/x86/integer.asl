// integer.asl - general-purpose instructions. SPDX-License-Identifier: MIT
// What bodies may name: gen/front/x86_bodies.py.

ADD     (dst, OSZAPC) = AddWithCarry(dst, src, '0');
ADC     (dst, OSZAPC) = AddWithCarry(dst, src, CF);
SUB     (dst, OSZAPC) = SubWithBorrow(dst, src, '0');
SBB     (dst, OSZAPC) = SubWithBorrow(dst, src, CF);
CMP     (-, OSZAPC) = SubWithBorrow(src1, src2, '0');
AND     dst = dst AND src;  OSZPC = LogicFlags(dst);  AF = bit UNKNOWN;
OR      dst = dst OR src;   OSZPC = LogicFlags(dst);  AF = bit UNKNOWN;
XOR     dst = dst EOR src;  OSZPC = LogicFlags(dst);  AF = bit UNKNOWN;
