# rax_libraries.m4 - libraries rax links with. SPDX-License-Identifier: MIT

# RAX_NEED_LIB(NAME, HEADER, FUNCTION, LIB, PACKAGE, FOUND, MISSING)
# Header and library are tried; no pkg-config: Debian's libfdt has no file for it.
AC_DEFUN([RAX_NEED_LIB], [
rax_found=no
AC_CHECK_HEADER([$2], [AC_CHECK_LIB([$4], [$3], [rax_found=yes])])
AS_IF([test "$rax_found" = yes], [$6], [$7])
])

AC_DEFUN([RAX_LIBRARIES], [
rax_missing=
RAX_NEED_LIB([libzstd], [zstd.h], [ZSTD_decompressStream], [zstd],
	[libzstd-dev], [ZSTD_LIBS=-lzstd], [rax_missing="$rax_missing libzstd-dev"])
RAX_NEED_LIB([libfdt], [libfdt.h], [fdt_check_header], [fdt],
	[libfdt-dev], [FDT_LIBS=-lfdt], [rax_missing="$rax_missing libfdt-dev"])
AS_IF([test -n "$rax_missing"],
	[AC_MSG_ERROR([missing libraries: apt-get install$rax_missing])])
RAX_NEED_LIB([CUnit], [CUnit/CUnit.h], [CU_initialize_registry], [cunit],
	[libcunit1-dev], [CUNIT_LIBS=-lcunit; rax_cunit=yes], [rax_cunit=no])
AM_CONDITIONAL([HAVE_CUNIT], [test "$rax_cunit" = yes])

rax_save_LIBS=$LIBS
LIBS=
AC_SEARCH_LIBS([pthread_create], [pthread], [],
	[AC_MSG_ERROR([pthreads are missing from the C library])])
THREAD_LIBS=$LIBS
LIBS=$rax_save_LIBS
AC_SUBST([ZSTD_LIBS])
AC_SUBST([FDT_LIBS])
AC_SUBST([CUNIT_LIBS])
AC_SUBST([THREAD_LIBS])
])
