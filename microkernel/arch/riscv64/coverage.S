/* coverage.S - one small routine for each instruction. SPDX-License-Identifier: MIT
 *
 * Each OP() is a routine and an entry {name, routine} of a table that
 * coverage.c walks. Operands by table:
 *	cover_int	a0, a1 numbers; result a0
 *	cover_mem	a0 address, of any alignment, a1 number; result a0
 *	cover_amo	a0 address, 8-aligned, a1 number; result a0
 *	cover_single	fa0-fa2 from the bits a0-a2; result fa0, read as a double's
 *	cover_double	the same, with other numbers
 * Routines keep what the calling convention says, but for ft0 and fa0-fa2.
 */

.macro	entry	table, name
	.pushsection .rodata
9:	.asciz	"\name"
	.popsection
	.pushsection \table, "aw"
	.balign	8
	.quad	9b, 8f
	.popsection
	.balign	4
8:
.endm

#define OP(table, name, ...) \
	entry table, name ; __VA_ARGS__ ; ret

/* ---- integers ---- */
#define I2(op) OP(cover_int, #op, op a0, a0, a1)
#define TEXT(words) #words
#define II(op, imm) OP(cover_int, TEXT(op imm), op a0, a0, imm)

	.text
	I2(add)
	I2(sub)
	I2(sll)
	I2(slt)
	I2(sltu)
	I2(xor)
	I2(srl)
	I2(sra)
	I2(or)
	I2(and)
	I2(addw)
	I2(subw)
	I2(sllw)
	I2(srlw)
	I2(sraw)
	I2(mul)
	I2(mulh)
	I2(mulhsu)
	I2(mulhu)
	I2(div)
	I2(divu)
	I2(rem)
	I2(remu)
	I2(mulw)
	I2(divw)
	I2(divuw)
	I2(remw)
	I2(remuw)
	II(addi, -2048)
	II(addi, -1)
	II(addi, 0)
	II(addi, 1)
	II(addi, 2047)
	II(slti, -2048)
	II(slti, -1)
	II(slti, 0)
	II(slti, 1)
	II(slti, 2047)
	II(sltiu, -2048)
	II(sltiu, -1)
	II(sltiu, 0)
	II(sltiu, 1)
	II(sltiu, 2047)
	II(xori, -2048)
	II(xori, -1)
	II(xori, 0)
	II(xori, 1)
	II(xori, 2047)
	II(ori, -2048)
	II(ori, -1)
	II(ori, 0)
	II(ori, 1)
	II(ori, 2047)
	II(andi, -2048)
	II(andi, -1)
	II(andi, 0)
	II(andi, 1)
	II(andi, 2047)
	II(addiw, -2048)
	II(addiw, -1)
	II(addiw, 0)
	II(addiw, 1)
	II(addiw, 2047)
	II(slli, 0)
	II(slli, 1)
	II(slli, 31)
	II(slli, 32)
	II(slli, 63)
	II(srli, 0)
	II(srli, 1)
	II(srli, 31)
	II(srli, 32)
	II(srli, 63)
	II(srai, 0)
	II(srai, 1)
	II(srai, 31)
	II(srai, 32)
	II(srai, 63)
	II(slliw, 0)
	II(slliw, 1)
	II(slliw, 31)
	II(srliw, 0)
	II(srliw, 1)
	II(srliw, 31)
	II(sraiw, 0)
	II(sraiw, 1)
	II(sraiw, 31)
	OP(cover_int, "lui 0x0", lui a0, 0x0)
	OP(cover_int, "lui 0x1", lui a0, 0x1)
	OP(cover_int, "lui 0x7ffff", lui a0, 0x7ffff)
	OP(cover_int, "lui 0x80000", lui a0, 0x80000)
	OP(cover_int, "lui 0xfffff", lui a0, 0xfffff)
	OP(cover_int, "auipc", auipc a0, 0x12345; auipc a1, 0; sub a0, a0, a1)
	OP(cover_int, "beq", beq a0, a1, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "bne", bne a0, a1, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "blt", blt a0, a1, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "bge", bge a0, a1, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "bltu", bltu a0, a1, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "bgeu", bgeu a0, a1, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "jal, jalr", jal t0, 1f; addi a0, a0, 100; ret; 1: addi a0, a0, 1; \
		jalr zero, 0(t0))
	OP(cover_int, "jalr, odd target", la t0, 1f; jalr t1, 1(t0); li a0, 3; 1: sub a0, t1, t0)
	OP(cover_int, "fence", fence rw, rw; fence.tso; fence.i)
	OP(cover_int, "csrrw", csrw mscratch, a0; csrrw a0, mscratch, a1; csrr t0, mscratch; \
		slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_int, "csrrs", csrw mscratch, a0; csrrs a0, mscratch, a1; csrr t0, mscratch; \
		slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_int, "csrrc", csrw mscratch, a0; csrrc a0, mscratch, a1; csrr t0, mscratch; \
		slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_int, "csrrwi", csrw mscratch, a0; csrrwi a1, mscratch, 21; csrr t0, mscratch; \
		slli t0, t0, 1; xor a0, a1, t0)
	OP(cover_int, "csrrsi", csrw mscratch, a0; csrrsi a1, mscratch, 21; csrr t0, mscratch; \
		slli t0, t0, 1; xor a0, a1, t0)
	OP(cover_int, "csrrci", csrw mscratch, a0; csrrci a1, mscratch, 21; csrr t0, mscratch; \
		slli t0, t0, 1; xor a0, a1, t0)

