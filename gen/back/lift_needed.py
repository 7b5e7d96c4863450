# SPDX-License-Identifier: MIT
"""Lines of a lifter that are needed."""
from __future__ import annotations

import re
from collections import Counter

_BOUND = re.compile(r"\t+const rx_sv (v\d+) = (.*);$")
_PURE_CALLS = ("rx_smir_op", "rx_smir_const(", "rx_smir_get(", "rx_smir_group_old(",
               "rx_smir_group_new(", "rx_smir_both(")


def needed(lines: list[str]) -> list[str]:
    """Without values that nobody uses, if nothing else happens with them."""
    used = Counter(re.findall(r"\bv\d+\b", "\n".join(lines)))
    out: list[str] = []
    for line in reversed(lines):
        m = _BOUND.match(line)
        if m and used[m[1]] == 1:
            if m[2].startswith(_PURE_CALLS):
                used.subtract(re.findall(r"\bv\d+\b", m[2]))
                continue
            line = f"\t(void){m[2]};"
        out.append(line)
    return out[::-1]
