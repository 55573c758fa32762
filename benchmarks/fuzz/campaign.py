"""Reads mutated files as the pipeline does and judges what came out.

What belongs here: which mutation has which number, many files read as one delivery, and the questions that every file answers: was
it refused by an error for people that names it, are all rows accounted for, is a value another one and nobody says so?

Files are read in deliveries of many, since the planning of the queries costs more than the rows. A file that stops its delivery is
taken out and counted as refused; where anything else stops it, the files are read one by one.
"""

from __future__ import annotations

import resource
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from benchmarks.fuzz.draft import (
    MONTH,
    ROWS,
    Draft,
    File,
    View,
    keys_of,
    parent_of,
    rows_of,
    tables,
    views,
    write_csv,
)
from benchmarks.fuzz.kinds import Kind, load_kinds
from benchmarks.fuzz.told import Search, texts
from dtsen_pipeline.contracts import delivery, reader
from dtsen_pipeline.contracts.incoming import create_incoming
from dtsen_pipeline.contracts.ingest import load_file
from dtsen_pipeline.contracts.model import TableContract, load
from dtsen_pipeline.contracts.reader import FileReport
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import load_seeds, run_models
from dtsen_pipeline.storage.warehouse import SCHEMAS, in_memory

SLOTS = 64
"""Files in one delivery."""

LIMIT_SECONDS = 10.0
"""Of the processor: what a file costs must not hang on what else the machine does."""
HANGING_SECONDS = 60
EARLIER = "2025-02"
_PLAIN = 590_000
_RARE = 10
_LARGE = 1 << 18


class TooLong(Exception):
    """A file took so long that its reading was ended; no OSError, which the reader would take for its own."""


@dataclass(frozen=True)
class Case:
    """Mutation ``number`` of the campaign of ``seed``: always the same file."""

    seed: int
    number: int
    kind: Kind

    def rng(self) -> Random:
        return Random(f"{self.seed}:{self.number}:{self.kind.name}")

    def made(self) -> tuple[Draft, File | None]:
        """The draft and the mutated file; None where the kind arranges a landing folder."""
        rng = self.rng()
        if self.kind.arrange:
            return Draft(views(load()["dukcapil"].tables["penduduk"])[-1], self.number, rng), None
        assert self.kind.make
        # Of the tables of fifty columns, whose rules take longest to plan, there are fewer files than of the others.
        chosen = [view for table in tables() for view in views(table) if table.source in (self.kind.only or load())]
        for view in sorted(
            chosen, key=lambda view: (len(view.table.columns) > 25 and rng.random() < 0.7, rng.random())
        ):
            draft = Draft(view, self.number, rng)
            with suppress(LookupError):
                return draft, self.kind.make(draft)
        raise AssertionError(f"{self.kind.name}: no table has what it needs")


def cases(seed: int, *, only: str | None = None, searched: bool = False) -> Iterator[Case]:
    """All mutations of a seed in their order; of one kind, or of those that put persons somewhere, with the same numbers."""
    kinds = load_kinds()
    names = sorted(kinds)
    Random(seed).shuffle(names)
    wanted = [
        place for place, name in enumerate(names) if only in (None, name) and (kinds[name].searched or not searched)
    ]
    for turn in count():
        for place in wanted:
            kind = kinds[names[place]]
            if not kind.rare or turn % _RARE == 0:
                yield Case(seed, turn * len(names) + place, kind)


@dataclass
class Result:
    """What became of a mutation: ``outcome`` is one of OUTCOMES, ``failures`` say what was wrong with it."""

    case: Case
    outcome: str = "staged"
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    reason: str = ""


OUTCOMES = ("staged", "noted", "quarantined", "refused")


@dataclass
class _Prepared:
    case: Case
    draft: Draft
    file: File
    path: Path
    seconds: float


