"""Compare locks with a folder of advisories, as osv.dev gives them out for PyPI: one JSON file each. Needs no network.

    python .ci/advisories.py <folder> requirements.txt ...

Exit 0: nothing found. 1: something is affected. 2: the folder cannot be used.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from dtsen_pipeline.errors import InputError

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def locked(files: list[Path]) -> dict[str, set[str]]:
    """The versions of each package that ``files`` pin."""
    found: dict[str, set[str]] = {}
    for file in files:
        for name, version in PIN.findall(file.read_text(encoding="utf-8")):
            found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def affects(affected: dict[str, Any], version: str) -> bool:
    """Whether the entry names ``version``, alone or by a range; one that cannot be told is taken for affected."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") != "GIT"]
    try:
        return any(_within(one["events"], Version(version)) for one in ranges)
    except InvalidVersion:
        return True


def _within(events: list[dict[str, str]], version: Version) -> bool:
    def at(event: dict[str, str]) -> Version:
        return Version(next(iter(event.values())))

    inside = False
    for event in sorted(events, key=at):
        if "introduced" in event and at(event) <= version:
            inside = True
        if ("fixed" in event and at(event) <= version) or ("last_affected" in event and at(event) < version):
            inside = False
    return inside


def found(folder: Path, pins: dict[str, set[str]]) -> Iterator[str]:
    """A line for each advisory of ``folder`` that concerns one of ``pins``. Raises InputError where the folder holds none."""
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise InputError(
            "tidak ada berkas peringatan / there is no advisory",
            file=folder,
            expected="*.json, format OSV",
            action="buka paket PyPI dari osv.dev di sana / unpack the PyPI archive of osv.dev there",
        )
    for file in files:
        try:
            advisory = json.loads(file.read_text(encoding="utf-8"))
            identity, entries = advisory["id"], advisory.get("affected", [])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                "bukan peringatan OSV / no advisory of OSV", file=file, action="unduh ulang / get it anew"
            ) from error
        if advisory.get("withdrawn"):
            continue
        for entry in entries:
            package = entry.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") == "PyPI":
                for version in sorted(pins.get(name, ())):
                    if affects(entry, version):
                        yield f"{name}=={version}: {identity} {advisory.get('summary', '')}".rstrip()


def main(folder: str, *locks: str) -> int:
    """Print the advisories of ``folder`` that concern a package of ``locks``, and give the exit code."""
    pins = locked([Path(lock) for lock in locks])
    try:
        lines = sorted(set(found(Path(folder), pins)))
    except InputError as error:
        print(error, file=sys.stderr)
        return InputError.exit_code
    print(*lines, f"{len(lines)} peringatan / advisories, {len(pins)} paket / packages", sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
