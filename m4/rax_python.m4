# rax_python.m4 - the Python that runs the generator. SPDX-License-Identifier: MIT

# RAX_PYTHON: the first Python >= 3.9 that imports jinja2 and ply. Tried are
# $PYTHON, each python3 on PATH in order (the first may be a bare one), then
# /usr/bin/python3 and python3.N. Without one, a complete generated/ (as in a
# tarball) is used as it is; otherwise configure ends here.
AC_DEFUN([RAX_PYTHON], [
AC_ARG_VAR([PYTHON],
	[a Python (3.9 or newer) with the modules jinja2 and ply; runs the generator and its tests])
AC_MSG_CHECKING([for a Python with jinja2 and ply])
rax_candidates=$PYTHON
AS_IF([test -z "$PYTHON"], [
	_AS_PATH_WALK([$PATH],
		[AS_IF([AS_EXECUTABLE_P(["$as_dir"python3])],
			[rax_candidates="$rax_candidates $as_dir"python3])])
	rax_candidates="$rax_candidates /usr/bin/python3"
	_AS_PATH_WALK([$PATH$PATH_SEPARATOR/usr/bin],
		[for rax_n in 14 13 12 11 10 9; do
			AS_IF([AS_EXECUTABLE_P(["$as_dir"python3.$rax_n])],
				[rax_candidates="$rax_candidates ${as_dir}python3.$rax_n"])
		done])])
PYTHON=
rax_refused=
for rax_python in $rax_candidates; do
	AS_CASE([" $rax_refused"], [*" $rax_python: "*], [continue])
	# prints "ok" or what is wrong with it
	rax_why=`"$rax_python" -B -c '
import sys
if sys.version_info < (3, 9):
    print("is Python %d.%d" % sys.version_info@<:@:2@:>@)
    sys.exit()
missing = @<:@@:>@
for name in ("jinja2", "ply"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print("has no " + " and no ".join(missing) if missing else "ok")' 2>&AS_MESSAGE_LOG_FD` ||
		rax_why="does not run"
	AS_IF([test "x$rax_why" = xok], [PYTHON=$rax_python; break])
	AS_IF([test -z "$rax_why"], [rax_why="does not run"])
	rax_refused="$rax_refused $rax_python: $rax_why;"
done
AS_IF([test -n "$PYTHON"], [AC_MSG_RESULT([$PYTHON])], [AC_MSG_RESULT([none])])
AS_IF([test -n "$rax_refused"], [AC_MSG_NOTICE([refused:${rax_refused%;}])])
RAX_GENERATED_COMPLETE
AS_IF([test -z "$PYTHON"], [
	AS_IF([test "$rax_generated" = complete],
		[AC_MSG_NOTICE([generated/ is complete and used as it is; a change of spec/ or gen/ has no effect here])],
		[AC_MSG_ERROR([no Python with jinja2 and ply, and generated/ is $rax_generated: apt-get install python3 python3-jinja2 python3-ply (or say PYTHON=/path/to/python3)])])])
AM_CONDITIONAL([HAVE_PYTHON], [test -n "$PYTHON"])
])

# RAX_GENERATED_COMPLETE: are all files that generated/manifest lists there?
AC_DEFUN([RAX_GENERATED_COMPLETE], [
AC_MSG_CHECKING([for generated files])
rax_generated=complete
AS_IF([test -f "$srcdir/generated/manifest" && test -f "$srcdir/generated/stamp"],
	[while read -r rax_sum rax_file; do
		test -f "$srcdir/generated/$rax_file" ||
			rax_generated="incomplete ($rax_file is missing)"
	done < "$srcdir/generated/manifest"],
	[rax_generated="not there"])
AC_MSG_RESULT([$rax_generated])
])
