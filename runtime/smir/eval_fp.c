/* eval_fp.c - floating-point operations of SMIR. SPDX-License-Identifier: MIT */
#include "fp/fp.h"
#include "smir/interp.h"

#define K(op, type) RX_SMIR_K(RX_S_##op, RX_I##type)
#define EACH_FORMAT(X) X(16) X(32) X(64)

#define ROUNDED2(OP, fn, F) \
	case K(OP, F): \
		env->round = (uint8_t)v[o->c]; \
		v[o->d] = rx_f##F##_##fn((uint##F##_t)v[o->a], \
					 (uint##F##_t)v[o->b], env); \
		break;
#define ROUNDED1(OP, call, F) \
	case K(OP, F): \
		env->round = (uint8_t)v[o->b]; \
		v[o->d] = call; \
		break;
#define PLAIN2(OP, call, F) \
	case K(OP, F): { \
		const uint##F##_t a = (uint##F##_t)v[o->a]; \
		const uint##F##_t b = (uint##F##_t)v[o->b]; \
		v[o->d] = call; \
		break; \
	}
#define FORMAT_CASES(F) \
	ROUNDED2(FADD, add, F) \
	ROUNDED2(FSUB, sub, F) \
	ROUNDED2(FMUL, mul, F) \
	ROUNDED2(FDIV, div, F) \
	ROUNDED1(FSQRT, rx_f##F##_sqrt((uint##F##_t)v[o->a], env), F) \
	ROUNDED1(FRINT, rx_f##F##_rint((uint##F##_t)v[o->a], false, env), F) \
	ROUNDED1(FRINTX, rx_f##F##_rint((uint##F##_t)v[o->a], true, env), F) \
	case K(FMULADD, F): \
		env->round = (uint8_t)v[o->e]; \
		v[o->d] = rx_f##F##_muladd((uint##F##_t)v[o->a], \
					   (uint##F##_t)v[o->b], \
					   (uint##F##_t)v[o->c], env); \
		break; \
	PLAIN2(FMINNUM, rx_f##F##_min(a, b, RX_MM_NUMBER, env), F) \
	PLAIN2(FMAXNUM, rx_f##F##_max(a, b, RX_MM_NUMBER, env), F) \
	PLAIN2(FMIN, rx_f##F##_min(a, b, RX_MM_NAN, env), F) \
	PLAIN2(FMAX, rx_f##F##_max(a, b, RX_MM_NAN, env), F) \
	PLAIN2(FMINNUM08, rx_f##F##_min(a, b, RX_MM_NUM2008, env), F) \
	PLAIN2(FMAXNUM08, rx_f##F##_max(a, b, RX_MM_NUM2008, env), F) \
	PLAIN2(FMINX86, rx_f##F##_min(a, b, RX_MM_X86, env), F) \
	PLAIN2(FMAXX86, rx_f##F##_max(a, b, RX_MM_X86, env), F) \
	PLAIN2(FEQ, rx_f##F##_eq(a, b, env), F) \
	PLAIN2(FLT, rx_f##F##_lt(a, b, env), F) \
	PLAIN2(FLE, rx_f##F##_le(a, b, env), F) \
	PLAIN2(FLTQ, rx_f##F##_ltq(a, b, env), F) \
	PLAIN2(FLEQ, rx_f##F##_leq(a, b, env), F) \
	PLAIN2(FORDER, rx_fp_order(rx_f##F##_compare(a, b, true, env)), F) \
	PLAIN2(FORDERQ, rx_fp_order(rx_f##F##_compare(a, b, false, env)), F) \
	case K(FCLASS, F): \
		v[o->d] = rx_f##F##_class((uint##F##_t)v[o->a]); \
		break; \
	case K(FTOSIMOD, F): \
		v[o->d] = (uint32_t)rx_f##F##_to_i32_mod( \
				(uint##F##_t)v[o->a], env); \
		break; \
	case K(SITOF, F): \
		v[o->d] = o->c == RX_I32 \
			? rx_f##F##_from_i32((int32_t)v[o->a], env) \
			: rx_f##F##_from_i64((int64_t)v[o->a], env); \
		break; \
	case K(UITOF, F): \
		v[o->d] = o->c == RX_I32 \
			? rx_f##F##_from_u32((uint32_t)v[o->a], env) \
			: rx_f##F##_from_u64(v[o->a], env); \
		break;

/* a of the format `from` to an integer of type own */
#define TO_INT(F) \
	case RX_I##F: \
		if (op == RX_S_FTOSI) \
			return own == RX_I32 \
				? (uint32_t)rx_f##F##_to_i32((uint##F##_t)a, env) \
				: (uint64_t)rx_f##F##_to_i64((uint##F##_t)a, env); \
		return own == RX_I32 \
			? rx_f##F##_to_u32((uint##F##_t)a, env) \
			: rx_f##F##_to_u64((uint##F##_t)a, env);

static uint64_t to_int(unsigned op, unsigned own, unsigned from, uint64_t a,
		       struct rx_fpenv *env)
{
	switch (from) {
	EACH_FORMAT(TO_INT)
	default:
		return 0;
	}
}

static uint64_t convert(unsigned to, unsigned from, uint64_t a,
			struct rx_fpenv *env)
{
	switch (from << 3 | to) {
	case RX_I16 << 3 | RX_I32:
		return rx_f16_to_f32((uint16_t)a, env);
	case RX_I16 << 3 | RX_I64:
		return rx_f16_to_f64((uint16_t)a, env);
	case RX_I32 << 3 | RX_I16:
		return rx_f32_to_f16((uint32_t)a, env);
	case RX_I32 << 3 | RX_I64:
		return rx_f32_to_f64((uint32_t)a, env);
	case RX_I64 << 3 | RX_I16:
		return rx_f64_to_f16(a, env);
	case RX_I64 << 3 | RX_I32:
		return rx_f64_to_f32(a, env);
	default:		/* from a format to itself */
		return a;
	}
}

#define TO_FIXED(F) \
	case RX_I##F: \
		return rx_f##F##_to_fixed((uint##F##_t)a, point, width, is_signed, env);
#define FROM_FIXED(F) \
	case RX_I##F: \
		return rx_f##F##_from_fixed(a, point, width, is_signed, env);

/* a, of the format `from`, to a number of `width` bits */
static uint64_t to_fixed(unsigned from, uint64_t a, uint64_t point, unsigned width,
			 bool is_signed, struct rx_fpenv *env)
{
	switch (from) {
	EACH_FORMAT(TO_FIXED)
	default:
		return 0;
	}
}

static uint64_t from_fixed(unsigned to, uint64_t a, uint64_t point, unsigned width,
			   bool is_signed, struct rx_fpenv *env)
{
	switch (to) {
	EACH_FORMAT(FROM_FIXED)
	default:
		return 0;
	}
}

static uint64_t fixed(unsigned op, unsigned own, unsigned from, uint64_t a, uint64_t point,
		      struct rx_fpenv *env)
{
	if (point > 64)
		point = 64;
	if (op == RX_S_FTOSFIX || op == RX_S_FTOUFIX)
		return to_fixed(from, a, point, rx_smir_bits[own], op == RX_S_FTOSFIX, env);
	return from_fixed(own, a, point, rx_smir_bits[from], op == RX_S_SFIXTOF, env);
}

void rx_smir_eval_fp(const struct rx_smir_rop *o, uint64_t *v,
		     struct rx_fpenv *env)
{
	const unsigned op = RX_SMIR_K_CODE(o->code), own = RX_SMIR_K_TYPE(o->code);

	switch (op) {
	case RX_S_FTOSI:
	case RX_S_FTOUI:
		env->round = (uint8_t)v[o->b];
		v[o->d] = to_int(op, own, o->c, v[o->a], env);
		return;
	case RX_S_FCVT:
		env->round = (uint8_t)v[o->b];
		v[o->d] = convert(own, o->c, v[o->a], env);
		return;
	case RX_S_FTOSFIX:
	case RX_S_FTOUFIX:
	case RX_S_SFIXTOF:
	case RX_S_UFIXTOF:
		env->round = (uint8_t)v[o->c];
		v[o->d] = fixed(op, own, o->x, v[o->a], v[o->b], env);
		return;
	case RX_S_SITOF:
	case RX_S_UITOF:
		env->round = (uint8_t)v[o->b];
		break;
	default:
		break;
	}
	switch (o->code) {
	EACH_FORMAT(FORMAT_CASES)
	default:
		break;
	}
}
