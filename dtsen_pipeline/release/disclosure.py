"""Keep the open tables from saying anything of a few families.

What belongs here: which cells are withheld, and the tables ``publikasi.*`` of the warehouse that follow. Counting and rounding are
SQL (``dbt_like_sql/models/publikasi``). Which cells must go with the small ones depends on what is withheld already, so it is an
algorithm in Python. What is done and why, and the attacks it was tried against, stands in ``docs/disclosure.md``.

The cells are families by area and national tenth, with the area's total as an eleventh column. Areas lie in each other
(nation, province, regency or city, district). A withheld cell is safe when families could be exchanged behind it without changing
a published figure: some between two tenths in one area, as many back in another area, both cells withheld in both areas and in
every area above them up to the one that holds both. So an area with a small cell gets a *partner* that withholds the same cells,
and a withheld cell above is *carried* by areas below. Persons are withheld where families are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dtsen_pipeline import config
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import contents, dictionary
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.keys import Keys

SMALLEST_AREA = 20  # Families. Below it all tenths are small and cannot hide behind one another, so the total goes too.
MARGIN = 10  # A withheld cell comes back only this much above the bound: a smaller step would tell of a few families.
ONE_TENTH_HOLDS = 0.9  # Share of an area's families in one tenth from which living there tells the tenth.
ONE_TENTH_HELD = 0.8  # An area withheld for that stays so until the share falls below this.

TABLES = ("publikasi.sel", "publikasi.lalu", "publikasi.ditahan", "publikasi.terbuka", "publikasi.kolom")

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def make_tables(con: duckdb.DuckDBPyConnection, releases: Sequence[Release], month: str, key: Keys) -> None:
    """Make all ``publikasi`` tables of ``month``, given every release of the ledger.

    Raises DtsenError where an open file of an earlier release is missing or changed.
    """
    control(con, earlier_tables(releases, month))
    list_columns(con, key)


def list_columns(con: duckdb.DuckDBPyConnection, key: Keys) -> None:
    """Write ``publikasi.kolom``: every column of the open and restricted tables, and whether it may be published there.

    The marts' own columns are listed as well, and may stand where they are declared.
    """
    columns = [
        (f"terbuka/{name}", column, dictionary.may_be_open(name, column))
        for name, sql in contents.OPEN.items()
        for column in _columns_of(con, sql)
    ]
    columns += [
        (f"terbatas/{name}", column, dictionary.may_be_restricted(name, column))
        for name, sql in dictionary.restricted(con, key).items()
        for column in _columns_of(con, sql)
    ]
    columns += [
        (f"marts.{name}", column, dictionary.declaration(name, column) is not None)
        for name in ("anggota", "keluarga")
        for column in _columns_of(con, f"from marts.{name}")
    ]
    con.execute("create or replace table publikasi.kolom (tabel varchar, kolom varchar, boleh boolean)")
    con.executemany("insert into publikasi.kolom values (?, ?, ?)", columns)


def _columns_of(con: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [column for column, *_ in con.execute(f"describe {sql}").fetchall()]


def control(con: duckdb.DuckDBPyConnection, earlier: Sequence[Mapping[str, Path]]) -> None:
    """Make the ``publikasi`` tables of the month behind ``con``, which the rules and the open files read.

    ``earlier`` are the open Parquet files (table: path) of the last release of a month before, and then of each revision of the
    month itself. The tables are laid beside the first of them beside which they equal the newest revision's, so that the same
    month again gives the same tables. Where there is none, other data came in, and they are laid beside the newest revision.
    """
    run_models(con, ["publikasi.sel"])
    if not earlier:
        _lay_beside(con, {})
    for number, files in enumerate(earlier):
        _lay_beside(con, files)
        if number + 1 < len(earlier) and _equals_open_files(con, earlier[-1]):
            break


def earlier_tables(releases: Sequence[Release], month: str) -> list[Mapping[str, Path]]:
    """Return what ``control`` takes as ``earlier``, from the whole ledger.

    Whether a release still stands does not matter: the figures of one that was withdrawn are known all the same. Those that
    were deleted are passed over: what came after them was laid beside them, and that chain must end in one that is there. One of a
    version without disclosure control withheld nothing, so there is nothing in it to go on with. Raises DtsenError where a
    released file is missing or changed, InputError where the release that the new one must be laid beside was deleted.
    """
    before = [entry for entry in releases if entry.month < month][-1:]
    mine = [entry for entry in releases if entry.month == month]
    last = [*before, *mine][-1:]
    if last and last[0].gone:
        raise InputError(
            f"{last[0].name} sudah dihapus / was deleted ({last[0].deleted:%Y-%m-%d}): angka terbukanya sudah diketahui umum dan "
            "tidak dapat dibandingkan lagi / its open figures are known to everybody and cannot be compared any more",
            expected="rilis terakhir sampai bulan itu masih ada / the last release up to that month is there",
            action=f"{month} tidak dapat diterbitkan lagi; perbaiki di bulan berikutnya / it cannot be published any more: mend "
            "it in the next month",
        )
    tables = [_open_tables(entry) for entry in [*before, *mine] if not entry.gone]
    present = [files for files in tables if files]
    return present if before and (before[0].gone or tables[0]) else [{}, *present]


def _open_tables(entry: Release) -> Mapping[str, Path]:
    files = {name: f"terbuka/{name}.parquet" for name in contents.OPEN}
    if not contents.manifest_lists(entry, *files.values()):
        return {}
    return {name: contents.check_file(entry, file) for name, file in files.items()}


def _lay_beside(con: duckdb.DuckDBPyConnection, files: Mapping[str, Path]) -> None:
    """Make the tables so that they can stand beside the open ``files`` of an earlier release."""
    con.execute(
        """create or replace table publikasi.lalu
        (jalur varchar, desil integer, keluarga bigint, orang bigint)"""
    )
    for name, path in files.items():
        con.execute(f"insert into publikasi.lalu {contents.OPEN_BACK[name]}", [str(path)])
    cells = con.execute(query("release/sel_ditahan_lalu")).fetchnumpy()
    areas = cells["jalur"].reshape(-1, 11)[:, 0]
    number = {area: index for index, area in enumerate(areas)}
    parent = np.array([number.get(area, -1) for area in np.ma.filled(cells["induk"], None).reshape(-1, 11)[:, 0]], int)
    counts = np.asarray(cells["keluarga"], np.int64).reshape(-1, 11)
    held = withheld(counts, parent, np.asarray(cells["ditahan"], bool).reshape(-1, 11))
    rows, columns = np.nonzero(held)
    con.register(
        "pola", pa.table({"jalur": pa.array(areas[rows], pa.string()), "desil": pa.array(columns, pa.int32())})
    )
    con.execute("create or replace table publikasi.ditahan as select jalur, desil from pola order by jalur, desil")
    con.unregister("pola")
    run_models(con, ["publikasi.terbuka"])


# The union has as many SELECTs as there are open tables, and the file names are parameters by position.
def _equals_open_files(con: duckdb.DuckDBPyConnection, files: Mapping[str, Path]) -> bool:
    theirs = " union all ".join(contents.OPEN_BACK[name] for name in files)
    paths = [str(path) for path in files.values()]
    ours = "select jalur, desil, keluarga, orang from publikasi.terbuka"
    differs = con.execute(
        f"select exists(({ours}) except ({theirs})) or exists(({theirs}) except ({ours}))", [*paths, *paths]
    ).fetchone()
    return differs == (False,)


def withheld(counts: Counts, parent: npt.NDArray[np.int64], before: Mask) -> Mask:
    """Return which cells the open tables withhold, (areas, 11).

    ``counts`` is (areas, 11) families: the total, then the ten tenths; ``parent`` (areas,) the row of the area above, smaller than
    its own, -1 for the nation; ``before`` (areas, 11) what the last release withheld.
    """
    return _Withholding(counts, parent, before).held


class _Withholding:
    """The withheld cells (``held``) while they grow.

    ``need_up`` and ``need_down`` are by how many families a cell must seem able to rise and fall.
    """

    def __init__(self, counts: Counts, parent: npt.NDArray[np.int64], before: Mask) -> None:
        self.x, self.parent, self.before = counts, parent, before
        order = np.argsort(parent, kind="stable")
        bounds = np.searchsorted(parent[order], np.arange(len(parent) + 1))
        self.children = [order[start:end] for start, end in pairwise(bounds)]
        self._start()
        inner = [area for area in range(len(parent)) if len(self.children[area])]
        for area in reversed(inner):
            self._find_partners(area)
        for area in inner:
            self._find_carriers(area)
        self._close()

    def _start(self) -> None:
        """Withhold each cell that is too small itself, and each that was withheld and may not come back yet."""
        x, total, tenths = self.x, self.x[:, :1], self.x[:, 1:]
        bound = np.full(11, config.SMALLEST_COUNT)
        bound[0] = SMALLEST_AREA
        small = x < bound
        top = tenths.max(axis=1, keepdims=True)
        held_whole = self.before[:, 1:].all(axis=1, keepdims=True)
        one_tenth = (top >= ONE_TENTH_HOLDS * total) | (held_whole & (top >= ONE_TENTH_HELD * total))
        self.held = small.copy()
        self.held[:, 1:] |= one_tenth
        self.need_up = np.where(small, config.SMALLEST_COUNT, 0)
        self.need_down = np.where(small, x, 0)
        # It must seem possible that fewer than half of the families are in that tenth.
        ruling = one_tenth & (tenths == top) & ~small[:, 1:]
        self.need_down[:, 1:] = np.maximum(self.need_down[:, 1:], np.where(ruling, tenths - total // 2, 0))
        # A cell that comes back while its neighbours stay the same would give last month's small one away.
        alive = np.unique(self.parent[(self.held | (self.before & (x < bound + MARGIN))).any(axis=1)])
        self.held |= self.before & np.isin(self.parent, alive)[:, None]
        for area in np.flatnonzero(self.held.any(axis=1)):
            self._fill_row(area)

    def _fill_row(self, area: int | np.integer[Any]) -> None:
        """Withhold more tenths of the area until each small one has ten families beside it to exchange with."""
        row, held = self.x[area], self.held[area]
        if held[0]:
            held[1:] = True
            return
        wanted = (row + np.maximum(self.need_up[area], 1))[held].max()
        while (missing := wanted - row[held].sum()) > 0 or held.sum() < 2:
            free = np.flatnonzero(~held[1:]) + 1
            if not len(free):
                held[0] = True
                return
            enough = free[row[free] >= max(missing, SMALLEST_AREA)]
            held[enough[np.argmin(row[enough])] if len(enough) else free[np.argmax(row[free])]] = True

    def _find_partners(self, above: int) -> None:
        """Give every area below ``above`` the partners that its withheld cells need; without any, ``above`` withholds them too."""
        areas = self.children[above]
        for area in areas[np.argsort(-self.need_down[areas].max(axis=1), kind="stable")]:
            if self.held[area].any() and not self._partner(area, areas[areas != area], self.held[area].copy()):
                shared = self.held[area].copy()
                # The total, if it is withheld, can hide among the neighbours although the tenths cannot.
                if shared[0] and self.x[above, 0] - self.x[area, 0] >= config.SMALLEST_COUNT:
                    self.held[areas[areas != area]] |= shared
                    shared[0] = False
                self.held[above] |= shared
                self.need_up[above, shared] = np.maximum(self.need_up[above, shared], self.need_up[area, shared])
                self.need_down[above, shared] = np.maximum(self.need_down[above, shared], self.need_down[area, shared])
        if self.held[above].any():
            self._fill_row(above)

    def _partner(self, area: int, others: npt.NDArray[np.int64], shared: Mask) -> bool:
        """Let as few of ``others`` as suffice withhold the cells ``shared`` of ``area``; False where all do not suffice."""
        up = self.need_up[area][shared]
        down = self.need_down[area][shared]
        cells = self.x[others][:, shared]
        tenths = self.x[others][:, np.where(shared, np.arange(11) > 0, False)]
        room = tenths.sum(axis=1, keepdims=True) - cells
        if shared[0]:
            room[:] = 2**40  # Without end: families may come from the neighbour in the same tenth.
        sharing: Mask = np.asarray(self.held[others][:, shared].all(axis=1))

        have, spare = cells[sharing].sum(axis=0), room[sharing].sum(axis=0)
        # What is withheld for others' sake alone must not be left the only gap of its column either.
        if sharing.any() and (have >= up).all() and (spare >= down).all():
            return True
        alone = ((have + cells >= up) & (spare + room >= down)).all(axis=1) & ~sharing
        if alone.any():
            cost = np.where(self.held[others][:, shared], 0, cells).sum(axis=1)
            chosen = np.flatnonzero(alone)[np.argmin(cost[alone]) :][:1]
        else:
            useful = np.minimum(cells, up).sum(axis=1) + np.minimum(room, down).sum(axis=1)
            order = np.argsort(-useful, kind="stable")
            order = order[~sharing[order]]
            met = [
                bool(
                    (have + cells[order[:n]].sum(axis=0) >= up).all()
                    and (spare + room[order[:n]].sum(axis=0) >= down).all()
                )
                for n in range(1, len(order) + 1)
            ]
            if True not in met:
                return False
            chosen = order[: met.index(True) + 1]
        self.held[others[chosen]] |= shared
        return True

    def _find_carriers(self, above: int) -> None:
        """Let areas below ``above`` withhold what it does, as many as can move what it and its neighbours need."""
        shared = self.held[above]
        if not shared.any():
            return
        areas = self.children[above]
        # What the last release withheld there goes on, or it would give away the cell above as it was then.
        again = (self.before[areas] & shared).any(axis=1)
        self.held[areas[again]] |= self.before[areas[again]]
        beside = self.children[self.parent[above]] if self.parent[above] >= 0 else [above]
        moves = max(config.SMALLEST_COUNT, self.need_up[beside].max(), self.need_down[beside].max())
        cells = self.x[areas][:, shared]
        tenths = self.x[areas][:, np.where(shared, np.arange(11) > 0, False)]
        room = tenths.sum(axis=1, keepdims=True) - cells
        enough_cells, enough_room = np.minimum(cells.sum(axis=0), moves), np.minimum(room.sum(axis=0), moves)
        sharing = self.held[areas][:, shared].all(axis=1)
        useful = np.minimum(cells, moves).sum(axis=1) + np.minimum(room, moves).sum(axis=1)
        order = np.lexsort((np.arange(len(areas)), -useful, ~sharing))
        for n in range(max(1, int(sharing.sum())), len(order) + 1):
            who = order[:n]
            if (cells[who].sum(axis=0) >= enough_cells).all() and (room[who].sum(axis=0) >= enough_room).all():
                break
        self.held[areas[order[:n]]] |= shared
        for area in areas[order[:n]]:
            self._fill_row(area)

    def _close(self) -> None:
        """Withhold more until no sum has a single gap, which subtraction would fill."""
        while True:
            grown = False
            for area in np.flatnonzero((self.held.sum(axis=1) == 1) | (self.held[:, 0] & ~self.held.all(axis=1))):
                self._fill_row(area)
                grown = True
            below = np.zeros(self.held.shape, int)
            np.add.at(below, self.parent[1:], self.held[1:].astype(int))
            inner = np.array([len(areas) > 0 for areas in self.children])
            for area, column in np.argwhere((below + self.held == 1) & inner[:, None]):
                areas = self.children[area]
                free = areas[~self.held[areas, column]]
                useful = free[self.x[free, column] > 0]
                if len(useful):
                    wide = useful[self.x[useful, column] >= SMALLEST_AREA]
                    choice = (
                        wide[np.argmin(self.x[wide, column])]
                        if len(wide)
                        else useful[np.argmax(self.x[useful, column])]
                    )
                    self.held[choice, column] = True
                else:
                    self.held[area, column] = True
                grown = True
            if not grown:
                return
