# SPDX-License-Identifier: MIT
"""Compiles C of generated expressions and calls it, for tests."""
from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import semlib
from gen.back.cexpr import CExpr, ctype
from gen.model.sem import BOOL, Expr, Type, Var, walk_expr

COMPILER = shlex.split(os.environ.get("CC", "")) or ["cc"]
MISSING = "" if shutil.which(COMPILER[0]) else f"there is no compiler {COMPILER[0]}"
WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter",
            "-Wno-type-limits", "-Wno-tautological-compare")
_SANITIZER = ("-fsanitize=undefined", "-fno-sanitize-recover=all")


def compile_c(text: str, output: Path, *flags: str) -> None:
    """Compiles; AssertionError with the compiler's words."""
    source = output.with_suffix(".c")
    source.write_text(text)
    runtime = semlib.TOP / "runtime"
    run = subprocess.run([*COMPILER, "-std=gnu11", *WARNINGS, f"-I{runtime}",
                          f"-I{runtime / 'include'}", *flags, "-o", str(output), str(source)],
                         capture_output=True, text=True)
    if run.returncode:
        raise AssertionError(f"{run.stderr[:4000]}\nin {output.name}")


def _narrow(t: Type) -> str:
    """The narrowest C type that holds a value, as loads and register views have."""
    if t == BOOL:
        return "bool"
    return next((f"uint{w}_t" for w in (8, 16, 32) if t.width <= w), ctype(t))


def _function(k: int, e: Expr) -> str:
    names = sorted({(x.name, x.type) for x in walk_expr(e) if isinstance(x, Var)}, key=str)
    loads = "".join(f"\t\tconst {_narrow(t)} {n} = ({_narrow(t)})in[{' ab'.index(n) - 1}][j];\n"
                    for n, t in names)
    return (f"void f{k}(const u128 *const *in, u128 *out, unsigned n)\n{{\n"
            f"\tfor (unsigned j = 0; j < n; j++) {{\n{loads}"
            f"\t\tout[j] = (u128)({CExpr(lambda x: str(x)).emit(e)});\n\t}}\n}}\n")


class _Aligned:
    """Memory for elements of 16 bytes."""

    def __init__(self, size: int) -> None:
        self.memory = ctypes.create_string_buffer(size + 16)
        self.address = ctypes.addressof(self.memory) + -ctypes.addressof(self.memory) % 16


class Library:
    """Expressions of the locals a and b as functions of arrays."""

    def __init__(self, exprs: list[Expr]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "exprs.so"
        text = ("#include <stdbool.h>\n#include \"core/arith.h\"\n#include \"core/prims.h\"\n"
                "typedef unsigned __int128 u128;\n"
                + "".join(f"void f{k}(const u128 *const *, u128 *, unsigned);\n{_function(k, e)}"
                          for k, e in enumerate(exprs)))
        flags = ("-shared", "-fPIC")
        try:
            compile_c(text, path, "-O0", *flags, *_SANITIZER)
            self.lib = ctypes.CDLL(str(path))
        except (AssertionError, OSError):  # no sanitizer, or not in this Python
            compile_c(text, path, "-O1", *flags)
            self.lib = ctypes.CDLL(str(path))

    def call(self, k: int, a: list[int], b: list[int]) -> list[int]:
        """Results of expression k for each pair."""
        n = len(a)
        columns = [_Aligned(16 * n) for _ in range(3)]
        for column, values in zip(columns, (a, b)):
            data = b"".join(v.to_bytes(16, "little") for v in values)
            ctypes.memmove(column.address, data, 16 * n)
        table = (ctypes.c_void_p * 2)(*(c.address for c in columns[:2]))
        self.lib[f"f{k}"](table, ctypes.c_void_p(columns[2].address), ctypes.c_uint(n))
        raw = ctypes.string_at(columns[2].address, 16 * n)
        return [int.from_bytes(raw[16 * j:16 * j + 16], "little") for j in range(n)]

    def close(self) -> None:
        self.folder.cleanup()
