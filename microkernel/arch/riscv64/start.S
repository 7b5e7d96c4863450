/* start.S - first instructions and the trap entry. SPDX-License-Identifier: MIT */

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	bnez	t0, park
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	la	sp, stack_top
	la	t0, bss_start
	la	t1, bss_end
1:	bgeu	t0, t1, 2f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	1b
2:	la	t0, trap_entry
	csrw	mtvec, t0
	li	t0, 0x2000	/* mstatus.FS = initial */
	csrs	mstatus, t0
	csrw	fcsr, zero
	j	mk_main

	/* other harts do nothing */
park:
	csrw	mie, zero
1:	wfi
	j	1b

	/* Calls trap_handle(cause, epc, tval), which returns where to go on.
	 * It keeps the callee-saved registers and uses no floating point. */
	.balign	4
trap_entry:
	addi	sp, sp, -128
	sd	ra, 0(sp)
	sd	t0, 8(sp)
	sd	t1, 16(sp)
	sd	t2, 24(sp)
	sd	t3, 32(sp)
	sd	t4, 40(sp)
	sd	t5, 48(sp)
	sd	t6, 56(sp)
	sd	a0, 64(sp)
	sd	a1, 72(sp)
	sd	a2, 80(sp)
	sd	a3, 88(sp)
	sd	a4, 96(sp)
	sd	a5, 104(sp)
	sd	a6, 112(sp)
	sd	a7, 120(sp)
	csrr	a0, mcause
	csrr	a1, mepc
	csrr	a2, mtval
	call	trap_handle
	csrw	mepc, a0
	ld	ra, 0(sp)
	ld	t0, 8(sp)
	ld	t1, 16(sp)
	ld	t2, 24(sp)
	ld	t3, 32(sp)
	ld	t4, 40(sp)
	ld	t5, 48(sp)
	ld	t6, 56(sp)
	ld	a0, 64(sp)
	ld	a1, 72(sp)
	ld	a2, 80(sp)
	ld	a3, 88(sp)
	ld	a4, 96(sp)
	ld	a5, 104(sp)
	ld	a6, 112(sp)
	ld	a7, 120(sp)
	addi	sp, sp, 128
	mret

	/* uint64_t trap_call(fn, a, b): calls fn(a, b); when trap_handle sends
	 * it to trap_resume, returns as if fn had. */
	.globl trap_call
trap_call:
	addi	sp, sp, -32
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	la	t1, trap_sp
	sd	sp, 0(t1)
	mv	t0, a0
	mv	a0, a1
	mv	a1, a2
	jalr	t0
	.globl trap_resume
trap_resume:
	la	t1, trap_sp
	ld	sp, 0(t1)
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	addi	sp, sp, 32
	ret

	/* uint64_t mode_call(mpp, fn): fn() in a lower mode; it ends with an
	 * ecall, which trap_handle sends to mode_return in M-mode. */
	.globl mode_call
mode_call:
	addi	sp, sp, -128
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	sd	s2, 24(sp)
	sd	s3, 32(sp)
	sd	s4, 40(sp)
	sd	s5, 48(sp)
	sd	s6, 56(sp)
	sd	s7, 64(sp)
	sd	s8, 72(sp)
	sd	s9, 80(sp)
	sd	s10, 88(sp)
	sd	s11, 96(sp)
	la	t1, mode_sp
	sd	sp, 0(t1)
	li	t0, 0x1800
	csrc	mstatus, t0
	slli	a0, a0, 11
	csrs	mstatus, a0
	csrw	mepc, a1
	la	ra, mode_end
	mret
mode_end:
	ecall
	.globl mode_return
mode_return:
	la	t1, mode_sp
	ld	sp, 0(t1)
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	ld	s2, 24(sp)
	ld	s3, 32(sp)
	ld	s4, 40(sp)
	ld	s5, 48(sp)
	ld	s6, 56(sp)
	ld	s7, 64(sp)
	ld	s8, 72(sp)
	ld	s9, 80(sp)
	ld	s10, 88(sp)
	ld	s11, 96(sp)
	addi	sp, sp, 128
	ret

	.bss
	.balign	8
trap_sp:
	.zero	8
mode_sp:
	.zero	8