/* ---- compressed ---- */
	OP(cover_int, "c.addi", c.addi a0, -32)
	OP(cover_int, "c.addiw", c.addiw a0, 31)
	OP(cover_int, "c.li", c.li a0, -32)
	OP(cover_int, "c.lui", c.lui a0, 0xfffe0)
	OP(cover_int, "c.addi16sp", mv t0, sp; c.addi16sp sp, -512; sub a0, sp, t0; mv sp, t0)
	OP(cover_int, "c.addi4spn", c.addi4spn a0, sp, 1020; sub a0, a0, sp)
	OP(cover_int, "c.slli", c.slli a0, 63)
	OP(cover_int, "c.srli", c.srli a0, 33)
	OP(cover_int, "c.srai", c.srai a0, 1)
	OP(cover_int, "c.andi", c.andi a0, -31)
	OP(cover_int, "c.sub", c.sub a0, a1)
	OP(cover_int, "c.xor", c.xor a0, a1)
	OP(cover_int, "c.or", c.or a0, a1)
	OP(cover_int, "c.and", c.and a0, a1)
	OP(cover_int, "c.subw", c.subw a0, a1)
	OP(cover_int, "c.addw", c.addw a0, a1)
	OP(cover_int, "c.mv", c.mv a0, a1)
	OP(cover_int, "c.add", c.add a0, a1)
	OP(cover_int, "c.nop", c.nop)
	OP(cover_int, "c.j", c.j 1f; li a0, 2; 1: addi a0, a0, 1)
	OP(cover_int, "c.beqz", c.beqz a0, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "c.bnez", c.bnez a0, 1f; li a0, 2; ret; 1: li a0, 1)
	OP(cover_int, "c.jr", la t0, 1f; c.jr t0; li a0, 2; 1: addi a0, a0, 1)
	OP(cover_int, "c.jalr", mv t1, ra; la t0, 1f; c.jalr t0; li a0, 2; 1: mv ra, t1; \
		addi a0, a0, 1)

