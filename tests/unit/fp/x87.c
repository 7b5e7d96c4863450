/* x87.c - single x87 instructions, on the host and by fp.h. SPDX-License-Identifier: MIT */
#include <string.h>

#include "x87.h"

static uint16_t
status(const struct rx_fpenv *env)
{
	unsigned f = env->flags;

	return (uint16_t)((f & RX_FP_NV ? X87_IE : 0) | (f & RX_FP_ID ? X87_DE : 0)
			  | (f & RX_FP_DZ ? X87_ZE : 0) | (f & RX_FP_OF ? X87_OE : 0)
			  | (f & RX_FP_UF ? X87_UE : 0) | (f & RX_FP_NX ? X87_PE : 0)
			  | (env->up ? X87_C1 : 0));
}

static struct rx_fpenv
environment(uint16_t cw)
{
	static const uint8_t round[] = { RX_RNE, RX_RDN, RX_RUP, RX_RTZ };
	static const uint8_t prec[] = { 24, 64, 53, 64 };
	struct rx_fpenv env = RX_FPENV_X87(round[cw >> 10 & 3]);

	env.prec = prec[cw >> 8 & 3];
	env.trap = (uint8_t)((cw & X87_IE ? 0 : RX_FP_NV) | (cw & X87_DE ? 0 : RX_FP_ID)
			     | (cw & X87_ZE ? 0 : RX_FP_DZ) | (cw & X87_OE ? 0 : RX_FP_OF)
			     | (cw & X87_UE ? 0 : RX_FP_UF) | (cw & X87_PE ? 0 : RX_FP_NX));
	return env;
}

#define BEFORE (RX_FP_NV | RX_FP_DZ | RX_FP_ID)
#define STORE (BEFORE | RX_FP_OF | RX_FP_UF)

/* What the result is written to, if nothing keeps it back. */
#define SOFT(name, place, keeps, expr)					\
	static void							\
	soft_##name(struct x87_case *c)					\
	{								\
		struct rx_fpenv env = environment(c->cw);		\
		rx_f80 r = (rx_f80)(expr);				\
		if (!(env.flags & env.trap & (keeps)))			\
			c->place = (__typeof__(c->place))r;		\
		c->sw = status(&env);					\
	}
#define SOFT2(name, expr) SOFT(name, a, BEFORE, expr)

static uint16_t
conditions(enum rx_fp_rel rel)
{
	unsigned order = rx_fp_order(rel);

	return (uint16_t)((order & 4 ? X87_C3 : 0) | (order & 2 ? X87_C2 : 0)
			  | (order & 1 ? X87_C0 : 0));
}

static void
compare(struct x87_case *c, rx_f80 b, bool signal, struct rx_fpenv *env)
{
	enum rx_fp_rel rel = rx_f80_compare(c->a, b, signal, env);

	c->sw = status(env) | conditions(rel);
}

#define COMPARE(name, b, signal)					\
	static void							\
	soft_##name(struct x87_case *c)					\
	{								\
		struct rx_fpenv env = environment(c->cw);		\
		rx_f80 other = (b);					\
		compare(c, other, signal, &env);			\
	}

static void
soft_xam(struct x87_case *c)
{
	switch (rx_f80_class(c->a)) {
	case RX_CLASS_UNSUPPORTED:
		c->sw = 0;
		break;
	case RX_CLASS_SNAN:
	case RX_CLASS_QNAN:
		c->sw = X87_C0;
		break;
	case RX_CLASS_NEG_NORMAL:
	case RX_CLASS_POS_NORMAL:
		c->sw = X87_C2;
		break;
	case RX_CLASS_NEG_INF:
	case RX_CLASS_POS_INF:
		c->sw = X87_C2 | X87_C0;
		break;
	case RX_CLASS_NEG_ZERO:
	case RX_CLASS_POS_ZERO:
		c->sw = X87_C3;
		break;
	default:
		c->sw = X87_C3 | X87_C2;
	}
	c->sw |= c->a >> 79 ? X87_C1 : 0;
}

