# SPDX-License-Identifier: MIT
"""A private apt root: packages of another suite or architecture, verified.

Nothing of the machine's own apt state is read or written except the mirror
and its key (from sources.list and sources.list.d, both formats), the proxy
settings and the passwords of private mirrors.  Signatures are checked by apt
as always; options like trusted=yes are not carried over.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

DEFAULT_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# A source counts as a Debian archive when it names one of these suites.
DEBIAN_SUITES = frozenset(
    "oldoldstable oldstable stable testing unstable sid"
    " buster bullseye bookworm trixie forky duke".split()
)

# Settings of the machine that say how to reach a mirror.
CARRIED = re.compile(
    r"^Acquire::(https?|ftp|Check-|ForceIPv|Queue-Mode|socks)", re.I
)

# Messages of apt that mean "not proven genuine", never "not reachable".
BAD_SIGNATURE = re.compile(
    r"NO_PUBKEY|EXPKEYSIG|BADSIG|REVKEYSIG|is not signed|GPG error"
    r"|couldn't be verified|no longer signed|not live until"
)
STALE_MIRROR = re.compile(r"unexpected size|Hash Sum mismatch")


class FetchError(Exception):
    """Something that the user has to know; `code` is the exit status."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


UNREACHABLE = 3


@dataclass(frozen=True, slots=True)
class Source:
    """One apt source: where, which suites and components, whose key."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str
    origin: str


def _one_line(path: Path) -> Iterator[Source]:
    """Entries of a file in the one-line format (sources.list(5))."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(
            r"\s*deb\s+(?:\[(?P<opts>[^\]]*)\]\s*)?(?P<rest>\S.*)$",
            line.split("#", 1)[0],
        )
        if not match:
            continue
        words = match["rest"].split()
        options = dict(
            word.split("=", 1)
            for word in (match["opts"] or "").split()
            if "=" in word
        )
        if len(words) < 3:
            continue
        yield Source(
            words[0], (words[1],), tuple(words[2:]),
            options.get("signed-by", ""), f"{path}:{number}",
        )