/* ---- memory ---- */
	OP(cover_mem, "lb", lb t0, -9(a0); lb a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "lbu", lbu t0, -9(a0); lbu a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "lh", lh t0, -9(a0); lh a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "lhu", lhu t0, -9(a0); lhu a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "lw", lw t0, -9(a0); lw a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "lwu", lwu t0, -9(a0); lwu a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "ld", ld t0, -9(a0); ld a0, 5(a0); slli t0, t0, 1; xor a0, a0, t0)
	OP(cover_mem, "sb", sb a1, -9(a0); sb a1, 5(a0); li a0, 0)
	OP(cover_mem, "sh", sh a1, -9(a0); sh a1, 5(a0); li a0, 0)
	OP(cover_mem, "sw", sw a1, -9(a0); sw a1, 5(a0); li a0, 0)
	OP(cover_mem, "sd", sd a1, -9(a0); sd a1, 5(a0); li a0, 0)
	OP(cover_mem, "flw", flw fa0, 5(a0); fmv.x.d a0, fa0)
	OP(cover_mem, "fld", fld fa0, 5(a0); fmv.x.d a0, fa0)
	OP(cover_mem, "fsw", fmv.d.x fa0, a1; fsw fa0, 5(a0); li a0, 0)
	OP(cover_mem, "fsd", fmv.d.x fa0, a1; fsd fa0, 5(a0); li a0, 0)
	OP(cover_mem, "c.lw", c.lw a0, 4(a0))
	OP(cover_mem, "c.ld", c.ld a0, 8(a0))
	OP(cover_mem, "c.sw", c.sw a1, 4(a0); li a0, 0)
	OP(cover_mem, "c.sd", c.sd a1, 8(a0); li a0, 0)
	OP(cover_mem, "c.fld", c.fld fa0, 8(a0); fmv.x.d a0, fa0)
	OP(cover_mem, "c.fsd", fmv.d.x fa0, a1; c.fsd fa0, 8(a0); li a0, 0)
	OP(cover_mem, "c.lwsp", mv t0, sp; mv sp, a0; c.lwsp a0, 4(sp); mv sp, t0)
	OP(cover_mem, "c.ldsp", mv t0, sp; mv sp, a0; c.ldsp a0, 8(sp); mv sp, t0)
	OP(cover_mem, "c.swsp", mv t0, sp; mv sp, a0; c.swsp a1, 4(sp); mv sp, t0; li a0, 0)
	OP(cover_mem, "c.sdsp", mv t0, sp; mv sp, a0; c.sdsp a1, 8(sp); mv sp, t0; li a0, 0)
	OP(cover_mem, "c.fldsp", mv t0, sp; mv sp, a0; c.fldsp fa0, 8(sp); mv sp, t0; fmv.x.d a0, fa0)
	OP(cover_mem, "c.fsdsp", mv t0, sp; mv sp, a0; fmv.d.x fa0, a1; c.fsdsp fa0, 8(sp); \
		mv sp, t0; li a0, 0)

/* ---- atomics ---- */
	OP(cover_amo, "amoswap.w", amoswap.w a0, a1, (a0))
	OP(cover_amo, "amoswap.d", amoswap.d a0, a1, (a0))
	OP(cover_amo, "amoadd.w", amoadd.w a0, a1, (a0))
	OP(cover_amo, "amoadd.d", amoadd.d a0, a1, (a0))
	OP(cover_amo, "amoxor.w", amoxor.w a0, a1, (a0))
	OP(cover_amo, "amoxor.d", amoxor.d a0, a1, (a0))
	OP(cover_amo, "amoand.w", amoand.w a0, a1, (a0))
	OP(cover_amo, "amoand.d", amoand.d a0, a1, (a0))
	OP(cover_amo, "amoor.w", amoor.w a0, a1, (a0))
	OP(cover_amo, "amoor.d", amoor.d a0, a1, (a0))
	OP(cover_amo, "amomin.w", amomin.w a0, a1, (a0))
	OP(cover_amo, "amomin.d", amomin.d a0, a1, (a0))
	OP(cover_amo, "amomax.w", amomax.w a0, a1, (a0))
	OP(cover_amo, "amomax.d", amomax.d a0, a1, (a0))
	OP(cover_amo, "amominu.w", amominu.w a0, a1, (a0))
	OP(cover_amo, "amominu.d", amominu.d a0, a1, (a0))
	OP(cover_amo, "amomaxu.w", amomaxu.w a0, a1, (a0))
	OP(cover_amo, "amomaxu.d", amomaxu.d a0, a1, (a0))
	OP(cover_amo, "amoadd.d.aq", amoadd.d.aq a0, a1, (a0))
	OP(cover_amo, "amoadd.d.rl", amoadd.d.rl a0, a1, (a0))
	OP(cover_amo, "amoadd.d.aqrl", amoadd.d.aqrl a0, a1, (a0))
	OP(cover_amo, "lr.w, sc.w", lr.w t0, (a0); add t1, t0, a1; sc.w t2, t1, (a0); \
		slli t2, t2, 8; xor a0, t0, t2)
	OP(cover_amo, "sc.w without lr", lr.w t0, (a0); sc.w t1, t0, (a0); sc.w t1, a1, (a0); \
		snez a0, t1)
	OP(cover_amo, "lr.d, sc.d", lr.d t0, (a0); add t1, t0, a1; sc.d t2, t1, (a0); \
		slli t2, t2, 8; xor a0, t0, t2)
	OP(cover_amo, "sc.d without lr", lr.d t0, (a0); sc.d t1, t0, (a0); sc.d t1, a1, (a0); \
		snez a0, t1)

