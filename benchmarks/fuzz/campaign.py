"""Reads mutated files as the pipeline does and judges what came out.

What belongs here: many files read as one delivery, and the questions that every file answers. Was it refused by an error for
people that names it? Are all rows accounted for (``comparison``)? Is nobody named in what leaves (``leaks``)?

Files are read in deliveries of many, since the planning of the queries costs more than the rows. A file that stops its delivery is
taken out and counted as refused; where anything else stops it, the files are read one by one.
"""

from __future__ import annotations

import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.fuzz.cases import Case
from benchmarks.fuzz.comparison import Comparison
from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import write_csv
from benchmarks.fuzz.landing import PLAIN, Prepared, delivery_folder, lay_out, twin_stem
from benchmarks.fuzz.leaks import Search, personal_values, texts
from benchmarks.fuzz.limits import HANGING_SECONDS, LIMIT_SECONDS, alarm
from benchmarks.fuzz.plain_rows import MONTH, ROWS, keys_of, rows_of, views
from dtsen_pipeline.contracts import find_delivery, reader
from dtsen_pipeline.contracts.incoming import create_incoming
from dtsen_pipeline.contracts.ingest import load_file
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.reader import FileReport
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import load_seeds, run_models
from dtsen_pipeline.storage.warehouse import SCHEMAS, in_memory

# Files in one delivery.
SLOTS = 64
OUTCOMES = ("staged", "noted", "quarantined", "refused")
# A month that lies in the landing folder before a kind arranges it.
_EARLIER = "2025-02"
# Bytes from which a file is read by itself.
_LARGE = 1 << 18


@dataclass
class Result:
    """What became of a mutation: ``outcome`` is one of OUTCOMES, ``failures`` say what was wrong with it."""

    case: Case
    outcome: str = "staged"
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    reason: str = ""


