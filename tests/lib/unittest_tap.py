"""Runs files of unittest cases and prints TAP: unittest_tap.py FILE [PATTERN...]

Every test method is one TAP line; a failing subtest makes its method fail and
is listed below it. PATTERN (a part of "Class.method") selects tests.

SPDX-License-Identifier: MIT
"""
from __future__ import annotations

import importlib.util
import sys
import unittest
from pathlib import Path
from typing import Any, Iterator


class TapResult(unittest.TestResult):
    """Prints each test's line when the test has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.bad = 0
        self._problems: list[str] = []
        self._skip: str | None = None

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._line(name_of(test))

    def _line(self, name: str) -> None:
        self.number += 1
        word = "not ok" if self._problems else "ok"
        skip = ""
        if self._skip is not None and not self._problems:
            skip = f" # SKIP {self._skip}"
        print(f"{word} {self.number} - {name}{skip}")
        for problem in self._problems:
            self.bad += 1
            for line in problem.rstrip().splitlines():
                print(f"# {line}")
        sys.stdout.flush()
        self._problems = []
        self._skip = None

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._skip = " ".join(reason.split()) or "no reason was given"
        if not isinstance(test, unittest.TestCase):  # a whole class or module
            self._line(str(test))

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self._problems.append(self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self._problems.append(self.errors[-1][1])
        if not isinstance(test, unittest.TestCase):  # setUpClass, setUpModule
            self._line(str(test))

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            text = "".join(self._exc_info_to_string(err, subtest))
            self._problems.append(f"{subtest.id()}\n{text}")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self._problems.append("expected to fail, but passed")


def name_of(test: unittest.TestCase) -> str:
    """Class.method"""
    return ".".join(test.id().split(".")[-2:])


def each(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """All tests of nested suites."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from each(item)
        else:
            yield item


def load(path: Path) -> unittest.TestSuite:
    """The tests in one file; its folder and the project's are importable."""
    top = Path(__file__).resolve().parent.parent.parent
    for folder in (top / "tools" / "asl-parser", top, path.resolve().parent):
        sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main(argv: list[str]) -> int:
    if len(argv) < 2:
        print("usage: unittest_tap.py FILE [PATTERN...]", file=sys.stderr)
        return 2
    sys.dont_write_bytecode = True
    suite = load(Path(argv[1]))
    if argv[2:]:
        suite = unittest.TestSuite(
            test for test in each(suite)
            if any(pattern in name_of(test) for pattern in argv[2:]))
    result = TapResult()
    suite.run(result)
    if result.number == 0:
        print("Bail out! no test found")
        return 1
    print(f"1..{result.number}")
    return 1 if result.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
