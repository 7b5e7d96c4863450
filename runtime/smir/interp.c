/* interp.c - runs resolved SMIR. SPDX-License-Identifier: MIT */
#include "smir/interp.h"

#include <string.h>

#include "core/isa.h"
#include "core/run.h"
#include "smir/pure.h"

#define BINARY_W(OP, W) \
	case RX_SMIR_K(RX_S_##OP, RX_I##W): { \
		const uint##W##_t a = (uint##W##_t)v[o->a]; \
		const uint##W##_t b = (uint##W##_t)v[o->b]; \
		v[o->d] = (uint##W##_t)(F_##OP(W, a, b)); \
		break; \
	}
#define UNARY_W(OP, W) \
	case RX_SMIR_K(RX_S_##OP, RX_I##W): { \
		const uint##W##_t a = (uint##W##_t)v[o->a]; \
		v[o->d] = (uint##W##_t)(F_##OP(W, a)); \
		break; \
	}
#define BINARY(OP) \
	BINARY_W(OP, 8) BINARY_W(OP, 16) BINARY_W(OP, 32) BINARY_W(OP, 64)
#define UNARY(OP) \
	UNARY_W(OP, 8) UNARY_W(OP, 16) UNARY_W(OP, 32) UNARY_W(OP, 64)
#define BINARY_1(OP, expr) \
	case RX_SMIR_K(RX_S_##OP, RX_I1): { \
		const uint64_t a = v[o->a], b = v[o->b]; \
		v[o->d] = (expr); \
		break; \
	}
/* Vectors take several slots, whose bytes they are. */
#define STATE_V(T, W) \
	case RX_SMIR_K(RX_S_GET, RX_##T): \
		memcpy(&v[o->d], (const char *)cpu + o->x, W / 8); \
		break; \
	case RX_SMIR_K(RX_S_PUT, RX_##T): \
		memcpy((char *)cpu + o->x, &v[o->a], W / 8); \
		break;
/* get and put with a host type */
#define STATE_W(W, T) \
	case RX_SMIR_K(RX_S_GET, RX_I##W): { \
		T value; \
		memcpy(&value, (const char *)cpu + o->x, sizeof(value)); \
		v[o->d] = value; \
		break; \
	} \
	case RX_SMIR_K(RX_S_PUT, RX_I##W): \
	case RX_SMIR_K(RX_S_EARLY, RX_I##W): { \
		const T value = (T)v[o->a]; \
		memcpy((char *)cpu + o->x, &value, sizeof(value)); \
		break; \
	}
#define EACH_WORD(OP) \
	case RX_SMIR_K(RX_S_##OP, RX_I8): \
	case RX_SMIR_K(RX_S_##OP, RX_I16): \
	case RX_SMIR_K(RX_S_##OP, RX_I32): \
	case RX_SMIR_K(RX_S_##OP, RX_I64):

#define EACH_VEC(OP) \
	case RX_SMIR_K(RX_S_##OP, RX_V64): \
	case RX_SMIR_K(RX_S_##OP, RX_V128): \
	case RX_SMIR_K(RX_S_##OP, RX_V256): \
	case RX_SMIR_K(RX_S_##OP, RX_V512):

static inline unsigned bytes_of(const struct rx_smir_rop *o)
{
	return rx_smir_bits[RX_SMIR_K_TYPE(o->code)] / 8;
}

/* State as an executor of instruction e expects it. */
#define CANONICAL() \
	do { \
		cpu->pc = insn[o->e].pc; \
		cpu->budget = budget - o->e; \
	} while (0)
#define TRY(status) \
	do { \
		if (RX_UNLIKELY((status) != RX_NEXT)) \
			return RX_FAULT; \
	} while (0)

/* Accesses of a vector, word by word. */
static enum rx_exec access_words(struct rx_cpu *cpu, const struct rx_smir_rop *o, uint64_t *v)
{
	const struct rx_isa *isa = cpu->isa;
	const unsigned code = RX_SMIR_K_CODE(o->code);
	const uint64_t va = v[o->a];
	enum rx_exec status = RX_NEXT;

	for (unsigned k = 0; k < bytes_of(o) / 8 && status == RX_NEXT; k++) {
		struct rx_val r = { 0, RX_NEXT };

		if (code == RX_S_LOAD) {
			r = isa->load(cpu, va + 8 * k, 8, o->x);
			v[o->d + k] = r.v;
			status = r.status;
		} else if (code == RX_S_STORE) {
			status = isa->store(cpu, va + 8 * k, 8, v[o->b + k], o->x);
		} else {
			status = isa->probe(cpu, va + 8 * k, 8, o->x);
		}
	}
	return status;
}

static enum rx_exec access_wide(struct rx_cpu *cpu, const struct rx_smir_rop *o, uint64_t *v)
{
	unsigned __int128 value;
	enum rx_exec status;

	if (RX_SMIR_K_CODE(o->code) == RX_S_STORE) {
		memcpy(&value, &v[o->b], sizeof(value));
		return cpu->isa->store_wide(cpu, v[o->a], sizeof(value), value, o->x);
	}
	status = cpu->isa->load_wide(cpu, v[o->a], sizeof(value), o->x, &value);
	if (status == RX_NEXT)
		memcpy(&v[o->d], &value, sizeof(value));
	return status;
}

/* The result may be where the numbers are. */
static enum rx_exec load_lanes(struct rx_cpu *cpu, const struct rx_smir_rop *o, uint64_t *v)
{
	const unsigned bytes = bytes_of(o), size = (o->x & 255) / 8;
	const uint64_t at = v[o->a], on = v[o->b];
	uint8_t out[64] = { 0 };

	for (unsigned k = 0; k < bytes / size; k++) {
		struct rx_val r;

		if (!(on >> k & 1))
			continue;
		r = cpu->isa->load(cpu, at + k * size, size, o->x >> 8);
		if (r.status != RX_NEXT)
			return r.status;
		memcpy(out + k * size, &r.v, size);
	}
	memcpy(&v[o->d], out, bytes);
	return RX_NEXT;
}

static enum rx_exec store_lanes(struct rx_cpu *cpu, const struct rx_smir_rop *o,
				const uint64_t *v)
{
	const unsigned bytes = bytes_of(o), size = (o->x & 255) / 8;
	const uint8_t *from = (const uint8_t *)&v[o->b];

	for (unsigned k = 0; k < bytes / size; k++) {
		uint64_t w = 0;
		enum rx_exec status;

		if (!(v[o->c] >> k & 1))
			continue;
		memcpy(&w, from + k * size, size);
		status = cpu->isa->store(cpu, v[o->a] + k * size, size, w, o->x >> 8);
		if (status != RX_NEXT)
			return status;
	}
	return RX_NEXT;
}

enum rx_exec rx_smir_access(struct rx_cpu *cpu, const struct rx_insn *insn,
			    const struct rx_smir_rop *o, uint64_t *v)
{
	const unsigned type = RX_SMIR_K_TYPE(o->code);
	const struct rx_isa *isa = cpu->isa;
	struct rx_val r;

	switch (RX_SMIR_K_CODE(o->code)) {
	case RX_S_RMW:
		r = isa->rmw(cpu, v[o->a], bytes_of(o), (enum rx_rmw)o->c,
			     v[o->b], o->x);
		v[o->d] = r.v & rx_smir_mask(RX_SMIR_K_TYPE(o->code));
		return r.status;
	case RX_S_LOAD:
		if (type == RX_I128 || type >= RX_V64)
			return type == RX_I128 ? access_wide(cpu, o, v) : access_words(cpu, o, v);
		r = isa->load(cpu, v[o->a], bytes_of(o), o->x);
		v[o->d] = r.v;
		return r.status;
	case RX_S_STORE:
		if (type == RX_I128 || type >= RX_V64)
			return type == RX_I128 ? access_wide(cpu, o, v) : access_words(cpu, o, v);
		return isa->store(cpu, v[o->a], bytes_of(o), v[o->b], o->x);
	case RX_S_PROBE:
		if (type >= RX_V64)
			return access_words(cpu, o, v);
		return isa->probe(cpu, v[o->a], bytes_of(o), o->x);
	case RX_S_FPCHECK:
		return isa->fp_check(cpu);
	case RX_S_CHECKIF:
		if (!v[o->a])
			return RX_NEXT;
		return isa->checks[o->x & 255](cpu, insn, v[o->b], v[o->c], o->x >> 8);
	case RX_S_LOADIF:
		return load_lanes(cpu, o, v);
	case RX_S_STOREIF:
		return store_lanes(cpu, o, v);
	default:
		r = isa->fp_round(cpu, o->x);
		v[o->d] = r.v & 0xff;
		return r.status;
	}
}

void rx_smir_zero(struct rx_cpu *cpu, const struct rx_smir_rop *o, const uint64_t *v)
{
	if (v[o->a] < v[o->b] && v[o->b] <= cpu->isa->state_size - o->x)
		memset((char *)cpu + o->x + v[o->a], 0, v[o->b] - v[o->a]);
}

static void sext(const struct rx_smir_rop *o, uint64_t *v)
{
	v[o->d] = (uint64_t)rx_sext(v[o->a], rx_smir_bits[o->c]) &
		  rx_smir_mask(RX_SMIR_K_TYPE(o->code));
}

enum rx_exec rx_smir_exec(struct rx_cpu *cpu, struct rx_smir_prog *code)
{
	const struct rx_isa *isa = cpu->isa;
	const struct rx_insn *const insn = code->insn;
	const int64_t budget = cpu->budget;
	const struct rx_smir_rop *o = code->op;
	uint64_t *const v = code->slot;
	struct rx_fpenv env = isa->fpenv;
	enum rx_exec status;
	struct rx_val r;

	for (;; o++) {
		switch (o->code) {
		STATE_W(1, uint8_t)
		STATE_W(8, uint8_t)
		STATE_W(16, uint16_t)
		STATE_W(32, uint32_t)
		STATE_W(64, uint64_t)
		STATE_V(I128, 128)
		STATE_V(V64, 64)
		STATE_V(V128, 128)
		STATE_V(V256, 256)
		STATE_V(V512, 512)
		case RX_SMIR_K(RX_S_ZERO, RX_VOID):
			rx_smir_zero(cpu, o, v);
			break;
		RX_SMIR_BINARY(BINARY)
		BINARY_1(AND, a & b)
		BINARY_1(OR, a | b)
		BINARY_1(XOR, a ^ b)
		BINARY_1(EQ, a == b)
		BINARY_1(NE, a != b)
		RX_SMIR_UNARY(UNARY)
		UNARY(TRUNC)
		case RX_SMIR_K(RX_S_NOT, RX_I1):
			v[o->d] = v[o->a] ^ 1;
			break;
		case RX_SMIR_K(RX_S_TRUNC, RX_I1):
			v[o->d] = v[o->a] & 1;
			break;
		EACH_WORD(SEXT)
			sext(o, v);
			break;
		EACH_WORD(SELECT)
		case RX_SMIR_K(RX_S_SELECT, RX_I1):
			v[o->d] = v[o->a] ? v[o->b] : v[o->c];
			break;
		EACH_WORD(LOOKUP)
			v[o->d] = v[o->a] < o->c
				? code->pool[o->x + v[o->a]] : 0;
			break;
		EACH_WORD(LOAD)
			CANONICAL();
			r = isa->load(cpu, v[o->a], bytes_of(o), o->x);
			TRY(r.status);
			v[o->d] = r.v;
			break;
		EACH_WORD(STORE)
			CANONICAL();
			status = isa->store(cpu, v[o->a], bytes_of(o),
					    v[o->b], o->x);
			TRY(status);
			break;
		EACH_VEC(LOAD)
		EACH_VEC(STORE)
		EACH_VEC(PROBE)
		EACH_WORD(PROBE)
		EACH_WORD(RMW)
		case RX_SMIR_K(RX_S_LOAD, RX_I128):
		case RX_SMIR_K(RX_S_STORE, RX_I128):
		case RX_SMIR_K(RX_S_PROBE, RX_I128):
		EACH_VEC(LOADIF)
		EACH_VEC(STOREIF)
		case RX_SMIR_K(RX_S_CHECKIF, RX_VOID):
		case RX_SMIR_K(RX_S_FPCHECK, RX_VOID):
		case RX_SMIR_K(RX_S_FPROUND, RX_VOID):
			CANONICAL();
			status = rx_smir_access(cpu, &insn[o->e], o, v);
			TRY(status);
			break;
		case RX_SMIR_K(RX_S_RAISEIF, RX_VOID):
			if (RX_LIKELY(!v[o->a]))
				break;
			CANONICAL();
			return isa->raise_as(cpu, o->x, v[o->b]);
		case RX_SMIR_K(RX_S_FPENV, RX_VOID):
			env = isa->fp_envs[o->x](cpu);
			v[o->d] = env.round;
			break;
		case RX_SMIR_K(RX_S_FPTRAP, RX_VOID):
			CANONICAL();
			status = isa->fp_trap(cpu, env.flags);
			env.flags = 0;
			TRY(status);
			break;
		case RX_SMIR_K(RX_S_FPDONE, RX_VOID):
			CANONICAL();
			isa->fp_done(cpu, env.flags);
			env.flags = 0;
			break;
		case RX_SMIR_K(RX_S_FPFLAGS, RX_VOID):
			CANONICAL();
			isa->fp_flags(cpu, env.flags);
			env.flags = 0;
			break;
		case RX_SMIR_K(RX_S_FPREAD, RX_VOID):
			v[o->d] = isa->fp_read(cpu);
			break;
		case RX_SMIR_K(RX_S_FPWRITE, RX_VOID):
			isa->fp_write(cpu, (unsigned)v[o->a]);
			break;
		case RX_SMIR_K(RX_S_CALL, RX_VOID):
			CANONICAL();
			status = isa->exec[insn[o->e].id](cpu, &insn[o->e]);
			if (RX_LIKELY(status == RX_NEXT))
				break;
			if (status == RX_JUMP)
				cpu->budget--;
			return status;
		case RX_SMIR_K(RX_S_EXITIF, RX_VOID):
			if (!v[o->a])
				break;
			cpu->pc = v[o->b];
			cpu->budget = budget - o->e - 1;
			return RX_JUMP;
		case RX_SMIR_K(RX_S_EXIT, RX_VOID):
			cpu->pc = v[o->a];
			cpu->budget = budget - o->e - 1;
			return RX_JUMP;
		case RX_SMIR_POLL:
			if (RX_LIKELY(!rx_cpu_polled(cpu)))
				break;
			cpu->pc = insn[o->e].pc + insn[o->e].len;
			cpu->budget = budget - o->e - 1;
			return RX_JUMP;
		case RX_SMIR_MOVE2:
			v[o->d + 1] = v[o->a + 1];
			v[o->d] = v[o->a];
			break;
		case RX_SMIR_MOVE:
			v[o->d] = v[o->a];
			break;
		case RX_SMIR_JUMPIF:
			if (!v[o->a])
				break;
			o = code->op + o->x - 1;
			break;
		case RX_SMIR_JUMP:
			o = code->op + o->x - 1;
			break;
		default:
			if (RX_SMIR_K_CODE(o->code) >= RX_S_FADD &&
			    RX_SMIR_K_CODE(o->code) <= RX_S_FCVT)
				rx_smir_eval_fp(o, v, &env);
			else if (RX_SMIR_K_TYPE(o->code) >= RX_V64)
				rx_smir_eval_vec(o, v, &env);
			else if (!rx_smir_eval_prim(o, v))
				rx_smir_eval_wide(o, v);
		}
	}
}
