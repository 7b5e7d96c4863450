# SPDX-License-Identifier: MIT
"""The host's own processor as an oracle (native.h): which instruction sets it judges,
and what recordings of it are called."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
# tables of what was judged, and how many cases of each instruction are recorded
SUITES = {"x86": ("verified.tbl", 40), "x86-32": ("verified_32.tbl", 12),
          "x86-16": ("verified_16.tbl", 12)}
SPEC = "x86"

# vendor, family, models, state components that XCR0 has: what it is called. Hypervisors
# change models more often than components.
_KNOWN = (
    ("GenuineIntel", None, None, 0x60000, "Sapphire Rapids"),  # AMX
    ("GenuineIntel", 6, (0x6A, 0x6C), 0xE0, "Ice Lake"),
    ("AuthenticAMD", 0x1A, None, 0xE0, "Zen 5"),
    ("AuthenticAMD", 0x19, None, 0xE0, "Zen 4"),
    ("AuthenticAMD", 0x19, None, 0, "Zen 3"),
)


def called(oracle: str) -> str:
    """A name for people of what judge says: "VENDOR BRAND, family F model M ...,
    XCR0 X"."""
    m = re.match(r"(\w+) .*family (\w+) model (\w+) .*XCR0 (\w+)", oracle)
    if not m:
        return oracle
    vendor, (family, model, xcr0) = m[1], (int(x, 0) for x in m.groups()[1:])
    for who, f, models, has, name in _KNOWN:
        if vendor == who and f in (None, family) and xcr0 & has == has \
                and (models is None or model in models):
            return name
    return f"{vendor} {family:x} {model:x}"


def recording(isa: str, oracle: str) -> Path:
    """Where the recording of a processor is."""
    slug = re.sub(r"\W", "", called(oracle)).lower()
    return TOP / "tests" / "conf" / f"{isa}-{slug}.vec.zst"


def recordings(isa: str) -> list[bytes]:
    """All that there are, unpacked."""
    out = []
    for path in sorted((TOP / "tests" / "conf").glob(f"{isa}-*.vec.zst")):
        text = subprocess.run(["zstd", "-q", "-dc", str(path)], capture_output=True,
                              check=True).stdout
        if text.startswith(f"isa {isa}\n".encode()):
            out.append(text)
    return out
