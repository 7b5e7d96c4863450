# rax_compiler.m4 - compiler flags and features. SPDX-License-Identifier: MIT

# RAX_TRY_FLAG(VARIABLE, FLAG): add FLAG when the compiler knows it.
AC_DEFUN([RAX_TRY_FLAG], [
AS_VAR_PUSHDEF([cache], [rax_cv_flag_$2])
AC_CACHE_CHECK([whether $CC accepts $2], [cache],
	[rax_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
		[AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
	CFLAGS=$rax_save_CFLAGS])
AS_VAR_IF([cache], [yes], [$1="$$1 $2"])
AS_VAR_POPDEF([cache])
])

# RAX_COMPILER_FLAGS: what every file of rax is compiled with. CFLAGS stays the user's.
#
# -fno-strict-aliasing: guest memory and register files are looked at through
#	several types. Correct code first; the emulator's state is written
#	through byte-wise copies anyway, so there is little to gain.
# -ffp-contract=off: a host's fused multiply-add must not change a result.
# -fno-semantic-interposition: librax's own calls stay its own; together with
#	the version script this makes internals as good as hidden.
# Not -fwrapv: signed overflow is a bug here, and UBSan has to see it.
AC_DEFUN([RAX_COMPILER_FLAGS], [
RAX_CFLAGS="-std=gnu11"
RAX_TRY_FLAG([RAX_CFLAGS], [-fno-strict-aliasing])
RAX_TRY_FLAG([RAX_CFLAGS], [-ffp-contract=off])
RAX_TRY_FLAG([RAX_CFLAGS], [-fno-semantic-interposition])
RAX_WARNINGS=
m4_foreach_w([flag], [-Wall -Wextra -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wpointer-arith -Wvla],
	[RAX_TRY_FLAG([RAX_WARNINGS], flag)])
AS_IF([test "$enable_werror" != no], [RAX_WARNINGS="$RAX_WARNINGS -Werror"])

AS_IF([test "$enable_debug" != no -a "${ac_test_CFLAGS+y}" != y],
	[CFLAGS="-Og -g3"])
AS_IF([test "$enable_sanitizers" != no], [
	rax_flag="-fsanitize=address,undefined -fno-sanitize-recover=all"
	rax_flag="$rax_flag -fno-omit-frame-pointer"
	AC_MSG_CHECKING([whether $CC links with the sanitizers])
	rax_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $rax_flag"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		AC_MSG_ERROR([$CC cannot link with $rax_flag: install its sanitizer libraries (gcc: libasan8 and libubsan1, clang: libclang-rt-14-dev)])])
	CFLAGS=$rax_save_CFLAGS
	RAX_CFLAGS="$RAX_CFLAGS $rax_flag"])
AC_SUBST([RAX_CFLAGS])
AC_SUBST([RAX_WARNINGS])
])

# RAX_TAILCALL: does `return f(a, b, c, d)` through a pointer become a jump?
# The probe is compiled, not run, so that it works for cross-compilers: a
# function that ends in a jump has no return instruction. The threaded engine's
# handlers chain that way; without it they return to a loop.
AC_DEFUN([RAX_TAILCALL], [
AC_CACHE_CHECK([whether $CC turns calls at a function's end into jumps],
	[rax_cv_tailcall], [
rax_cv_tailcall=no
cat > conftest.c <<'RAX_EOF'
#include <stdint.h>
#include <string.h>
#if defined(__clang__) && defined(__has_feature)
#if __has_feature(address_sanitizer)
#error nobody has tried
#endif
#endif
#if defined(__clang__) && defined(__has_attribute)
#if __has_attribute(musttail)
#define MUSTTAIL __attribute__((musttail))
#endif
#endif
#ifndef MUSTTAIL
#define MUSTTAIL
#endif
struct insn {
	int (*handler)(void *, const struct insn *, uint64_t, uint64_t);
	uint64_t imm;
};
/* as handlers of floating point do: where the stack is watched that keeps a frame */
static inline __attribute__((always_inline)) void half(double d, uint64_t *bits)
{
	d /= 2;
	memcpy(bits, &d, sizeof(d));
}
int probe(void *cpu, const struct insn *i, uint64_t a, uint64_t b);
int probe(void *cpu, const struct insn *i, uint64_t a, uint64_t b)
{
	uint64_t bits;

	half((double)a, &bits);
	a = bits + i->imm;
	b ^= a;
	i++;
	MUSTTAIL return i->handler(cpu, i, a, b);
}
RAX_EOF
AS_CASE([$host_cpu],
	[x86_64|i?86], [rax_ret='ret@<:@lq@:>@?'],
	[aarch64*], [rax_ret='ret'],
	[riscv*], [rax_ret='(ret|jr@<:@@<:@:space:@:>@@:>@+ra)'],
	[rax_ret=])
AS_IF([test -n "$rax_ret" &&
	(eval "$CC $CPPFLAGS $RAX_CFLAGS $CFLAGS -fPIC -fno-lto -S -o conftest.s conftest.c") >&AS_MESSAGE_LOG_FD 2>&1 &&
	grep probe conftest.s >/dev/null],
	[AS_IF([grep -E "^@<:@@<:@:space:@:>@@:>@+$rax_ret@<:@@<:@:space:@:>@@:>@*\$" conftest.s >/dev/null],
		[], [rax_cv_tailcall=yes])])
rm -f conftest.c conftest.s])
AS_IF([test "$rax_cv_tailcall" = yes], [rax_tailcall=1], [rax_tailcall=0])
AC_DEFINE_UNQUOTED([RX_HAVE_TAILCALL], [$rax_tailcall],
	[1 when the compiler turns calls at a function's end into jumps, else 0.])
])

# RAX_VERSION_SCRIPT: can the linker export rax_* alone?
AC_DEFUN([RAX_VERSION_SCRIPT], [
AC_CACHE_CHECK([whether the linker knows version scripts],
	[rax_cv_version_script], [
echo 'RAX_0 { global: rax_*; local: *; };' > conftest.map
rax_save_LDFLAGS=$LDFLAGS
rax_save_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS -fPIC"
LDFLAGS="$LDFLAGS -shared -Wl,--version-script=conftest.map"
AC_LINK_IFELSE([AC_LANG_SOURCE([int rax_x(void); int rax_x(void) { return 0; }])],
	[rax_cv_version_script=yes], [rax_cv_version_script=no])
LDFLAGS=$rax_save_LDFLAGS
CFLAGS=$rax_save_CFLAGS
rm -f conftest.map])
AM_CONDITIONAL([VERSION_SCRIPT], [test "$rax_cv_version_script" = yes])
])
