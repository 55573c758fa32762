"""Take in a sheet that reviewers filled in.

What belongs here: reading its rows into decisions, and refusing those that contradict one another or what was decided before.
Files and cells are read in ``spreadsheet``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from dtsen_pipeline import documents
from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.review import spreadsheet
from dtsen_pipeline.review.decisions import COLUMNS, Decision, file_of, parse, standing
from dtsen_pipeline.review.spreadsheet import APART, SAME, UNSURE, printable
from dtsen_pipeline.review.strata import STRATUM_NAMES
from dtsen_pipeline.storage import private_files
from dtsen_pipeline.storage.locks import hold_lock

_RECORD = re.compile(r"(dtks|regsosek|p3ke):\S.*")


def read_decisions(settings: Settings, sheet: Path) -> tuple[int, int]:
    """Append the decisions of the filled-in queue ``sheet`` to ``home/tinjauan/keputusan.csv``.

    Returns how many were new and how many rows are still undecided. Raises InputError naming every row that cannot be used, or the
    rows that contradict each other or a standing decision; nothing is taken over then. Reading a file twice adds nothing.
    """
    rows, where = spreadsheet.read_queue(sheet)
    decided, undecided = _parse_rows(rows, sheet, where)
    path = file_of(settings.home)
    with hold_lock(path.with_name(".lock")):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        kept = parse(path, before)
        known = {decision.content for decision in kept}
        new = {line: decision for line, decision in decided.items() if decision.content not in known}
        places = {decision: f"keputusan.csv {number}" for number, decision in enumerate(kept, start=2)}
        places |= {decision: f"{where} {line}" for line, decision in new.items()}
        _check_consistent(standing([*kept, *new.values()]), places, sheet)
        if new:
            lines = io.StringIO(newline="")
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerows(([] if before else [COLUMNS]) + [astuple(decision) for decision in new.values()])
            # The whole file is written anew: of an added line a full disk may leave half, which would stop every later month.
            with private_files.private_file(path) as part:
                part.write_text(before + lines.getvalue(), encoding="utf-8", newline="")
                # Before the file takes its place: what is not on the trail must not become a decision.
                audit.append(
                    settings,
                    "putusan_tinjauan",
                    baris=len(new),
                    berkas=sheet.name,
                    sha256=hashlib.sha256(sheet.read_bytes()).hexdigest(),
                )
    return len(new), undecided


def _parse_rows(  # noqa: C901 - one check after another, each with its own message
    rows: Mapping[int, Mapping[str, object]], path: Path, where: str
) -> tuple[dict[int, Decision], int]:
    """Read the decisions, by row, and count the rows left open. Raises InputError naming every cell that cannot be used."""
    decided: dict[int, Decision] = {}
    problems: list[str] = []
    now = datetime.now(UTC).isoformat(timespec="seconds")
    undecided = 0

    def report(line: int, column: str, message: str) -> None:
        problems.append(f"{where} {line}, kolom/column {column}: {message}")

    for line, row in rows.items():
        before = len(problems)
        verdict, who, why = (printable(row.get(name)) for name in ("putusan", "pemutus", "alasan"))
        if not verdict:
            undecided += 1
            if why:
                report(
                    line, "putusan", f"kosong padahal alasan terisi / empty beside a reason; {SAME}, {APART}, {UNSURE}"
                )
            continue
        if verdict.lower() not in (SAME, APART, UNSURE):
            report(line, "putusan", f"diharapkan/expected {SAME}, {APART}, {UNSURE}")
        for column, value in (("pemutus", who), ("alasan", why)):
            if not value:
                report(line, column, "kosong; wajib diisi / empty; required")
        day = _day(row.get("tanggal"))
        if day is None:
            report(line, "tanggal", "diharapkan tanggal TTTT-BB-HH / expected a date YYYY-MM-DD")
        elif day > datetime.now(ZoneInfo(TIMEZONE)).date():
            report(
                line,
                "tanggal",
                "belum tiba; diharapkan hari ini atau sebelumnya / in the future; expected today or before",
            )
        records = sorted(printable(row.get(name)) for name in ("record_l", "record_r"))
        for record in records:
            if not _RECORD.fullmatch(record):
                report(line, "record_l, record_r", "diharapkan/expected 'dtks|regsosek|p3ke:record_id'")
                break
        else:
            if records[0] == records[1]:
                report(line, "record_l, record_r", "dua kali rekaman yang sama / the same record twice")
        stratum = printable(row.get("stratum"))
        chance, weight = (_number(row.get(name)) for name in ("peluang_terpilih", "bobot"))
        if stratum and stratum not in STRATUM_NAMES:
            report(
                line,
                "stratum",
                "diharapkan seperti ditulis antrean, atau kosong / expected as the queue wrote it, or empty",
            )
        if chance is None or (chance != "" and not 0 < float(chance) <= 1):
            report(
                line, "peluang_terpilih", "diharapkan bilangan di atas 0 sampai 1 / expected a number above 0 up to 1"
            )
        if weight is None:
            report(line, "bobot", "diharapkan bilangan / expected a number")
        if len(problems) == before:
            assert day is not None and chance is not None and weight is not None
            record_l, record_r = records
            decided[line] = Decision(
                record_l,
                record_r,
                verdict.lower(),
                documents.escape_formula(who),
                day.isoformat(),
                # The file keeps its text for good: what a reviewer copied of the two persons must not stand in it.
                documents.escape_formula(audit.masked(why)),
                stratum,
                chance,
                weight,
                now,
            )
    first: dict[tuple[tuple[str, str], str], tuple[int, str]] = {}
    for line, decision in decided.items():
        other_line, verdict = first.setdefault((decision.pair, decision.tanggal), (line, decision.putusan))
        if verdict != decision.putusan:
            report(
                line,
                "putusan",
                f"pasangan dan tanggal baris {other_line}, putusan lain / the pair and date of that row",
            )
    if problems:
        shown = "\n".join(problems[:20]) + (f"\n... {len(problems) - 20} lagi / more" if len(problems) > 20 else "")
        raise InputError(
            f"{len(problems)} sel tak terpakai; tidak ada yang diambil / cells cannot be used; nothing was taken over\n{shown}",
            file=path,
            action="perbaiki sel itu, lalu baca lagi / put the cells right, then read again",
        )
    return decided, undecided


def _day(value: object) -> date | None:
    """The day of a date cell, or of a date as Indonesians write it: 2025-03-21, 21-03-2025, 21/3/2025; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    text = printable(value)
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _number(value: object) -> str | None:
    """A number as text, '' for an empty cell, None for anything else. A decimal comma is read."""
    text = printable(value).replace(",", ".")
    try:
        return "" if not text else repr(float(text)) if np.isfinite(float(text)) else None
    except ValueError:
        return None