static bool
beyond(rx_f80 a)
{
	unsigned e = (unsigned)(a >> 64) & 0x7fff;

	return e >= 16383 + 63 && e != 0x7fff && (uint64_t)a >> 63;
}

#define TRIGONOMETRIC(name)						\
	static void							\
	soft_##name(struct x87_case *c)					\
	{								\
		struct rx_fpenv env = environment(c->cw);		\
		rx_f80 r = rx_f80_##name(c->a, &env);			\
		c->sw = status(&env) | (beyond(c->a) ? X87_C2 : 0);	\
		if (!(env.flags & env.trap & BEFORE))			\
			c->a = r;					\
	}

/* ---- the host */

#ifdef __x86_64__

struct fxsave {
	uint16_t cw, sw;
	uint8_t rest[28];
	uint8_t st[8][16];
	uint8_t more[352];
} __attribute__((aligned(16)));

/* FXSAVE neither waits nor raises what is pending */
#define HOST(name, before, insn)					\
	static void							\
	hw_##name(struct x87_case *c)					\
	{								\
		struct fxsave s;					\
		__asm__ volatile("fninit\n\tfldt %[b]\n\tfldt %[a]\n\t"	\
				 before "\n\tfldcw %[cw]\n\t" insn	\
				 "\n\tfxsave %[s]\n\tfninit"		\
				 : [s] "=m"(s), [m] "+m"(c->m)		\
				 : [a] "m"(c->a), [b] "m"(c->b), [cw] "m"(c->cw) \
				 : "st", "st(1)", "st(2)", "st(3)", "st(4)", \
				   "st(5)", "st(6)", "st(7)");		\
		c->a = 0;						\
		memcpy(&c->a, s.st[0], 10);				\
		c->sw = s.sw & (X87_ALL | X87_C0 | X87_C1 | X87_C2 | X87_C3); \
	}