class Campaign:
    """Reads cases over one connection; ``results`` come in the order in which they were judged."""

    def __init__(self, con: duckdb.DuckDBPyConnection, work: Path, *, searched: bool = False) -> None:
        self.con, self.work, self.searched = con, work, searched
        self.results: list[Result] = []
        self._waiting: dict[str, list[Prepared]] = defaultdict(list)
        self._refused: dict[str, bool] = {}
        self._serial = count()
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
        """Make the file of a case and read it, alone or when enough others wait."""
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
        prepared = Prepared(case, draft, file, path, time.process_time() - start)
        if case.kind.rare or len(file.content) > _LARGE:
            self._read([prepared])
        elif not (self._refused.get(case.kind.name, True) and self._refused_alone(prepared)):
            self._waiting[table.raw].append(prepared)
            if len(self._waiting[table.raw]) >= SLOTS:
                self._read(self._waiting.pop(table.raw))

    def _refused_alone(self, prepared: Prepared) -> bool:
        """Say whether a file is refused by itself: then its delivery need not be read twice.

        It is asked of kinds that were refused before, or are new.
        """
        start = time.process_time()
        self._refused.setdefault(prepared.case.kind.name, False)
        create_incoming(self.con, prepared.draft.table)
        try:
            load_file(self.con, prepared.path, prepared.path.name, prepared.draft.table)
        except InputError as error:
            self._refused[prepared.case.kind.name] = True
            self._refuse(prepared, error, time.process_time() - start)
            return True
        except Exception:  # noqa: BLE001 - reported when it is read with the others
            return False
        return False

    # --- deliveries of many files

    def _read(self, batch: Sequence[Prepared]) -> None:
        """Read files of one table as one delivery and judge each."""
        table = batch[0].draft.table
        start = time.process_time()
        landing = self._lay_out(table, batch)
        left = {delivery_folder(landing, table) / prepared.path.name: prepared for prepared in batch}
        while left:
            try:
                with alarm(HANGING_SECONDS + 5 * len(left)):
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
                ((_, prepared),) = left.items()
                self._fail(prepared, f"{type(error).__name__} reached the caller", time.process_time() - start)
                left = {}
        if left:
            self._judge(table, landing, left, reports, start, len(batch))

    def _one_by_one(self, batch: Sequence[Prepared]) -> None:
        for prepared in batch:
            self._read([prepared])

    def _lay_out(self, table: TableContract, batch: Sequence[Prepared]) -> Path:
        landing = self.work / "landing"
        lay_out(landing, table, batch)
        return landing

    # --- judgement

    def _judge(
        self,
        table: TableContract,
        landing: Path,
        left: dict[Path, Prepared],
        reports: list[FileReport],
        start: float,
        batch: int,
    ) -> None:
        """Judge the files that are ``left`` of a delivery of ``batch`` files, which began at ``start``."""
        files = find_delivery(landing, MONTH, table.source).files[table.name]
        of_table = [report for report in reports if report.tabel == table.name]
        report_of = dict(zip(files, of_table, strict=True))
        model = f"staging.stg_{table.source}__{table.name}"
        run_models(self.con, [model])
        columns, staged = self._by_file(model)
        kept_columns, kept = self._by_file(table.quarantine)
        reasons = self._pairs("select distinct file, line from quarantine.alasan where source = ?", table.source)
        notes = self._pairs("select distinct file, kolom from quarantine.catatan where source = ?", table.source)
        key = columns.index(table.key[0])
        plain: dict[tuple[str, ...], dict[int, tuple[Any, ...]]] = {}
        for number, view in enumerate(views(table)):
            report = next(report for path, report in report_of.items() if path.stem == twin_stem(table, number))
            numbered = {keys_of(table, PLAIN + number, row): row for row in range(ROWS)}
            plain[view.columns] = {numbered[line[key]]: line for line in staged[report.file]}
            assert len(plain[view.columns]) == ROWS and not report.values_noted, (
                f"{table.raw}: the plain file is not plain"
            )
        seconds = (time.process_time() - start) / batch
        for path, prepared in left.items():
            report = report_of[path]
            result = Result(prepared.case, seconds=prepared.seconds + seconds)
            if report.rows_quarantined:
                result.outcome = "quarantined"
            elif report.values_noted:
                result.outcome = "noted"
            lines, in_quarantine = staged.get(report.file, []), kept.get(report.file, [])
            if (len(lines), len(in_quarantine)) != (
                report.rows_read - report.rows_quarantined,
                report.rows_quarantined,
            ):
                result.failures.append("rows told are not the rows that are there")
            line_of = kept_columns.index("_line")
            if any((report.file, line[line_of]) not in reasons for line in in_quarantine):
                result.failures.append("a row in quarantine has no reason")
            comparison = Comparison(
                table,
                columns,
                key,
                prepared,
                lines,
                in_quarantine,
                {kolom for file, kolom in notes if file == report.file},
            )
            result.failures += comparison.faults(plain[prepared.draft.view.columns], report)
            self._done(result)
        if self.searched:
            self._search(table, left)

    def _by_file(self, table: str) -> tuple[list[str], dict[str, list[tuple[Any, ...]]]]:
        """Give the columns of a table, and its rows by file."""
        result = self.con.execute(f"from {table}")
        columns = [name for name, *_ in result.description or ()]
        by_file: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        place = columns.index("_file")
        for row in result.fetchall():
            by_file[row[place]].append(row)
        return columns, by_file

    def _pairs(self, sql: str, source: str) -> set[tuple[Any, Any]]:
        return {(a, b) for a, b in self.con.execute(sql, [source]).fetchall()}

    def _refuse(self, prepared: Prepared, error: InputError, seconds: float) -> None:
        result = Result(prepared.case, "refused", prepared.seconds + seconds, reason=error.message)
        if not error.file:
            result.failures.append("the error names no file")
        if prepared.case.kind.harmless:
            result.failures.append(f"a harmless file is refused: {error.message[:90]}")
        result.failures += self._leaks(_search_of(prepared), "error", str(error))
        self.texts_searched += 1
        self._done(result)

    def _fail(self, prepared: Prepared, what: str, seconds: float) -> None:
        self._done(Result(prepared.case, "refused", prepared.seconds + seconds, [what]))

    def _done(self, result: Result) -> None:
        if result.seconds > LIMIT_SECONDS:
            result.failures.append(f"took more than {LIMIT_SECONDS:g} s")
        self.results.append(result)

    # --- search

    def _leaks(self, search: Search, place: str, text: str) -> list[str]:
        named = search.matches(text)
        return [f"{len(named)} personal values in the {place}"] if named else []

    def _search(self, table: TableContract, left: dict[Path, Prepared]) -> None:
        """Search what is said of the delivery; where somebody is named, read each file by itself to see whose it is."""
        everyone = Search(value for prepared in left.values() for value in _personal(prepared))
        texts_now = list(texts(self.con))
        self.texts_searched += len(texts_now)
        if not any(everyone.matches(text) for _, text in texts_now):
            return
        by_case = {result.case.number: result for result in self.results[-len(left) :]}
        for prepared in left.values():
            if len(left) > 1:
                reader.read_source(self.con, self._lay_out(table, [prepared]), MONTH, table.source)
                texts_now = list(texts(self.con))
            for place, text in texts_now:
                by_case[prepared.case.number].failures += self._leaks(_search_of(prepared), place, text)

    # --- kinds that arrange the landing folder themselves

    def _arranged(self, case: Case, draft: Draft) -> None:
        """Have a kind arrange a landing folder, beside an earlier month, and judge what the reader makes of it."""
        assert case.kind.arrange
        start = time.process_time()
        root = self.work / "tatanan"
        shutil.rmtree(root, ignore_errors=True)
        landing = root / "landing"
        earlier = landing / _EARLIER / draft.table.source / f"{draft.table.files}.csv"
        earlier.parent.mkdir(parents=True)
        write_csv(earlier, draft.labels, rows_of(draft.view, PLAIN)[:5])
        values = [*personal_values(draft.view, draft.rows), *(case.kind.arrange(draft, landing) or ())]
        result = Result(case)
        search = Search(values)
        try:
            with alarm(HANGING_SECONDS):
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


def _personal(prepared: Prepared) -> list[str]:
    return [
        *personal_values(prepared.draft.view, rows_of(prepared.draft.view, prepared.case.number)),
        *prepared.file.personal,
    ]


def _search_of(prepared: Prepared) -> Search:
    return Search(_personal(prepared))


@contextmanager
def campaign(work: Path, *, searched: bool = False) -> Iterator[Campaign]:
    """Open a campaign with a connection of its own, in the folder ``work``, which is emptied."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with in_memory(work / "luapan") as con:
        con.execute("set threads = 1")  # a handful of rows: waking threads costs more than they do
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        load_seeds(con)
        yield Campaign(con, work, searched=searched)