/* ---- floating point ---- */
	OP(cover_single, "fadd.s", fadd.s fa0, fa0, fa1)
	OP(cover_single, "fsub.s", fsub.s fa0, fa0, fa1)
	OP(cover_single, "fmul.s", fmul.s fa0, fa0, fa1)
	OP(cover_single, "fdiv.s", fdiv.s fa0, fa0, fa1)
	OP(cover_single, "fsgnj.s", fsgnj.s fa0, fa0, fa1)
	OP(cover_single, "fsgnjn.s", fsgnjn.s fa0, fa0, fa1)
	OP(cover_single, "fsgnjx.s", fsgnjx.s fa0, fa0, fa1)
	OP(cover_single, "fmin.s", fmin.s fa0, fa0, fa1)
	OP(cover_single, "fmax.s", fmax.s fa0, fa0, fa1)
	OP(cover_single, "fsqrt.s", fsqrt.s fa0, fa0)
	OP(cover_single, "fmadd.s", fmadd.s fa0, fa0, fa1, fa2)
	OP(cover_single, "fmsub.s", fmsub.s fa0, fa0, fa1, fa2)
	OP(cover_single, "fnmsub.s", fnmsub.s fa0, fa0, fa1, fa2)
	OP(cover_single, "fnmadd.s", fnmadd.s fa0, fa0, fa1, fa2)
	OP(cover_single, "feq.s", feq.s a0, fa0, fa1; fmv.d.x fa0, a0)
	OP(cover_single, "flt.s", flt.s a0, fa0, fa1; fmv.d.x fa0, a0)
	OP(cover_single, "fle.s", fle.s a0, fa0, fa1; fmv.d.x fa0, a0)
	OP(cover_single, "fclass.s", fclass.s a0, fa0; fmv.d.x fa0, a0)
	OP(cover_single, "fcvt.w.s", fcvt.w.s a0, fa0; fmv.d.x fa0, a0)
	OP(cover_single, "fcvt.s.w", fcvt.s.w fa0, a0)
	OP(cover_single, "fcvt.wu.s", fcvt.wu.s a0, fa0; fmv.d.x fa0, a0)
	OP(cover_single, "fcvt.s.wu", fcvt.s.wu fa0, a0)
	OP(cover_single, "fcvt.l.s", fcvt.l.s a0, fa0; fmv.d.x fa0, a0)
	OP(cover_single, "fcvt.s.l", fcvt.s.l fa0, a0)
	OP(cover_single, "fcvt.lu.s", fcvt.lu.s a0, fa0; fmv.d.x fa0, a0)
	OP(cover_single, "fcvt.s.lu", fcvt.s.lu fa0, a0)
	OP(cover_single, "fcvt.d.s", fcvt.d.s fa0, fa0)
	OP(cover_single, "fadd.s rne", fadd.s fa0, fa0, fa1, rne)
	OP(cover_single, "fcvt.w.s rne", fcvt.w.s a0, fa0, rne; fmv.d.x fa0, a0)
	OP(cover_single, "fadd.s rtz", fadd.s fa0, fa0, fa1, rtz)
	OP(cover_single, "fcvt.w.s rtz", fcvt.w.s a0, fa0, rtz; fmv.d.x fa0, a0)
	OP(cover_single, "fadd.s rdn", fadd.s fa0, fa0, fa1, rdn)
	OP(cover_single, "fcvt.w.s rdn", fcvt.w.s a0, fa0, rdn; fmv.d.x fa0, a0)
	OP(cover_single, "fadd.s rup", fadd.s fa0, fa0, fa1, rup)
	OP(cover_single, "fcvt.w.s rup", fcvt.w.s a0, fa0, rup; fmv.d.x fa0, a0)
	OP(cover_single, "fadd.s rmm", fadd.s fa0, fa0, fa1, rmm)
	OP(cover_single, "fcvt.w.s rmm", fcvt.w.s a0, fa0, rmm; fmv.d.x fa0, a0)
	OP(cover_double, "fadd.d", fadd.d fa0, fa0, fa1)
	OP(cover_double, "fsub.d", fsub.d fa0, fa0, fa1)
	OP(cover_double, "fmul.d", fmul.d fa0, fa0, fa1)
	OP(cover_double, "fdiv.d", fdiv.d fa0, fa0, fa1)
	OP(cover_double, "fsgnj.d", fsgnj.d fa0, fa0, fa1)
	OP(cover_double, "fsgnjn.d", fsgnjn.d fa0, fa0, fa1)
	OP(cover_double, "fsgnjx.d", fsgnjx.d fa0, fa0, fa1)
	OP(cover_double, "fmin.d", fmin.d fa0, fa0, fa1)
	OP(cover_double, "fmax.d", fmax.d fa0, fa0, fa1)
	OP(cover_double, "fsqrt.d", fsqrt.d fa0, fa0)
	OP(cover_double, "fmadd.d", fmadd.d fa0, fa0, fa1, fa2)
	OP(cover_double, "fmsub.d", fmsub.d fa0, fa0, fa1, fa2)
	OP(cover_double, "fnmsub.d", fnmsub.d fa0, fa0, fa1, fa2)
	OP(cover_double, "fnmadd.d", fnmadd.d fa0, fa0, fa1, fa2)
	OP(cover_double, "feq.d", feq.d a0, fa0, fa1; fmv.d.x fa0, a0)
	OP(cover_double, "flt.d", flt.d a0, fa0, fa1; fmv.d.x fa0, a0)
	OP(cover_double, "fle.d", fle.d a0, fa0, fa1; fmv.d.x fa0, a0)
	OP(cover_double, "fclass.d", fclass.d a0, fa0; fmv.d.x fa0, a0)
	OP(cover_double, "fcvt.w.d", fcvt.w.d a0, fa0; fmv.d.x fa0, a0)
	OP(cover_double, "fcvt.d.w", fcvt.d.w fa0, a0)
	OP(cover_double, "fcvt.wu.d", fcvt.wu.d a0, fa0; fmv.d.x fa0, a0)
	OP(cover_double, "fcvt.d.wu", fcvt.d.wu fa0, a0)
	OP(cover_double, "fcvt.l.d", fcvt.l.d a0, fa0; fmv.d.x fa0, a0)
	OP(cover_double, "fcvt.d.l", fcvt.d.l fa0, a0)
	OP(cover_double, "fcvt.lu.d", fcvt.lu.d a0, fa0; fmv.d.x fa0, a0)
	OP(cover_double, "fcvt.d.lu", fcvt.d.lu fa0, a0)
	OP(cover_double, "fcvt.s.d", fcvt.s.d fa0, fa0)
	OP(cover_double, "fadd.d rne", fadd.d fa0, fa0, fa1, rne)
	OP(cover_double, "fcvt.w.d rne", fcvt.w.d a0, fa0, rne; fmv.d.x fa0, a0)
	OP(cover_double, "fadd.d rtz", fadd.d fa0, fa0, fa1, rtz)
	OP(cover_double, "fcvt.w.d rtz", fcvt.w.d a0, fa0, rtz; fmv.d.x fa0, a0)
	OP(cover_double, "fadd.d rdn", fadd.d fa0, fa0, fa1, rdn)
	OP(cover_double, "fcvt.w.d rdn", fcvt.w.d a0, fa0, rdn; fmv.d.x fa0, a0)
	OP(cover_double, "fadd.d rup", fadd.d fa0, fa0, fa1, rup)
	OP(cover_double, "fcvt.w.d rup", fcvt.w.d a0, fa0, rup; fmv.d.x fa0, a0)
	OP(cover_double, "fadd.d rmm", fadd.d fa0, fa0, fa1, rmm)
	OP(cover_double, "fcvt.w.d rmm", fcvt.w.d a0, fa0, rmm; fmv.d.x fa0, a0)
	OP(cover_single, "fmv.x.w", fmv.x.w a0, fa0; fmv.d.x fa0, a0)
	OP(cover_single, "fmv.w.x", fmv.w.x fa0, a0)
	OP(cover_double, "fmv.x.d, fmv.d.x", fmv.x.d a1, fa0; fmv.d.x fa0, a1)

/* ---- calling them ---- */

	/* uint64_t cover_call(fn, a0, a1) */
	.globl cover_call
cover_call:
	mv	t0, a0
	mv	a0, a1
	mv	a1, a2
	jr	t0

	/* uint64_t cover_call_fp(fn, a0, a1, a2, frm, &flags): with dynamic
	 * rounding mode frm; the bits of fa0, and what was raised */
	.globl cover_call_fp
cover_call_fp:
	addi	sp, sp, -16
	sd	ra, 0(sp)
	sd	a5, 8(sp)
	mv	t0, a0
	mv	a0, a1
	mv	a1, a2
	mv	a2, a3
	fmv.d.x	fa0, a0
	fmv.d.x	fa1, a1
	fmv.d.x	fa2, a2
	fsflags	zero
	fsrm	a4
	jalr	t0
	frflags	t0
	fsrm	zero
	ld	a5, 8(sp)
	sd	t0, 0(a5)
	fmv.x.d	a0, fa0
	ld	ra, 0(sp)
	addi	sp, sp, 16
	ret