class Campaign:
    """Reads cases over one connection; ``results`` come in the order in which they were judged."""

    def __init__(self, con: duckdb.DuckDBPyConnection, work: Path, *, searched: bool = False) -> None:
        self.con, self.work, self.searched = con, work, searched
        self.results: list[Result] = []
        self._waiting: dict[str, list[_Prepared]] = defaultdict(list)
        self._refused: dict[str, bool] = {}
        self._serial = count()
        self._public: dict[str, set[str]] = {}
        self.texts_searched = 0

    def run(self, chosen: Iterable[Case]) -> Iterator[int]:
        """Read and judge the cases; yields how many were judged since the last time."""
        for case in chosen:
            done = len(self.results)
            self._take(case)
            yield len(self.results) - done
        for waiting in list(self._waiting.values()):
            done = len(self.results)
            self._read(waiting)
            yield len(self.results) - done
        self._waiting.clear()

    def _take(self, case: Case) -> None:
        start = time.process_time()
        draft, file = case.made()
        if file is None:
            self._arranged(case, draft)
            return
        table = draft.table
        store = self.work / "berkas" / table.raw
        store.mkdir(parents=True, exist_ok=True)
        path = store / f"{table.files or 'usulan'}_{next(self._serial):06d}{file.suffix}"
        path.write_bytes(file.content)
        one = _Prepared(case, draft, file, path, time.process_time() - start)
        if case.kind.rare or len(file.content) > _LARGE:
            self._read([one])
        elif not (self._refused.get(case.kind.name, True) and self._refused_alone(one)):
            self._waiting[table.raw].append(one)
            if len(self._waiting[table.raw]) >= SLOTS:
                self._read(self._waiting.pop(table.raw))

    def _refused_alone(self, one: _Prepared) -> bool:
        """Whether a file is refused by itself: then its delivery need not be read twice. Asked of kinds that were, or are new."""
        start = time.process_time()
        self._refused.setdefault(one.case.kind.name, False)
        create_incoming(self.con, one.draft.table)
        try:
            load_file(self.con, one.path, one.path.name, one.draft.table)
        except InputError as error:
            self._refused[one.case.kind.name] = True
            self._refuse(one, error, time.process_time() - start)
            return True
        except Exception:  # noqa: BLE001 - told when it is read with the others
            return False
        return False

    # --- deliveries of many files

    def _read(self, batch: Sequence[_Prepared]) -> None:
        table = batch[0].draft.table
        start = time.process_time()
        landing = self._landing(table, batch)
        left = {self._folder(landing, table) / one.path.name: one for one in batch}
        while left:
            try:
                with _alarm(HANGING_SECONDS + 5 * len(left)):
                    reports = reader.read_source(self.con, landing, MONTH, table.source)
                break
            except InputError as error:
                stopped = next((path for path in left if path.relative_to(landing).as_posix() == error.file), None)
                if stopped is None and len(left) > 1:
                    self._one_by_one(list(left.values()))
                    return
                stopped = stopped or next(iter(left))
                self._refuse(left.pop(stopped), error, (time.process_time() - start) / len(batch))
                stopped.unlink()
            except Exception as error:  # noqa: BLE001 - what no person can act on is what the campaign looks for
                if len(left) > 1:
                    self._one_by_one(list(left.values()))
                    return
                ((_, one),) = left.items()
                self._fail(one, f"{type(error).__name__} reached the caller", time.process_time() - start)
                left = {}
        if left:
            self._judge(table, landing, left, reports, start, len(batch))

    def _one_by_one(self, batch: Sequence[_Prepared]) -> None:
        for one in batch:
            self._read([one])

    def _landing(self, table: TableContract, batch: Sequence[_Prepared]) -> Path:
        landing = self.work / "landing"
        shutil.rmtree(landing, ignore_errors=True)
        folder = self._folder(landing, table)
        folder.mkdir(parents=True)
        for number, view in enumerate(views(table)):
            write_csv(folder / f"{table.files or 'usulan'}{number}.csv", view.columns, rows_of(view, _PLAIN + number))
        for one in batch:
            (folder / one.path.name).hardlink_to(one.path)
        for other in load()[table.source].tables.values():
            if other.name != table.name:
                view = View(other, tuple(name for name in other.columns if name in {*other.required, *other.ids}))
                rows = rows_of(view, _PLAIN)
                if table.parent and table.parent.table == other.name:
                    numbers = [_PLAIN + n for n in range(len(views(table)))] + [one.case.number for one in batch]
                    families = sorted({parent_of(number, row) for number in numbers for row in range(ROWS)})
                    at = view.columns.index(table.parent.key)
                    rows = [[*rows[0][:at], family, *rows[0][at + 1 :]] for family in families]
                write_csv(folder / f"{other.files}.csv", view.columns, rows)
        return landing

    def _folder(self, landing: Path, table: TableContract) -> Path:
        months = () if load()[table.source].delivery == "referensi" else (MONTH,)
        return landing.joinpath(*months, table.source)

    # --- judgement

    def _judge(
        self,
        table: TableContract,
        landing: Path,
        left: dict[Path, _Prepared],
        reports: list[FileReport],
        start: float,
        batch: int,
    ) -> None:
        files = delivery(landing, MONTH, table.source).files[table.name]
        told = dict(zip(files, (one for one in reports if one.tabel == table.name), strict=True))
        model = f"staging.stg_{table.source}__{table.name}"
        run_models(self.con, [model])
        columns, staged = self._by_file(model)
        kept_columns, kept = self._by_file(table.quarantine)
        reasons = self._pairs("select distinct file, line from quarantine.alasan where source = ?", table.source)
        notes = self._pairs("select distinct file, kolom from quarantine.catatan where source = ?", table.source)
        key = columns.index(table.key[0])
        plain: dict[tuple[str, ...], dict[int, tuple[Any, ...]]] = {}
        for number, view in enumerate(views(table)):
            report = next(report for path, report in told.items() if path.stem == f"{table.files or 'usulan'}{number}")
            numbered = {keys_of(table, _PLAIN + number, row): row for row in range(ROWS)}
            plain[view.columns] = {numbered[line[key]]: line for line in staged[report.file]}
            assert len(plain[view.columns]) == ROWS and not report.values_noted, (
                f"{table.raw}: the plain file is not plain"
            )
        seconds = (time.process_time() - start) / batch
        for path, one in left.items():
            report = told[path]
            result = Result(one.case, seconds=one.seconds + seconds)
            if report.rows_quarantined:
                result.outcome = "quarantined"
            elif report.values_noted:
                result.outcome = "noted"
            lines, away = staged.get(report.file, []), kept.get(report.file, [])
            if (len(lines), len(away)) != (report.rows_read - report.rows_quarantined, report.rows_quarantined):
                result.failures.append("rows told are not the rows that are there")
            line_of = kept_columns.index("_line")
            if any((report.file, line[line_of]) not in reasons for line in away):
                result.failures.append("a row in quarantine has no reason")
            here = _Rows(table, columns, key, one, lines, away, {kolom for file, kolom in notes if file == report.file})
            result.failures += here.wrong(plain[one.draft.view.columns], report)
            self._done(result)
        if self.searched:
            self._search(table, left)

    def _by_file(self, table: str) -> tuple[list[str], dict[str, list[tuple[Any, ...]]]]:
        found = self.con.execute(f"from {table}")
        columns = [name for name, *_ in found.description or ()]
        by_file: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        place = columns.index("_file")
        for row in found.fetchall():
            by_file[row[place]].append(row)
        return columns, by_file

    def _pairs(self, sql: str, source: str) -> set[tuple[Any, Any]]:
        return {(a, b) for a, b in self.con.execute(sql, [source]).fetchall()}

    def _refuse(self, one: _Prepared, error: InputError, seconds: float) -> None:
        result = Result(one.case, "refused", one.seconds + seconds, reason=error.message)
        if not error.file:
            result.failures.append("the error names no file")
        if one.case.kind.harmless:
            result.failures.append(f"a harmless file is refused: {error.message[:90]}")
        result.failures += self._leaks(_search_of(one), "error", str(error))
        self.texts_searched += 1
        self._done(result)

    def _fail(self, one: _Prepared, what: str, seconds: float) -> None:
        self._done(Result(one.case, "refused", one.seconds + seconds, [what]))

    def _done(self, result: Result) -> None:
        if result.seconds > LIMIT_SECONDS:
            result.failures.append(f"took more than {LIMIT_SECONDS:g} s")
        self.results.append(result)

    # --- search

    def _leaks(self, search: Search, place: str, text: str) -> list[str]:
        found = search.found(text)
        return [f"{len(found)} personal values in the {place}"] if found else []

    def _search(self, table: TableContract, left: dict[Path, _Prepared]) -> None:
        """Search what is told of the delivery; where something is found, whose it is shows when each file is read by itself."""
        everyone = Search(value for one in left.values() for value in _personal(one))
        told = list(texts(self.con))
        self.texts_searched += len(told)
        if not any(everyone.found(text) for _, text in told):
            return
        by_case = {result.case.number: result for result in self.results[-len(left) :]}
        for one in left.values():
            if len(left) > 1:
                reader.read_source(self.con, self._landing(table, [one]), MONTH, table.source)
                told = list(texts(self.con))
            for place, text in told:
                by_case[one.case.number].failures += self._leaks(_search_of(one), place, text)

    # --- kinds that arrange the landing folder themselves

    def _arranged(self, case: Case, draft: Draft) -> None:
        assert case.kind.arrange
        start = time.process_time()
        root = self.work / "tatanan"
        shutil.rmtree(root, ignore_errors=True)
        landing = root / "landing"
        earlier = landing / EARLIER / draft.table.source / f"{draft.table.files}.csv"
        earlier.parent.mkdir(parents=True)
        write_csv(earlier, draft.labels, rows_of(draft.view, _PLAIN)[:5])
        values = [*_values(draft.view, draft.rows), *(case.kind.arrange(draft, landing) or ())]
        result = Result(case)
        search = Search(values)
        try:
            with _alarm(HANGING_SECONDS):
                reports = reader.read_source(self.con, landing, MONTH, draft.table.source)
        except InputError as error:
            result.outcome, result.reason = "refused", error.message
            if case.kind.harmless:
                result.failures.append(f"a harmless folder is refused: {error.message[:90]}")
            # A folder or a missing table has no file; then the message names the place.
            if not error.file and not any(part in str(error) for part in (str(landing), MONTH, draft.table.source)):
                result.failures.append("the error names no place")
            if not all(sign.isprintable() or sign == "\n" for sign in str(error)):
                result.failures.append("the error has signs that cannot be printed")
            result.failures += self._leaks(search, "error", str(error))
            self.texts_searched += 1
        except Exception as error:  # noqa: BLE001 - as in ``_read``
            result.outcome = "refused"
            result.failures.append(f"{type(error).__name__} reached the caller")
        else:
            rows = sum(report.rows_read - report.rows_quarantined for report in reports)
            if any(report.bulan_kirim != MONTH for report in reports):
                result.failures.append("an earlier month was taken in silence")
            elif not reports or rows < ROWS or (case.kind.harmless and rows != ROWS):
                result.failures.append("rows lost")
            elif any(report.rows_quarantined for report in reports):
                result.outcome = "quarantined"
            for place, text in texts(self.con) if self.searched else ():
                result.failures += self._leaks(search, place, text)
                self.texts_searched += 1
        result.seconds = time.process_time() - start
        if result.seconds > LIMIT_SECONDS:
            result.failures.append(f"took more than {LIMIT_SECONDS:g} s")
        shutil.rmtree(root)
        self.results.append(result)