#define HW(name, insn) HOST(name, "", insn)
#define HW_STORE(name, insn)						\
	HOST(name##_, "", insn)						\
	static void							\
	hw_##name(struct x87_case *c)					\
	{								\
		const rx_f80 a = c->a;					\
		hw_##name##_(c);					\
		c->a = a;						\
	}
#else
#define HW(name, insn)
#define HW_STORE(name, insn)
#endif

#define WIDE32 rx_f32_widen((uint32_t)c->m, &env)
#define WIDE64 rx_f64_widen(c->m, &env)
#define INT16 rx_f80_from_i32((int16_t)c->m, &env)
#define INT32 rx_f80_from_i32((int32_t)c->m, &env)
#define BOTH(name, insn, expr) HW(name, insn) SOFT2(name, expr)
#define FORMS(name, f, x, y)						\
	BOTH(name, "f" #name " %%st(1), %%st", rx_f80_##f(x(c->a, c->b))) \
	BOTH(name##_m32, "f" #name "s %[m]", rx_f80_##f(x(c->a, WIDE32))) \
	BOTH(name##_m64, "f" #name "l %[m]", rx_f80_##f(x(c->a, WIDE64))) \
	BOTH(name##_i16, "fi" #name "s %[m]", rx_f80_##f(x(c->a, INT16))) \
	BOTH(name##_i32, "fi" #name "l %[m]", rx_f80_##f(x(c->a, INT32)))
#define AB(a, b) a, b, &env
#define BA(a, b) b, a, &env

FORMS(add, add, AB, )
FORMS(mul, mul, AB, )
FORMS(sub, sub, AB, )
FORMS(subr, sub, BA, )
FORMS(div, div, AB, )
FORMS(divr, div, BA, )
BOTH(sqrt, "fsqrt", rx_f80_sqrt(c->a, &env))
BOTH(rint, "frndint", rx_f80_rint(c->a, true, &env))
HW(sin, "fsin")
TRIGONOMETRIC(sin)
HW(cos, "fcos")
TRIGONOMETRIC(cos)
HW(com, "fcom %%st(1)")
COMPARE(com, c->b, true)
HW(ucom, "fucom %%st(1)")
COMPARE(ucom, c->b, false)
HW(com_m32, "fcoms %[m]")
COMPARE(com_m32, WIDE32, true)
HW(com_m64, "fcoml %[m]")
COMPARE(com_m64, WIDE64, true)
HW(tst, "ftst")
COMPARE(tst, 0, true)
HW(xam, "fxam")
#define LOAD(name, insn, expr) HW(name, insn) SOFT(name, a, RX_FP_NV, expr)
LOAD(ld_m32, "flds %[m]", rx_f32_to_f80((uint32_t)c->m, &env))
LOAD(ld_m64, "fldl %[m]", rx_f64_to_f80(c->m, &env))
BOTH(ild_i16, "filds %[m]", rx_f80_from_i32((int16_t)c->m, &env))
BOTH(ild_i32, "fildl %[m]", rx_f80_from_i32((int32_t)c->m, &env))
BOTH(ild_i64, "fildll %[m]", rx_f80_from_i64((int64_t)c->m, &env))
#define KEEP(n, expr) (c->m >> n << n | (uint##n##_t)(expr))
HW_STORE(st_m32, "fsts %[m]")
SOFT(st_m32, m, STORE, KEEP(32, rx_f80_to_f32(c->a, &env)))
HW_STORE(st_m64, "fstl %[m]")
SOFT(st_m64, m, STORE, rx_f80_to_f64(c->a, &env))
HW_STORE(ist_i16, "fists %[m]")
SOFT(ist_i16, m, STORE, KEEP(16, rx_f80_to_i16(c->a, &env)))
HW_STORE(ist_i32, "fistl %[m]")
SOFT(ist_i32, m, STORE, KEEP(32, rx_f80_to_i32(c->a, &env)))
HW_STORE(ist_i64, "fistpll %[m]")
SOFT(ist_i64, m, STORE, (uint64_t)rx_f80_to_i64(c->a, &env))

#ifdef __x86_64__
#define ROW(name, arg, stores, rough) \
	{ #name, arg, stores, rough, hw_##name, soft_##name }
#else
#define ROW(name, arg, stores, rough) \
	{ #name, arg, stores, rough, NULL, soft_##name }
#endif
#define ROWS(name)							\
	ROW(name, X87_TWO, false, false),				\
	ROW(name##_m32, X87_M32, false, false),				\
	ROW(name##_m64, X87_M64, false, false),				\
	ROW(name##_i16, X87_I16, false, false),				\
	ROW(name##_i32, X87_I32, false, false)

const struct x87_op x87_ops[] = {
	ROWS(add), ROWS(mul), ROWS(sub), ROWS(subr), ROWS(div), ROWS(divr),
	ROW(sqrt, X87_ONE, false, false),
	ROW(rint, X87_ONE, false, false),
	ROW(sin, X87_ONE, false, true),
	ROW(cos, X87_ONE, false, true),
	ROW(com, X87_TWO, false, false),
	ROW(ucom, X87_TWO, false, false),
	ROW(com_m32, X87_M32, false, false),
	ROW(com_m64, X87_M64, false, false),
	ROW(tst, X87_ONE, false, false),
	ROW(xam, X87_ONE, false, false),
	ROW(ld_m32, X87_M32, false, false),
	ROW(ld_m64, X87_M64, false, false),
	ROW(ild_i16, X87_I16, false, false),
	ROW(ild_i32, X87_I32, false, false),
	ROW(ild_i64, X87_I64, false, false),
	ROW(st_m32, X87_ONE, true, false),
	ROW(st_m64, X87_ONE, true, false),
	ROW(ist_i16, X87_ONE, true, false),
	ROW(ist_i32, X87_ONE, true, false),
	ROW(ist_i64, X87_ONE, true, false),
};
const size_t x87_nops = sizeof(x87_ops) / sizeof(*x87_ops);
