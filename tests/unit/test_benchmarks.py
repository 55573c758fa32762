"""What ``make bench`` promises: figures that are right, sets that are mapped honestly, a page that hides no failure.

What belongs here: the benchmark's own parts, on a handful of made-up people and without its venv. The contenders' quality is what
the benchmark itself measures.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks import contenders, damage, datasets, measure, report, twins
from benchmarks.datasets import Dataset
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.storage.warehouse import scratch

FIRST = ("ANITA", "BRUNO", "CLARA", "DIEGO", "ELENA", "FELIX", "GRETA", "HUGO", "IRENE", "JONAS")
UNKNOWN = ("family_true", "jk", "alamat", "desa", "kecamatan", "kabupaten", "roster", "hubungan", "tanggal")
LAST = ("ABBOTT", "BAUMANN", "CASTRO", "DUBOIS", "EKLUND", "FONTANA")


def _people() -> list[tuple[str, ...]]:
    """Sixty people in two registers; in the second every third has lost the number, every fifth has one digit of it wrong."""
    rows = []
    for n in range(60):
        number = f"{(n + 1) * 7654321 % 1_000_000_000:09d}"
        born = f"{1950 + n % 40}-{n % 12 + 1:02d}-{n % 27 + 1:02d}"
        name = f"{FIRST[n % 10]} {LAST[n // 10]}"
        for source in ("satu", "dua"):
            seen = number
            if source == "dua" and n % 5 == 0:
                seen = number[:5] + str((int(number[5]) + 1) % 10) + number[6:]
            if source == "dua" and n % 3 == 0:
                seen = ""
            rows.append((source, f"{n:02d}", f"p{n}", name, born, seen))
    return rows


def _flat(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with duckdb.connect() as con:
        con.execute(
            "create table r (source text, record_id text, person_true text, nama text, tgl_lahir text, nomor text)"
        )
        con.executemany("insert into r values (?, ?, ?, ?, ?, nullif(?, ''))", rows)
        empty = ", ".join(f"null::text as {name}" for name in UNKNOWN)
        con.execute(f"copy (select *, left(tgl_lahir, 4) as tahun_lahir, {empty} from r) to '{path}'")
    return path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    dataset = Dataset("coba", "", "register", flat=_flat(folder / "coba.parquet", _people()))
    datasets.prepare(dataset, folder, folder / "siap.duckdb")
    return folder / "siap.duckdb"


def _run(prepared: Path, contender: str, tmp_path: Path, *, number: bool = True) -> dict[str, Any]:
    scratch = tmp_path / "kerja.duckdb"
    return contenders.run(
        {"contender": contender, "data": str(prepared), "scratch": str(scratch), "number": number, "month": False}
    )


def _pairs(rows: list[tuple[str, str | None]]) -> measure.Pairs:
    with duckdb.connect() as con:
        con.execute("create table t (found text, actual text)")
        con.executemany("insert into t values (?, ?)", rows)
        return measure.pairs(con, "t", "found", "actual")


def test_pairs_are_counted_from_the_groups() -> None:
    # Found: {1, 2, 3} and {4}; true: {1, 2} and {3, 4}. Claimed 3 pairs, true 2, both 1.
    got = _pairs([("a", "x"), ("a", "x"), ("a", "y"), ("b", "y")])
    assert (got.precision, got.recall, got.f1) == pytest.approx((1 / 3, 1 / 2, 2 / 5))


def test_records_without_a_truth_count_neither_for_nor_against() -> None:
    assert _pairs([("a", "x"), ("a", "x"), ("a", None), ("b", None)]).f1 == 1.0


def test_a_grouping_that_joins_nothing_claims_nothing_false() -> None:
    got = _pairs([("a", "x"), ("b", "x")])
    assert (got.precision, got.recall, got.f1) == (1.0, 0.0, 0.0)


def test_peak_memory_is_this_process_not_a_guess() -> None:
    assert 20 < measure.peak_megabytes() < 100_000


def test_a_missing_number_stays_missing_and_a_slip_stays_a_slip(prepared: Path) -> None:
    with duckdb.connect(str(prepared), read_only=True) as con:
        rows = con.execute("select record_uid, nik from intermediate.int_person_record").fetchall()
    niks = dict(rows)
    assert niks["dua:03"] is None
    assert niks["satu:01"] == niks["dua:01"]
    assert sum(a != b for a, b in zip(niks["satu:05"], niks["dua:05"], strict=True)) == 1
    # The serial of a NIK tells neighbours apart; these numbers have none, so it is the same for all.
    assert {nik[12:] for nik in niks.values() if nik} == {"0001"}
    assert len({nik[:12] for uid, nik in niks.items() if uid.startswith("satu")}) == 60


def test_exact_join_finds_the_numbers_that_are_the_same(prepared: Path, tmp_path: Path) -> None:
    got = _run(prepared, "exact", tmp_path)["persons"]
    whole = sum(n % 3 != 0 and n % 5 != 0 for n in range(60))
    assert got == pytest.approx({"precision": 1.0, "recall": whole / 60, "f1": 2 * whole / (whole + 60)})


def test_without_numbers_the_exact_join_is_on_name_and_birth_date(prepared: Path, tmp_path: Path) -> None:
    assert _run(prepared, "exact", tmp_path, number=False)["persons"]["f1"] == 1.0


def test_the_linkage_runs_on_a_register_of_another_country(prepared: Path, tmp_path: Path) -> None:
    got = _run(prepared, "trained", tmp_path)
    assert got["persons"]["f1"] == 1.0
    assert got["seconds"] > 0 and got["peak_mb"] > 0


def test_a_record_named_twice_stops_the_benchmark(tmp_path: Path) -> None:
    flat = _flat(tmp_path / "ganda.parquet", [*_people(), _people()[0]])
    with pytest.raises(DtsenError, match="one truth for every record"):
        datasets.prepare(Dataset("ganda", "", "register", flat=flat), tmp_path, tmp_path / "siap.duckdb")


def test_stored_models_are_of_other_people_and_another_month() -> None:
    measured = datasets.months([100_000])
    models = {one.name: one for one in datasets.model_months(measured)}
    assert set(models) == {"model-own-100k", "model-foreign-100k", "model-foreign-100k-no-nik"}
    for one in measured:
        model = models[one.model]
        assert (model.kind, model.number, model.persons) == (one.kind, one.number, one.persons)
        assert model.seed != one.seed and model.when < one.when


def test_registers_alone_need_no_stored_model() -> None:
    assert datasets.model_months(datasets.registers(Path("flat"))) == []


def test_every_size_has_both_simulators_and_the_smallest_a_month_without_nik() -> None:
    names = [one.name for one in datasets.months([100_000, 1_000_000])]
    assert names == ["own-100k", "foreign-100k", "own-1M", "foreign-1M", "foreign-100k-no-nik"]


SCORES = {"precision": 0.9, "recall": 0.8, "f1": 0.847}
FACTS = {
    "machine": {"cores": "2"},
    "arguments": "",
    "model_seed": 505,
    "register_seed": 0,
    "thresholds": 20,
    "pseudopeople": "1",
    "recordlinkage": "1",
}  # fmt: skip


def _set(name: str, records: int) -> dict[str, Any]:
    return {"name": name, "about": "", "month": True, "records": records, "persons": 1, "prepared": 1.0}


def _page(runs: list[dict[str, Any]]) -> str:
    return report.page(FACTS, [_set("own-100k", 250_000), _set("own-1M", 2_500_000)], runs)


def _ran(where: str, contender: str, seconds: float, **more: Any) -> dict[str, Any]:
    return {
        "set": where, "contender": contender, "number": True, "seconds": seconds, "peak_mb": 100.0, "persons": SCORES
    } | more  # fmt: skip


def test_the_page_compares_time_with_plain_splink_of_the_same_set() -> None:
    page = _page([_ran("own-100k", "stored", 3.0), _ran("own-100k", "plain", 12.0)])
    assert "| own-100k | this linkage, stored model | 0.9000 | 0.8000 | 0.8470 |  | 3.0 | 0.25 | 100 |" in page


def test_the_page_says_how_time_grows_with_rows() -> None:
    page = _page([_ran("own-100k", "stored", 3.0), _ran("own-1M", "stored", 31.5)])
    assert "| own-100k to own-1M | this linkage, stored model | 10.0 | 10.5 |" in page


def test_a_contender_that_fails_is_on_the_page_with_the_reason() -> None:
    page = _page([{"set": "own-100k", "contender": "plain", "number": True, "failed": "ValueError: no pairs"}])
    assert "| own-100k | plain Splink, joined at 0.95 | failed: ValueError: no pairs |" in page


# ------------------------------------------------------------------------------------------------------ twins and damage
def _twins(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, bool, int]]:
    """Three pairs: two fitting NIKs kept apart, two joined all the same, and one without any number, joined."""
    con.execute("attach ':memory:' as siap; create schema siap.intermediate")
    con.execute("create table siap.kebenaran (record_uid text, person_true int, family_true int, birth_true int)")
    con.execute(
        "create table siap.intermediate.int_person_record (record_uid text, nik text, nama_rapat text, nik_cocok int)"
    )
    con.execute("create table hasil (record_uid text, orang int)")
    for uid, person, birth, nik, name, group in (
        ("a1", 1, 1, "11", "RAHMA", 10),
        ("a2", 1, 1, None, "RAHMA", 10),
        ("b1", 2, 1, "12", "RAHMI", 11),
        ("c1", 3, 3, "13", "HASAN", 12),
        ("d1", 4, 3, "14", "HUSEN", 12),
        ("e1", 5, 5, None, "RINA", 13),
        ("f1", 6, 5, None, "KARTINI", 13),
        ("g1", 7, 7, "17", "BUDI", 14),
    ):
        con.execute("insert into siap.kebenaran values (?, ?, 1, ?)", [uid, person, birth])
        con.execute("insert into siap.intermediate.int_person_record values (?, ?, ?, 1)", [uid, nik, name])
        con.execute("insert into hasil values (?, ?)", [uid, group])
    return twins.pairs(con)


def test_a_pair_of_twins_is_kept_where_the_two_share_no_person() -> None:
    with duckdb.connect() as con:
        assert _twins(con) == [("none", 4, False, 1), ("two", 1, True, 1), ("two", 2, False, 1)]


def test_a_number_that_stands_on_both_twins_tells_nobody_apart() -> None:
    with duckdb.connect() as con:
        _twins(con)
        con.execute("update siap.intermediate.int_person_record set nik = '11' where record_uid = 'b1'")
        assert ("some", 1, True, 1) in twins.pairs(con)


def test_the_interval_of_a_share_is_wilsons() -> None:
    share, low, high = measure.wilson(9, 10)
    assert (round(share, 4), round(low, 4), round(high, 4)) == (0.9, 0.5958, 0.9821)
    assert measure.wilson(10, 10)[2] == 1.0 and measure.wilson(0, 10)[1] == 0.0


def test_twins_are_measured_with_and_without_numbers_and_at_a_higher_rate(tmp_path: Path) -> None:
    sets = twins.months(1500, 3, 10)
    assert [one.name for one in sets] == ["own", "own-no-nik", "foreign", "foreign-no-nik"]
    found = [twins.measured(one, tmp_path / one.name) for one in sets[1:3]]
    assert {pair[0] for pair in found[0]["pairs"]} == {"none"}
    assert sum(pair[3] for pair in found[1]["pairs"] if pair[0] == "two") > 20
    assert all(table.row_count > 2 for table in twins.tables(found))


@pytest.fixture(scope="module")
def plain_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rusak")
    damage.write("own", 400, 3, folder / "landing", damaged=True)
    shutil.rmtree(folder / "landing")
    damage.write("own", 400, 3, folder / "landing", damaged=False)
    with scratch(folder / "polos.duckdb") as con:
        damage.stage(con, folder / "landing")
    return folder


def _kinds(folder: Path, tmp_path: Path, *changes: str) -> dict[str, int]:
    """Cells of the month that are not equal after ``changes`` to its staged tables."""
    shutil.copy(folder / "polos.duckdb", tmp_path / "rusak.duckdb")
    with scratch(tmp_path / "rusak.duckdb") as con:
        con.execute(f"attach '{folder / 'polos.duckdb'}' as polos (read_only)")
        for change in changes:
            con.execute(change)
        found = damage.compared(con, "polos", folder / "kebenaran" / damage.MONTH / "kiriman")
    counts: dict[str, int] = {}
    for *_, kind, cells in found:
        counts[kind] = counts.get(kind, 0) + cells
    return counts


def test_a_month_does_not_differ_from_itself(plain_month: Path, tmp_path: Path) -> None:
    assert set(_kinds(plain_month, tmp_path)) == {damage.EQUAL}


def test_a_cell_that_differs_is_counted_unless_its_value_is_noted(plain_month: Path, tmp_path: Path) -> None:
    first = "(select min(idartbdt) from staging.stg_dtks__anggota)"
    changed = f"update staging.stg_dtks__anggota set tmplahir = 'LAIN' where idartbdt = {first}"
    assert _kinds(plain_month, tmp_path, changed)[damage.SILENT] == 1
    delivered = plain_month / "kebenaran" / damage.MONTH / "kiriman" / "dtks_anggota.parquet"
    note = f"""
        create or replace table quarantine.catatan as
        select 'dtks' as source, 'anggota' as tabel, 'tmplahir' as kolom, tmplahir as nilai
        from '{delivered}' where idartbdt = {first}
    """
    kinds = _kinds(plain_month, tmp_path, changed, note)
    assert damage.SILENT not in kinds and kinds[damage.NOTED] == 1


def test_a_row_that_is_gone_without_being_quarantined_is_no_excuse(plain_month: Path, tmp_path: Path) -> None:
    gone = "delete from staging.stg_p3ke__individu where id_individu = (select min(id_individu) from staging.stg_p3ke__individu)"
    kinds = _kinds(plain_month, tmp_path, gone)
    assert kinds[damage.SILENT] > 5 and damage.QUARANTINED not in kinds