@dataclass
class _Rows:
    """The rows of one file beside those of its plain twin."""

    table: TableContract
    columns: list[str]
    key: int
    one: _Prepared
    lines: list[tuple[Any, ...]]
    away: list[tuple[Any, ...]]
    noted: set[str]

    def wrong(self, plain: dict[int, tuple[Any, ...]], report: FileReport) -> list[str]:
        """What is not as it must be."""
        number, file = self.one.case.number, self.one.file
        numbered = {keys_of(self.table, number, row): row for row in range(ROWS)}
        here = {numbered[line[self.key]]: line for line in self.lines if line[self.key] in numbered}
        if self.one.case.kind.harmless:
            if self.away or len(here) != ROWS or len(self.lines) != ROWS:
                return [f"harmless, and {ROWS - len(here)} rows lost, {len(self.away)} in quarantine"]
            altered = self._altered(plain, here, {})
            return [f"harmless, and altered: {', '.join(altered)}"] if altered else []
        apart = "\n".join(str(value) for line in self.away for value in line)
        if file.touched:
            row, column, value = file.touched
            if lost := [k for k, r in numbered.items() if r not in here and k not in apart]:
                return [f"{len(lost)} rows lost"]
            altered = self._altered(plain, here, {row: column})
            found = [f"other cells altered: {', '.join(altered)}"] if altered else []
            return found + (self._cell(here[row], column, value) if row in here else [])
        if file.rows is not None and report.rows_read < min(file.rows, ROWS):
            return [f"{min(file.rows, ROWS) - report.rows_read} rows lost"]
        above = any("above" in text for text in report.passed_over)
        staged = [str(line[self.key]) for line in self.lines]
        if file.rows is None and not above and file.suffix == ".csv":
            text = file.content.replace(b"\0", b"").decode("utf-8", "replace")
            here_or_apart = "\n".join([*staged, apart]).replace("\\u0000", "")
            lost = [k for k in numbered if k in text and k not in here_or_apart]
            if lost:
                return [f"{len(lost)} rows lost whose keys stand in the file"]
        return []

    def _altered(
        self, plain: dict[int, tuple[Any, ...]], here: dict[int, tuple[Any, ...]], touched: dict[int, str]
    ) -> list[str]:
        """Columns in which cells differ, but for ids, the touched cell and columns with a note."""
        found: dict[str, None] = {}
        for row, line in here.items():
            for place, name in enumerate(self.columns):
                if name[0] == "_" or name in self.table.ids or line[place] == plain[row][place]:
                    continue
                root = self._root(name)
                if root == touched.get(row) or root in self.noted:
                    continue
                found[name] = None
        return list(found)

    def _root(self, staged: str) -> str:
        """The delivered column that a staged one is made of."""
        return max((name for name in self.table.columns if staged.startswith(name)), key=len, default=staged)

    def _cell(self, line: tuple[Any, ...], column: str, value: str) -> list[str]:
        """Whether the touched cell came out as another value than was written, without a note."""
        if column in self.noted or column not in self.columns:
            return []
        now, kind = line[self.columns.index(column)], self.table.columns[column].type
        if now is None:
            bare = value.strip(" \t\n\r\u00a0'\"=-.?\u200b\u2060\ufeff\u3164\u2003").lower()
            no_answer = ("", "n/a", "null", "none", r"\n", "tidak tahu", "tt", "na")
            return [] if bare in no_answer else [f"{column} emptied without a note"]
        if kind in ("integer", "decimal"):
            with suppress(ValueError, OverflowError):
                return [] if float(value) == float(now) else [f"{column} is another number"]
        if kind == "string" and _letters(str(now)) != _letters(value):
            return [f"{column} is another text"]
        return []


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum()).casefold()


