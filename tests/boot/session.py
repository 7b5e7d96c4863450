#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Drive a command that boots Linux to a shell: session.py COMMAND...

Waits for the prompt, asks for the kernel's name, powers off.  Status 0: all
of it worked and the command ended with 0.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from console import PROMPT, Console, ConsoleError

LIMIT = 1800.0


def main() -> int:
    """The command line."""
    if len(sys.argv) < 2:
        print("usage: session.py COMMAND...", file=sys.stderr)
        return 2
    try:
        with Console(sys.argv[1:]) as console:
            console.expect(PROMPT, LIMIT)
            print(console.command("uname -srm", 60).strip())
            console.type("poweroff\r")
            status = console.wait(60)
            if status != 0:
                print(f"ended with status {status}\n{console.errors}")
            return status
    except ConsoleError as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
