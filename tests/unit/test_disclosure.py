"""The open tables tell nothing of a few families, to whoever subtracts, solves or compares; the restricted ones no person."""

from __future__ import annotations

import csv
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pytest
import sqlglot
from pydantic import SecretStr
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from checks.rules import RULES
from dtsen_pipeline import config
from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard import page
from dtsen_pipeline.dashboard.collect import collect
from dtsen_pipeline.quality import gate
from dtsen_pipeline.release import contents, dictionary, disclosure
from dtsen_pipeline.sql import models
from dtsen_pipeline.storage import keys, warehouse

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Cell = tuple[int, int]

# The attacker: knows every published figure as it was before rounding, and that nobody is counted below zero.


def country(seed: int) -> tuple[Counts, Counts]:
    """A random nation of up to 3 x 3 x 3 districts: families (area, total and ten tenths), and the area above each."""
    rng = np.random.default_rng(seed)
    parent, level = [-1], [0]
    for depth in range(3):
        for above in [area for area, at in enumerate(level) if at == depth]:
            parent += (below := [above] * rng.integers(1, 4))
            level += [depth + 1] * len(below)
    size, evenness = (60, 300, 1500)[seed % 3], (0.3, 1, 5)[seed // 3 % 3]
    counts = np.zeros((len(parent), 11), np.int64)
    for area in np.flatnonzero(np.array(level) == 3):
        shares = rng.dirichlet(np.full(10, evenness) * np.exp(rng.normal(0, 1.2, 10)))
        counts[area, 1:] = rng.multinomial(int(rng.lognormal(np.log(size), 1)), shares)
    return summed(counts, np.array(parent)), np.array(parent)


def summed(counts: Counts, parent: Counts) -> Counts:
    """The same districts, with all totals above them."""
    counts = counts.copy()
    counts[np.unique(parent[parent >= 0])] = 0
    counts[:, 0] = counts[:, 1:].sum(axis=1)
    for area in range(len(parent) - 1, 0, -1):
        counts[parent[area]] += counts[area]
    return counts


def small(counts: Counts) -> list[Cell]:
    bound = np.full(11, config.SMALLEST_COUNT)
    bound[0] = disclosure.SMALLEST_AREA
    return [(int(area), int(column)) for area, column in np.argwhere(counts < bound)]


def attack(counts: Counts, parent: Counts, held: Mask, cells: Iterable[Cell]) -> dict[Cell, tuple[float, float]]:
    """Lowest and highest count of each of ``cells`` that all published figures allow, by linear programming."""
    districts = np.flatnonzero(~np.isin(np.arange(len(parent)), parent))

    def sum_of(area: int, column: int) -> npt.NDArray[np.float64]:
        inside = []
        for district in districts:
            while district > area:
                district = parent[district]
            inside.append(district == area)
        tenths = [column in (0, tenth) for tenth in range(1, 11)]
        return np.outer(inside, tenths).astype(float).ravel()

    told = np.argwhere(~held)
    sums = csr_matrix(np.array([sum_of(area, column) for area, column in told]))
    values = np.array([counts[area, column] for area, column in told], float)
    found = {}
    for area, column in cells:
        aim = sum_of(area, column)
        low, high = (linprog(sign * aim, A_eq=sums, b_eq=values, method="highs") for sign in (1, -1))
        found[area, column] = (low.fun, -high.fun if high.status == 0 else np.inf)
    return found


def exposed(counts: Counts, parent: Counts, held: Mask) -> list[Cell]:
    """Small cells of which an attacker can rule out that they are empty, or that they are ten."""
    found = attack(counts, parent, held, small(counts))
    return [cell for cell, (low, high) in found.items() if low > 1e-6 or high < config.SMALLEST_COUNT - 1e-6]


def nothing(counts: Counts) -> Mask:
    return np.zeros(counts.shape, bool)


def test_small_cells_alone_withheld_are_solved() -> None:
    counts, parent = country(5)
    held = nothing(counts)
    held[tuple(np.array(small(counts)).T)] = True
    found = attack(counts, parent, held, small(counts))
    solved = [cell for cell, (low, high) in found.items() if high - low < 1e-6]
    assert len(solved) >= 5
    assert all(found[cell][0] == pytest.approx(counts[cell]) for cell in solved)


@pytest.mark.parametrize("seed", range(9))
def test_no_small_cell_is_narrowed_by_any_sum(seed: int) -> None:
    counts, parent = country(seed)
    held = disclosure.withheld(counts, parent, nothing(counts))
    assert held[tuple(np.array(small(counts)).T)].all()
    assert exposed(counts, parent, held) == []


def test_what_need_not_be_withheld_is_told() -> None:
    counts, parent = summed_table([[100] * 9 + [4], [100] * 10, [100] * 10])
    held = disclosure.withheld(counts, parent, nothing(counts))
    assert held.sum() == 4 and held[3:5, 10].all(), (
        "the small cell, one tenth beside it, and both again in one neighbour"
    )
    assert not disclosure.withheld(*summed_table([[100] * 10] * 2), nothing(counts)[:5]).any()


def summed_table(tenths: list[list[int]]) -> tuple[Counts, Counts]:
    """Districts of one regency."""
    counts = np.zeros((3 + len(tenths), 11), np.int64)
    counts[3:, 1:] = tenths
    parent = np.array([-1, 0, 1, *[2] * len(tenths)])
    return summed(counts, parent), parent


def test_where_nearly_all_are_of_one_tenth_no_tenth_is_told_nor_which_area_it_is() -> None:
    counts, parent = summed_table([[950, 20, 10, 20, 0, 0, 0, 0, 0, 0], [100] * 10, [120] * 10])
    off = counts < config.SMALLEST_COUNT
    assert not off[3, 1], "95 percent of one tenth, told"
    held = disclosure.withheld(counts, parent, nothing(counts))
    assert held[3, 1:].all() and not held[3, 0]
    assert held[4:, 1:].all(axis=1).any(), "a neighbour looks the same"
    ((low, _),) = attack(counts, parent, held, [(3, 1)]).values()
    assert low < counts[3, 0] / 2


def test_a_neighbour_too_small_to_hide_behind_is_not_enough() -> None:
    counts, parent = summed_table([[950, 20, 10, 20, 0, 0, 0, 0, 0, 0], [25] * 10, [200] * 10])
    held = disclosure.withheld(counts, parent, nothing(counts))
    ((low, _),) = attack(counts, parent, held, [(3, 1)]).values()
    assert low < counts[3, 0] / 2


def test_a_thousand_times_larger_takes_no_longer() -> None:
    rng = np.random.default_rng(1)
    parent = np.concatenate(
        [[-1], np.zeros(38, int), 1 + np.arange(514) * 38 // 514, 39 + np.arange(7200) * 514 // 7200]
    )
    counts = np.zeros((len(parent), 11), np.int64)
    counts[553:, 1:] = rng.lognormal(6.5, 1.2, (7200, 10))
    counts = summed(counts, parent)
    held = disclosure.withheld(counts, parent, nothing(counts))
    assert 0 < held.mean() < 0.02


# What is told beside the tables: manifest, pages, event log

DECIMAL = re.compile(r"(?<![\d.,])0?[.,]\d{3,}(?!\d)")
ALIKE, LARGEST = 0.1, 1000


def betrayed(text: str, withheld: Iterable[int]) -> set[tuple[str, int]]:
    """Decimals of ``text`` that tell one of the counts ``withheld``, and which.

    A decimal of four digits or more does where it is, to its last digit, a fraction of that count and of few other numbers: it was
    divided by it. By whatever it was multiplied, its lowest terms are found by trying.
    """
    found = set()
    counts = sorted({count for count in withheld if 2 < count <= LARGEST})
    for told in set(DECIMAL.findall(text)):
        digits = re.split("[.,]", told)[1]
        if len(digits.lstrip("0")) < 4:
            continue
        value, unit = float(f"0.{digits}"), 0.5 * 10.0 ** -len(digits)
        of = np.arange(2, LARGEST + 1)
        fits = np.abs(value * of - np.round(value * of)) <= of * unit + 1e-9
        if fits.mean() <= ALIKE:
            found |= {(told, count) for count in counts if fits[count - 2]}
    return found


def test_a_raw_fraction_of_a_small_area_gives_its_count_away() -> None:
    assert betrayed(f"porsi = {3 / 65}", [65, 64, 66, 40]) == {(str(3 / 65), 65)}
    assert betrayed(f'<data value="{7 / 103:.6g}">{7 / 103:.6g}</data>', [103, 102, 104]) == {("0.0679612", 103)}
    assert betrayed("0,046153846 dan 4,6 % dan 3 dari 0.046 dan 1.234 baris", [65]) == {("0,046153846", 65)}
    assert betrayed("0.5000 0.25 0.125", [8, 40, 65]) == set(), "halves and quarters are fractions of many"


def test_the_rules_by_area_tell_no_count_of_a_small_area(con: duckdb.DuckDBPyConnection) -> None:
    """One regency of 103 families, 7 of which moved far; and 23, which blocks."""
    for moved, passed in ((7, True), (23, False)):
        con.execute(
            f"""create or replace table welfare.perubahan as
            select concat('K', range) as family_id, case when range < 103 then '3599' else '3501' end as kode_kabupaten,
                'Kecil' as nama_kabupaten, 'data_baru' as sebab, 5 as desil, 5 as desil_lalu,
                case when range < {moved} then 2 else 0 end as selisih
            from range(3000)"""
        )
        (rule,) = [one for one in RULES if one.name == "perubahan_massal_daerah"]
        verdict = gate.evaluate(con, rule)
        assert verdict.passed == passed
        assert dict(verdict.measures)[next(name for name, _ in verdict.measures if "3599" in name)] == moved / 103
        assert betrayed(str(verdict.measures), [103]), "what the registry keeps"
        said = f"{verdict.explanation} {verdict.shown}"
        said += page.render_page(collect(con, "2025-03", [verdict]))
        assert betrayed(said, [103]) == set()
        assert ("≤ 20 %" if passed else "20-40 %") in verdict.explanation.en
        # Without a cause it would be none that moved, with one at least one.
        assert ("mostly for" in verdict.explanation.en) == (moved >= config.SMALLEST_COUNT)


# Two releases


def a_month_later(counts: Counts, parent: Counts, seed: int) -> Counts:
    """One family in twenty has moved by one tenth."""
    rng = np.random.default_rng(seed)
    later = np.zeros_like(counts)
    for area in np.flatnonzero(~np.isin(np.arange(len(parent)), parent)):
        for tenth in range(1, 11):
            leave = rng.binomial(counts[area, tenth], 0.05)
            later[area, tenth] += counts[area, tenth] - leave
            up = rng.binomial(leave, 0.5)
            later[area, min(10, tenth + 1)] += up
            later[area, max(1, tenth - 1)] += leave - up
    return summed(later, parent)


def compared(counts: Counts, later: Counts, held: Mask, held_later: Mask) -> Mask:
    """What is still unknown to one who fills a gap of the first release from the second: figures that moved by less than ten."""
    return held & (held_later | (np.abs(later - counts) >= config.SMALLEST_COUNT))


COMPARED = (5, 8, 10, 23, 26, 593)


def test_a_gap_filled_from_the_next_release_exposes_the_first_where_each_month_stands_alone() -> None:
    found = []
    for seed in COMPARED:
        counts, parent = country(seed)
        later = a_month_later(counts, parent, seed)
        alone = [disclosure.withheld(table, parent, nothing(counts)) for table in (counts, later)]
        found += exposed(counts, parent, compared(counts, later, *alone))
    assert len(found) >= 5


@pytest.mark.parametrize("seed", COMPARED)
def test_a_gap_filled_from_the_next_release_exposes_nothing(seed: int) -> None:
    counts, parent = country(seed)
    later = a_month_later(counts, parent, seed)
    held = disclosure.withheld(counts, parent, nothing(counts))
    held_later = disclosure.withheld(later, parent, held)
    assert exposed(counts, parent, compared(counts, later, held, held_later)) == []
    assert exposed(later, parent, held_later) == []


def test_over_many_months_no_sum_is_left_with_one_gap() -> None:
    counts, parent = country(929)
    held = nothing(counts)
    for month in range(4):
        held = disclosure.withheld(counts, parent, held)
        gaps = held.astype(int)
        np.add.at(gaps, parent[1:], held[1:].astype(int))
        assert not (held.sum(axis=1) == 1).any()
        assert not (gaps[np.unique(parent[1:])] == 1).any()
        counts = a_month_later(counts, parent, 92900 + month)


# The tables of a month

KEY = SecretStr(bytes(range(32)).hex())
DISTRICTS = ("350101", "350102", "350103", "350201", "350202", "360101")
Families = Mapping[tuple[str, int], int]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        yield con


def hold(con: duckdb.DuckDBPyConnection, families: Families) -> None:
    """A month of 100 families of three a district and tenth, but for what ``families`` says."""
    con.execute("create or replace table jumlah (kec varchar, desil integer, n integer)")
    rows = [(area, tenth, families.get((area, tenth), 100)) for area in DISTRICTS for tenth in range(1, 11)]
    con.executemany("insert into jumlah values (?, ?, ?)", rows)
    con.execute(
        """create or replace table marts.keluarga as
        select concat('K', kec, '-', desil, '-', i) as family_id, left(kec, 2) as kode_provinsi, 'P' as nama_provinsi,
            left(kec, 4) as kode_kabupaten, 'K' as nama_kabupaten, kec as kode_kecamatan, 'C' as nama_kecamatan,
            3 as jumlah_anggota, desil
        from jumlah, range(n) as t(i)"""
    )
    con.execute(
        """create or replace table welfare.desil as select family_id, desil as desil_nasional, desil as desil_provinsi,
        desil as desil_kabupaten_kota from marts.keluarga"""
    )
    con.execute("alter table marts.keluarga drop column desil")


def released(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Path]:
    folder.mkdir()
    files = {name: folder / f"{name}.parquet" for name in contents.OPEN}
    for name, path in files.items():
        con.execute(f"copy ({contents.OPEN[name]}) to '{path}' (format parquet)")
    return files


def told(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], tuple[int | None, int | None]]:
    rows = con.execute("select jalur, desil, keluarga, orang from publikasi.terbuka").fetchall()
    return {(path.rpartition("/")[2], tenth): (families, persons) for path, tenth, families, persons in rows}


def ask(con: duckdb.DuckDBPyConnection, *names: str) -> dict[str, bool]:
    return {rule.name: gate.evaluate(con, rule).passed for rule in RULES if rule.name in names}


SQL_RULES = ("pengungkapan_batas", "pengungkapan_terpecahkan", "pengungkapan_selisih")


def test_the_first_release_is_rounded_to_five_and_holds_what_the_rules_ask(con: duckdb.DuckDBPyConnection) -> None:
    hold(con, {("350101", 10): 4, ("350102", 3): 112, ("350103", 1): 113})
    disclosure.control(con, [])
    cells = told(con)
    assert cells["350101", 10] == (None, None)
    assert cells["350102", 3] == (110, 335) and cells["350103", 1] == (115, 340)
    assert cells["ID", 0] == (5930, 17785), "of 5929 and 17787"
    assert ask(con, *SQL_RULES) == dict.fromkeys(SQL_RULES, True)


def test_families_of_no_known_district_make_an_area_of_their_own(con: duckdb.DuckDBPyConnection) -> None:
    hold(con, {})
    con.execute(
        "update marts.keluarga set kode_kecamatan = null, nama_kecamatan = null where family_id = 'K350101-1-0'"
    )
    disclosure.control(con, [])
    assert told(con)["350100", 0] == (None, None)
    assert told(con)["350101", 1] == (None, None), "or 100 less 99 would tell"
    assert ask(con, *SQL_RULES) == dict.fromkeys(SQL_RULES, True)


@pytest.mark.parametrize(("now", "figure"), [(109, 100), (111, 100), (112, 110), (89, 100), (88, 90)])
def test_a_figure_stands_until_the_truth_is_twelve_away(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, now: int, figure: int
) -> None:
    hold(con, {})
    disclosure.control(con, [])
    before = released(con, tmp_path / "lalu")
    hold(con, {("350101", 5): now})
    disclosure.control(con, [])
    if now in (109, 111):
        assert told(con)["350101", 5][0] == 110, "standing alone, the month would tell of the change"
    disclosure.control(con, [before])
    assert told(con)["350101", 5][0] == figure
    assert ask(con, *SQL_RULES) == dict.fromkeys(SQL_RULES, True)


@pytest.mark.parametrize(("now", "back"), [(10, False), (19, False), (20, True)])
def test_a_cell_withheld_comes_back_ten_families_later(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, now: int, back: bool
) -> None:
    hold(con, {("350101", 5): 9})
    disclosure.control(con, [])
    before = released(con, tmp_path / "lalu")
    hold(con, {("350101", 5): now})
    disclosure.control(con, [before])
    assert (told(con)["350101", 5][0] is not None) == back
    assert ask(con, *SQL_RULES) == dict.fromkeys(SQL_RULES, True)


def test_the_same_month_again_is_the_same_and_a_late_file_follows_the_revision_it_replaces(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    hold(con, {("350101", 5): 9})
    disclosure.control(con, [])
    before = released(con, tmp_path / "lalu")
    hold(con, {("350101", 5): 9, ("350202", 7): 130})
    disclosure.control(con, [before])
    first = told(con)
    r1 = released(con, tmp_path / "r1")
    disclosure.control(con, [before, r1])
    assert told(con) == first and first["350202", 7][0] == 130
    hold(con, {("350101", 5): 9, ("350202", 7): 124})
    disclosure.control(con, [before, r1])
    assert told(con)["350202", 7][0] == 130, "125 would tell of six families between the revisions"


def test_the_same_month_again_withholds_no_more_than_before(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    hold(con, {("350101", 9): 0, ("350202", 10): 10})
    disclosure.control(con, [])
    first, r1 = told(con), released(con, tmp_path / "r1")
    disclosure.control(con, [r1])
    assert told(con) != first, "as a month that follows, more would be withheld"
    disclosure.control(con, [{}, r1])
    assert told(con) == first


# The restricted tier and the dictionary

PERSONAL = ("3501010101010001", "SITI AMINAH", "JALAN MELATI 5", "P-asli", "K-asli", "1980-05-17", "3501012001")


@pytest.fixture
def keyed(tmp_path: Path) -> keys.Keys:
    return keys.load(Settings(home=tmp_path / "home", key=KEY))


def persons(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """create table raw.run as select date '2025-03-01' as bulan;
        create table marts.anggota as select concat('P-asli', i) as person_id, concat('K-asli', i // 2) as family_id,
            '3501010101010001' as nik, '3501010101010001' as kk, 'SITI AMINAH' as nama, date '1980-05-17' as tgl_lahir,
            date '2022-10-15' as pendidikan_tanggal, 2 as pendidikan, true as disabilitas
        from range(10) as t(i);
        create table marts.keluarga as select concat('K-asli', i) as family_id, concat('P-asli', 2 * i) as kepala_person_id,
            'JALAN MELATI 5' as alamat_baku, '3501012001' as kode_desa, '350101' as kode_kecamatan, 44 as umur_krt,
            150000.0 as penghasilan, 2 as jumlah_anggota
        from range(5) as t(i);
        create table welfare.desil as select concat('K-asli', i) as family_id, 14.1 as skor, 1 as desil_nasional,
            1 as desil_provinsi, 1 as desil_kabupaten_kota from range(5) as t(i)"""
    )


def restricted(con: duckdb.DuckDBPyConnection, key: keys.Keys) -> dict[str, list[dict[str, object]]]:
    return {
        name: con.execute(sql).to_arrow_table().to_pylist() for name, sql in dictionary.restricted(con, key).items()
    }


def test_the_restricted_tables_hold_no_personal_value(con: duckdb.DuckDBPyConnection, keyed: keys.Keys) -> None:
    persons(con)
    tables = restricted(con, keyed)
    assert set(tables["anggota"][0]) == {"id_orang", "id_keluarga", "kelompok_umur", "pendidikan"}
    assert set(tables["keluarga"][0]) == {
        *("id_keluarga", "id_kepala", "kode_kecamatan", "kelompok_umur_krt", "jumlah_anggota"),
        *("desil_nasional", "desil_provinsi", "desil_kabupaten_kota"),
    }
    assert not [value for value in PERSONAL if value in str(tables)]
    assert {row["kelompok_umur"] for row in tables["anggota"]} == {"40-44"}


def test_surrogates_join_the_tables_are_keyed_and_hide_the_order(
    con: duckdb.DuckDBPyConnection, keyed: keys.Keys, tmp_path: Path
) -> None:
    persons(con)
    tables = restricted(con, keyed)
    people, families = tables["anggota"], tables["keluarga"]
    assert len({row["id_orang"] for row in people}) == 10
    assert all(re.fullmatch("[0-9a-f]{32}", str(row["id_orang"])) for row in people)
    assert {row["id_keluarga"] for row in people} == {row["id_keluarga"] for row in families}
    assert {row["id_kepala"] for row in families} < {row["id_orang"] for row in people}
    assert [row["id_orang"] for row in people] == sorted(str(row["id_orang"]) for row in people)
    assert restricted(con, keyed) == tables, "the same key, the same ids"
    expected = {hmac.digest(keyed.surrogate("person"), f"P-asli{i}".encode(), "sha256").hex()[:32] for i in range(10)}
    assert {row["id_orang"] for row in people} == expected
    other = keys.load(Settings(home=tmp_path / "lain", key=SecretStr(bytes(range(1, 33)).hex())))
    assert not {row["id_orang"] for row in people} & {row["id_orang"] for row in restricted(con, other)["anggota"]}


@pytest.mark.parametrize(("age", "band"), [(0, "00-04"), (4, "00-04"), (74, "70-74"), (75, "75+"), (101, "75+")])
def test_ages_come_in_bands(con: duckdb.DuckDBPyConnection, keyed: keys.Keys, age: int, band: str) -> None:
    persons(con)
    con.execute("update marts.anggota set tgl_lahir = date '2025-03-01' - to_years(?)", [age])
    assert restricted(con, keyed)["anggota"][0]["kelompok_umur"] == band


def test_a_column_nobody_declared_is_not_published_and_blocks_the_month(
    con: duckdb.DuckDBPyConnection, keyed: keys.Keys
) -> None:
    persons(con)
    con.execute(
        "create table publikasi.terbuka as select 1 as tingkat, 'ID' as jalur, 0 as desil, '' as kode_provinsi, "
        "'' as nama_provinsi, '' as kode_kabupaten, '' as nama_kabupaten, '' as kode_kecamatan, '' as nama_kecamatan, "
        "10 as keluarga, 10 as orang"
    )
    disclosure.list_columns(con, keyed)
    assert ask(con, "pengungkapan_kolom") == {"pengungkapan_kolom": True}
    con.execute("alter table marts.anggota add column nomor_telepon varchar")
    disclosure.list_columns(con, keyed)
    assert "nomor_telepon" not in restricted(con, keyed)["anggota"][0]
    assert ask(con, "pengungkapan_kolom") == {"pengungkapan_kolom": False}


def test_a_personal_column_let_into_a_table_blocks_the_month(
    con: duckdb.DuckDBPyConnection, keyed: keys.Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons(con)
    monkeypatch.setattr(contents, "OPEN", {"desil_provinsi": "select nik from marts.anggota"})
    disclosure.list_columns(con, keyed)
    assert ask(con, "pengungkapan_kolom") == {"pengungkapan_kolom": False}


def test_every_declaration_is_whole_and_no_personal_column_may_leave() -> None:
    for (table, column), declared in dictionary.entries().items():
        assert declared.tingkat in ("L2", "L3", "L4") and declared.terbatas in ("ya", "tidak", "samar"), (table, column)
        assert declared.arti and declared.meaning and declared.sumber, (table, column)
        assert bool(declared.satuan) == bool(declared.unit), (table, column)
        assert not (declared.tingkat == "L4" and declared.terbatas == "ya"), (table, column)
    with (Path(dictionary.__file__).with_name("kamus.csv")).open(encoding="utf-8") as file:
        assert sum(1 for _ in csv.reader(file)) - 1 == len(dictionary.entries()), "declared twice"


@pytest.mark.parametrize(
    "model", ["marts.anggota", "marts.keluarga", "welfare.perubahan", "welfare.kelayakan", "welfare.fitur_keluarga"]
)
def test_every_column_that_is_published_is_in_the_dictionary(model: str) -> None:
    columns = sqlglot.parse_one(models.load_models()[model].expanded, read="duckdb").named_selects
    assert columns and [name for name in columns if dictionary.declaration(model.partition(".")[2], name) is None] == []


def test_what_the_law_names_is_personal() -> None:
    named = ("nik", "kk", "nama", "tgl_lahir", "alamat_baku", "disabilitas", "penyakit_kronis", "penghasilan")
    assert {dictionary.declaration("anggota", name).tingkat for name in named} == {"L4"}  # type: ignore[union-attr]
    village = dictionary.declaration("keluarga", "kode_desa")
    assert village is not None and village.terbatas == "tidak"