def _values(view: View, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Personal values of a file: of the columns that the contract says are, and the ids."""
    columns = view.table.columns
    places = [i for i, name in enumerate(view.columns) if columns[name].pii or name in view.table.ids]
    for row in rows:
        for place in places:
            yield row[place]


def _personal(one: _Prepared) -> list[str]:
    return [*_values(one.draft.view, rows_of(one.draft.view, one.case.number)), *one.file.personal]


def _search_of(one: _Prepared) -> Search:
    return Search(_personal(one))


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise TooLong in what takes longer: a pipe without a writer would be waited for without an end."""

    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def campaign(work: Path, *, searched: bool = False) -> Iterator[Campaign]:
    """A campaign with a connection of its own, in the folder ``work``, which is emptied."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with in_memory(work / "luapan") as con:
        con.execute("set threads = 1")  # a handful of rows: waking threads costs more than they do
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        load_seeds(con)
        yield Campaign(con, work, searched=searched)


def peak_megabytes() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def chosen(
    seed: int, mutations: int, *, only: str | None = None, number: int | None = None, searched: bool = False
) -> list[Case]:
    """The first ``mutations`` cases, or the one of ``number``."""
    listed = cases(seed, only=only, searched=searched)
    if number is None:
        return list(islice(listed, mutations))
    return [next(case for case in listed if case.number >= number)]
