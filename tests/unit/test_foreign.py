"""The foreign month: repeatable, readable by contract, with a truth for every person row and errors that can be turned off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.foreign.__main__ import main
from benchmarks.foreign.damage.date_errors import NO_DATE
from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.contracts import load, reader
from dtsen_pipeline.errors import InputError

MONTH = "2025-03"
# Of each source: the table of persons, its key, its column of the relation, and the table above it.
PERSONS = {
    "dtks": ("anggota", "idartbdt", "hub_krt", "rumah_tangga"),
    "regsosek": ("anggota", "id_anggota", "kd_hubungan_keluarga", "keluarga"),
    "p3ke": ("individu", "id_individu", "hub_dgn_kpl_keluarga", "keluarga"),
}


BORN = ("tgllahir", "tgl_lahir", "tanggal_lahir")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asing")
    write_foreign_month(1500, 7, MONTH, folder / "landing")
    return folder


@pytest.fixture(scope="module")
def con(month: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The month as the contract reader takes it in, with its truth as the view ``benar``."""
    with duckdb.connect() as connection:
        reader.read(connection, month / "landing", MONTH)
        connection.execute(f"create view benar as from '{month}/kebenaran/{MONTH}/orang.parquet'")
        yield connection


def number(con: duckdb.DuckDBPyConnection, query: str) -> float:
    row = con.execute(query).fetchone()
    assert row is not None
    return float(row[0])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_month(month: Path, tmp_path: Path) -> None:
    write_foreign_month(1500, 7, MONTH, tmp_path / "again" / "landing")
    assert files(tmp_path / "again") == files(month)
    write_foreign_month(1500, 8, MONTH, tmp_path / "other" / "landing")
    assert files(tmp_path / "other") != files(month)


def test_the_contract_reader_takes_every_row(con: duckdb.DuckDBPyConnection) -> None:
    assert number(con, "select count(*) from quarantine.alasan") == 0
    for source in PERSONS:
        for table in load()[source].tables.values():
            assert number(con, f"select count(*) from {table.raw}") > 100


@pytest.mark.parametrize("source", PERSONS)
def test_the_truth_names_every_person_row_once(con: duckdb.DuckDBPyConnection, source: str) -> None:
    table, key, _, _ = PERSONS[source]
    rows = number(con, f"select count(*) from raw.{source}_{table}")
    assert number(con, f"select count(*) from benar where source = '{source}'") == rows
    assert (
        number(con, f"select count(distinct {key}) from raw.{source}_{table} join benar on record_id = {key}") == rows
    )


def test_a_person_lives_in_one_family(con: duckdb.DuckDBPyConnection) -> None:
    query = "select max(n) from (select count(distinct family_true) as n from benar group by person_true)"
    assert number(con, query) == 1


def test_people_are_in_several_sources_and_some_twice_in_one(con: duckdb.DuckDBPyConnection) -> None:
    shared = "(select person_true from benar group by all having count(distinct source) > 1)"
    assert number(con, f"select count(*) from {shared}") > 800
    twice = "(select person_true from benar group by person_true, source having count(*) > 1)"
    assert 0 < number(con, f"select count(*) from {twice}") < 150


def test_the_sources_write_most_but_not_all_of_a_person_alike(con: duckdb.DuckDBPyConnection) -> None:
    alike = """
        select avg(cast(a.nama = b.nama as integer)), avg(cast(a.nik is not distinct from b.nik as integer))
        from raw.regsosek_anggota as a
        join benar as x on x.record_id = a.id_anggota
        join benar as y on x.person_true = y.person_true and y.source = 'p3ke'
        join raw.p3ke_individu as b on y.record_id = b.id_individu
    """
    name, nik = con.execute(alike).fetchone() or (0, 0)
    assert 0.6 < name < 0.85
    assert 0.65 < nik < 0.9


@pytest.mark.parametrize("source", PERSONS)
def test_every_roster_has_one_head(con: duckdb.DuckDBPyConnection, source: str) -> None:
    table, _, relation, parent = PERSONS[source]
    roster = load()[source].tables[table].parent
    assert roster is not None
    heads = f"""
        select count(*) from (
            select count(*) filter (where {relation} in ('1', 'Kepala Keluarga')) as n
            from raw.{source}_{parent} left join raw.{source}_{table} using ({roster.column}) group by {roster.column}
        ) where n <> 1
    """
    assert number(con, heads) == 0


def test_without_damage_a_person_is_written_alike_everywhere(tmp_path: Path) -> None:
    write_foreign_month(600, 7, MONTH, tmp_path / "landing", damage=0)
    csv = f"read_csv('{tmp_path}/landing/{MONTH}/%s.csv', all_varchar = true)"
    differing = f"""
        select count(*) from {csv % "regsosek/anggota"} as a
        join '{tmp_path}/kebenaran/{MONTH}/orang.parquet' as x on x.record_id = a.id_anggota
        join '{tmp_path}/kebenaran/{MONTH}/orang.parquet' as y on x.person_true = y.person_true and y.source = 'p3ke'
        join {csv % "p3ke/individu"} as b on y.record_id = b.id_individu
        where (a.nama, a.nik, a.tgl_lahir) is distinct from (b.nama, b.nik, b.tanggal_lahir)
    """
    with duckdb.connect() as con:
        assert number(con, differing) == 0