def _check_consistent(decisions: Sequence[Decision], places: Mapping[Decision, str], path: Path) -> None:
    """Raise InputError where a chain of 'sama' joins two records that a decision keeps apart; names the rows of both."""
    near: dict[str, list[tuple[str, Decision]]] = {}
    for decision in decisions:
        if decision.putusan == SAME:
            near.setdefault(decision.record_l, []).append((decision.record_r, decision))
            near.setdefault(decision.record_r, []).append((decision.record_l, decision))
    contradictions = []
    for decision in decisions:
        if decision.putusan == APART and (chain := _chain(near, *decision.pair)):
            contradictions.append(
                f"{places[decision]} ({APART}) <> {', '.join(places[link] for link in chain)} ({SAME})"
            )
    if contradictions:
        raise InputError(
            "putusan bertentangan; tidak ada yang diambil / decisions contradict each other; nothing was taken over\n"
            + "\n".join(contradictions[:20]),
            file=path,
            expected="dua rekaman yang beda tidak terhubung oleh rantai 'sama' / no chain of 'sama' between two that are 'beda'",
            action="perbaiki salah satunya, atau putuskan ulang pasangan lama dengan tanggal baru / "
            "put one of them right, or decide the old pair again with a new date",
        )


def _chain(near: Mapping[str, list[tuple[str, Decision]]], start: str, end: str) -> list[Decision]:
    """The decisions of a shortest chain from ``start`` to ``end``; empty where there is none."""
    back: dict[str, tuple[str, Decision] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in back:
        here = waiting.popleft()
        for there, decision in near.get(here, ()):
            if there not in back:
                back[there] = (here, decision)
                waiting.append(there)
    chain: list[Decision] = []
    step = back.get(end)
    while step is not None:
        chain.append(step[1])
        step = back[step[0]]
    return chain
