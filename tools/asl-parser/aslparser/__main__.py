"""The command line. SPDX-License-Identifier: MIT"""
from __future__ import annotations

import argparse
import sys
from typing import Any

from . import __version__, ast, parse_body, parse_source, read_text
from .errors import AslErrors
from .printer import dump


def show(n: Any, depth: int = 0) -> str:
    """A tree, one node a line, with the place where it begins."""
    pad = "  " * depth
    if isinstance(n, tuple):
        return "".join(show(x, depth) for x in n)
    if not isinstance(n, ast.Node):
        return f"{pad}{n!r}\n"
    plain, deep = [], []
    for name in type(n).__dataclass_fields__:
        value = getattr(n, name)
        if name == "span":
            continue
        if isinstance(value, ast.Node) or isinstance(value, tuple) and any(
                isinstance(v, ast.Node) for v in value):
            deep.append((name, value))
        else:
            plain.append(f" {name}={value!r}")
    text = (f"{pad}{type(n).__name__}{''.join(plain)}  "
            f"[{n.span.line}:{n.span.col}]\n")
    for name, value in deep:
        text += f"{pad}  {name}:\n{show(value, depth + 2)}"
    return text


def main(argv: list[str] | None = None) -> int:
    """Run the command; its result is the exit code."""
    cli = argparse.ArgumentParser(
        prog="python3 -m aslparser",
        description="Parse files of classic ASL.",
        epilog="Exit code: 0 all is well, 1 errors in the input (or it "
               "cannot be read), 2 wrong usage.")
    cli.add_argument("--version", action="version",
                     version=f"aslparser {__version__}")
    what = cli.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true",
                      help="report errors only (the default)")
    what.add_argument("--dump", action="store_true",
                      help="print the text again, in one style")
    what.add_argument("--ast", action="store_true",
                      help="print the syntax tree")
    cli.add_argument("--body", action="store_true",
                     help="the files hold statements, not declarations and "
                          "instructions")
    cli.add_argument("--no-extensions", action="store_true",
                     help="refuse what is no classic ASL ('lane', UNKNOWN "
                          "and UNDEFINED as bare values)")
    cli.add_argument("files", nargs="+", metavar="FILE",
                     help="'-' is standard input")
    args = cli.parse_args(argv)
    code = 0
    for path in args.files:
        parse = parse_body if args.body else parse_source
        try:
            name = "/dev/stdin" if path == "-" else path
            tree = parse(read_text(name), path,
                         extensions=not args.no_extensions)
        except AslErrors as e:
            print(e, file=sys.stderr)
            code = 1
        except OSError as e:
            print(f"{path}: error: {e.strerror or e}", file=sys.stderr)
            code = 1
        else:
            if args.dump or args.ast:
                sys.stdout.write(dump(tree) if args.dump else show(tree))
    return code


if __name__ == "__main__":
    try:
        sys.stdout.reconfigure(encoding="utf-8")    # as the input is
        CODE = main()
        sys.stdout.flush()
    except BrokenPipeError:         # the reader has seen enough
        sys.stderr.close()
        CODE = 0
    sys.exit(CODE)