def test_without_national_id_no_row_holds_a_nik(tmp_path: Path) -> None:
    write_foreign_month(600, 7, MONTH, tmp_path / "landing", national_id=False)
    with duckdb.connect() as con:
        for table in ("dtks/anggota", "regsosek/anggota", "p3ke/individu", "p3ke/keluarga"):
            csv = f"read_csv('{tmp_path}/landing/{MONTH}/{table}.csv', all_varchar = true)"
            assert number(con, f"select count(*) from {csv}") > 100
            assert number(con, f"select count(nik) from {csv}") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"persons": 10},
        {"persons": 100_000_000},
        {"seed": -1},
        {"month": "2025-13"},
        {"month": "2021-05"},
        {"damage": -0.1},
        {"damage": 50},
        {"damage": float("nan")},
    ],
)
def test_arguments_that_give_no_month_are_refused_and_nothing_is_written(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    usual: dict[str, object] = {"persons": 600, "seed": 1, "month": MONTH, "to": tmp_path / "landing"}
    with pytest.raises(InputError):
        write_foreign_month(**(usual | wrong))  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_the_command_line_says_what_is_wrong_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--persons", "5", "--month", MONTH, "--to", str(tmp_path / "landing")]) == 2
    assert "5" in capsys.readouterr().err


def test_twins_are_two_people_of_one_birth_and_most_have_names_alike(tmp_path: Path) -> None:
    write_foreign_month(6000, 5, MONTH, tmp_path / "landing", damage=0, twins=0.2)
    with duckdb.connect() as con:
        con.execute(
            "create table raw_baris as select distinct nama, tgl_lahir, nik, person_true, family_true, birth_true "
            f"from '{tmp_path}/landing/{MONTH}/regsosek/anggota.csv' as a "
            f"inner join '{tmp_path}/kebenaran/{MONTH}/orang.parquet' as b on a.id_anggota = b.record_id and b.source = 'regsosek'"
        )
        con.execute(
            "create view pasang as select l.*, r.nama as nama2, r.tgl_lahir as lahir2, r.nik as nik2, r.family_true as f2 "
            "from raw_baris as l inner join raw_baris as r on l.birth_true = r.birth_true and l.person_true < r.person_true"
        )
        assert number(con, "select count(*) from pasang") > 200
        assert number(con, "select count(*) from pasang where tgl_lahir <> lahir2 or nik = nik2 or nama = nama2") == 0
        alike = number(con, "select avg((levenshtein(nama, nama2) <= 3)::int) from pasang")
        assert 0.35 < alike < 0.8
        assert number(con, "select avg((abs(nik::bigint - nik2::bigint) = 1)::int) from pasang") > 0.25


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Regsosek's rows of a month without an error, with their truth: table ``baris``."""
    folder = tmp_path_factory.mktemp("bersih")
    write_foreign_month(20_000, 5, MONTH, folder / "landing", damage=0)
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table baris as
            select * from read_csv('{folder}/landing/{MONTH}/regsosek/anggota.csv', all_varchar = true) as a
            inner join '{folder}/kebenaran/{MONTH}/orang.parquet' as b on a.id_anggota = b.record_id
            """
        )
        yield connection


def test_some_husbands_head_two_cards_and_live_in_one_family(clean: duckdb.DuckDBPyConnection) -> None:
    two = """
        select person_true, count(distinct family_true) as keluarga
        from baris as a
        where kd_hubungan_keluarga = '1' and kd_jenis_kelamin = '1' and exists (
            from baris as b
            where b.id_keluarga = a.id_keluarga and b.kd_hubungan_keluarga = '2' and b.family_true <> a.family_true
        )
        group by person_true
    """
    assert 10 < number(clean, f"select count(*) from ({two})") < 80
    assert number(clean, f"select max(keluarga) from ({two})") == 1
    married = "select avg(cast(kd_status_kawin = '2' as integer)) from baris where kd_hubungan_keluarga = '2'"
    assert number(clean, married) == 1


def test_families_that_died_out_stay_on_a_list(tmp_path: Path) -> None:
    write_foreign_month(20_000, 5, MONTH, tmp_path / "landing", damage=0)
    gone = f"""
        select count(*) from (
            from read_csv('{tmp_path}/landing/{MONTH}/dtks/anggota.csv', all_varchar = true)
            select idbdt group by idbdt having bool_and(sta_keberadaan_art = '2')
        )
    """
    with duckdb.connect() as con:
        assert number(con, gone) >= 5


def test_a_few_birth_dates_say_only_that_nothing_was_entered(tmp_path: Path) -> None:
    write_foreign_month(20_000, 5, MONTH, tmp_path / "landing")
    with duckdb.connect() as con:
        for (source, (table, _, _, _)), born in zip(PERSONS.items(), BORN, strict=True):
            csv = f"read_csv('{tmp_path}/landing/{MONTH}/{source}/{table}.csv', all_varchar = true)"
            zero = number(con, f"select avg(cast({born} in {NO_DATE} as integer)) from {csv} where {born} <> ''")
            assert 0.001 < zero < 0.012
