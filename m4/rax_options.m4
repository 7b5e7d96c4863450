# rax_options.m4 - configure's options. SPDX-License-Identifier: MIT

AC_DEFUN([RAX_CHECK_GNU_MAKE], [
AC_CACHE_CHECK([for GNU make], [rax_cv_gnu_make],
	[AS_IF([${MAKE-make} --version 2>/dev/null | grep 'GNU Make' >/dev/null],
		[rax_cv_gnu_make=yes], [rax_cv_gnu_make=no])])
AS_IF([test "$rax_cv_gnu_make" = no],
	[AC_MSG_ERROR([${MAKE-make} is missing or not GNU make: install it (apt-get install make), or say MAKE=gmake])])
])

# Runs before LT_INIT, because a sanitizer build has no shared library: its
# run-time support belongs to a program, and every test links the static one.
AC_DEFUN([RAX_OPTIONS], [
AC_ARG_ENABLE([werror],
	[AS_HELP_STRING([--enable-werror], [make compiler warnings errors])],
	[], [enable_werror=no])
AC_ARG_ENABLE([debug],
	[AS_HELP_STRING([--enable-debug],
		[verify intermediate results, compile with -Og -g3])],
	[], [enable_debug=no])
AC_ARG_ENABLE([sanitizers],
	[AS_HELP_STRING([--enable-sanitizers],
		[AddressSanitizer and UndefinedBehaviorSanitizer; builds no shared library])],
	[], [enable_sanitizers=no])
AS_IF([test "$enable_sanitizers" != no],
	[AS_IF([test "$enable_shared" = yes],
		[AC_MSG_ERROR([--enable-sanitizers and --enable-shared exclude each other])])
	enable_shared=no])
AS_IF([test "$enable_debug" != no],
	[AC_DEFINE([RX_VERIFY], [1], [Define to 1 to verify intermediate results.])])
AM_CONDITIONAL([SANITIZERS], [test "$enable_sanitizers" != no])
])

AC_DEFUN([RAX_SUMMARY], [
AS_IF([test -n "$PYTHON"], [rax_gen="$PYTHON"],
	[rax_gen="none; generated/ is used as it is"])
AS_IF([test "$rax_cunit" = yes], [rax_check=yes],
	[rax_check="without the unit tests (apt-get install libcunit1-dev)"])
AC_MSG_NOTICE([
    compiler      $CC $CFLAGS
    tail calls    $rax_cv_tailcall
    libraries     static: $enable_static, shared: $enable_shared
    generator     $rax_gen
    make check    $rax_check])
])