def _stanzas(text: str) -> Iterator[dict[str, str]]:
    """The stanzas of a deb822 file; field names in lower case."""
    fields: dict[str, str] = {}
    last = ""
    for line in text.splitlines() + [""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if fields:
                yield fields
            fields, last = {}, ""
        elif line[0] in " \t":
            if last:
                fields[last] += "\n" + line.strip()
        elif ":" in line:
            name, value = line.split(":", 1)
            last = name.strip().lower()
            fields[last] = value.strip()


def _deb822(path: Path) -> Iterator[Source]:
    """Entries of a file in the deb822 format."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, fields in enumerate(_stanzas(text), 1):
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        if "deb" not in fields.get("types", "").split():
            continue
        for uri in fields.get("uris", "").split():
            yield Source(
                uri, tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                fields.get("signed-by", ""), f"{path}, stanza {number}",
            )


def read_sources(etc: Path) -> list[Source]:
    """All sources that apt would read under `etc`, in apt's order."""
    files = [etc / "sources.list"]
    parts = etc / "sources.list.d"
    if parts.is_dir():
        files += sorted(parts.iterdir())
    found: list[Source] = []
    for path in files:
        if not path.is_file():
            continue
        if path.suffix == ".list":
            found += _one_line(path)
        elif path.suffix == ".sources":
            found += _deb822(path)
    return found


def debian_mirrors(sources: list[Source]) -> list[Source]:
    """The sources that are a Debian archive with its main component."""
    chosen: list[Source] = []
    for source in sources:
        if "main" not in source.components:
            continue
        if not DEBIAN_SUITES.intersection(source.suites):
            continue
        if source.uri.startswith("cdrom:"):
            continue
        if all(source.uri != other.uri for other in chosen):
            chosen.append(source)
    return chosen


def _keyring(source: Source) -> str:
    """The key file that a source's packages are checked against."""
    for word in source.signed_by.split():
        if word.startswith("/") and Path(word).is_file():
            return word
    if Path(DEFAULT_KEYRING).is_file():
        return DEFAULT_KEYRING
    raise FetchError(
        f"{source.origin}: no key file to check packages with;"
        " install debian-archive-keyring"
    )


def _run(argv: list[str], env: dict[str, str],
         cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            argv, env=env, cwd=cwd, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        )
    except FileNotFoundError:
        raise FetchError(
            f"{argv[0]} not found; this needs apt (Debian or a relative)"
        ) from None


def _quote(value: str | Path) -> str:
    text = str(value)
    if '"' in text or "\n" in text or ";" in text:
        raise FetchError(f"{text!r}: apt cannot use a folder of this name")
    return f'"{text}"'


class AptRoot:
    """One private root for one architecture, suite and mirror."""

    def __init__(self, root: Path, source: Source, suite: str,
                 arch: str) -> None:
        self.root = root
        self.arch = arch
        self.what = f"{suite}/main {arch} of {source.uri}"
        for name in ("state/lists/partial", "cache/archives/partial", "debs"):
            (root / name).mkdir(parents=True, exist_ok=True)
        (root / "status").touch()
        (root / "sources.list").write_text(
            f"deb [arch={arch} signed-by={_keyring(source)}]"
            f" {source.uri} {suite} main\n"
        )
        settings = {
            "APT::Architecture": arch,
            "APT::Sandbox::User": "root",
            "APT::Update::Error-Mode": "any",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
            "Acquire::https::Timeout": "20",
            "Dir::State": root / "state",
            "Dir::State::status": root / "status",
            "Dir::Cache": root / "cache",
            "Dir::Etc::sourcelist": root / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::parts": "/dev/null",
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
        }
        plain = dict(os.environ, LC_ALL="C")
        dump = _run(["apt-config", "dump"], plain).stdout.splitlines()
        lines = [line for line in dump if CARRIED.match(line)]
        lines += [f"{k} {_quote(v)};" for k, v in settings.items()]
        lines.append(f'APT::Architectures {{ "{arch}"; }};')
        (root / "apt.conf").write_text("\n".join(lines) + "\n")
        self.env = dict(plain, APT_CONFIG=str(root / "apt.conf"))

    def _apt(self, argv: list[str], doing: str,
             cwd: Path | None = None) -> str:
        """Run one apt command; its failure becomes one clear line."""
        done = _run(argv, self.env, cwd)
        text = done.stdout + done.stderr
        if BAD_SIGNATURE.search(text):
            raise FetchError(
                f"{doing} {self.what}: signature check failed:"
                f" {self._reason(text)}"
            )
        if done.returncode == 0:
            return done.stdout
        if STALE_MIRROR.search(text):
            raise FetchError(
                f"{doing} {self.what}: the mirror's files do not match its"
                " signed Release file (it is being updated or is stale);"
                " try again later, or another --suite or --mirror",
                UNREACHABLE,
            )
        raise FetchError(
            f"{doing} {self.what}: {self._reason(text)}", UNREACHABLE
        )

    @staticmethod
    def _reason(text: str) -> str:
        """The line of apt's output that says why."""
        for mark in (r"E: .*", r"Err:.*\n\s+.*", r"W: .*"):
            hit = re.search(mark, text)
            if hit:
                return " ".join(hit[0].split()).removeprefix("E: ")
        return "apt failed"

    def update(self) -> None:
        """Fetch and verify the package lists."""
        self._apt(["apt-get", "-q", "update"], "fetching the lists of")

    def depends(self, package: str) -> list[str]:
        """The names that `package` depends on (empty when unknown)."""
        done = _run(
            ["apt-cache", "depends", "--no-recommends", "--no-suggests",
             f"{package}:{self.arch}"], self.env,
        )
        return re.findall(r"^[ |]*Depends: ([a-z0-9][^\s:<>]*)",
                          done.stdout, re.M)

    def version(self, package: str) -> str:
        """The version that would be downloaded."""
        done = _run(["apt-cache", "policy", package], self.env)
        hit = re.search(r"Candidate: (\S+)", done.stdout)
        if not hit or hit[1] == "(none)":
            raise FetchError(f"{self.what} has no package {package}")
        return hit[1]

    def download(self, packages: list[str]) -> list[Path]:
        """Download and verify packages; returns the .deb files."""
        debs = self.root / "debs"
        self._apt(["apt-get", "-q", "download", *packages],
                  "downloading from", debs)
        return sorted(debs.glob("*.deb"))
