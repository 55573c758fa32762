"""What changed for a family since the last release is split into causes that sum to the whole; the first month has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from welfare_fixture import households, warehouse

from dtsen_pipeline import welfare
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.welfare import changes, eligibility

SURVEY = households(400, seed=1)
REGISTER = households(600, seed=2)
POLICY = "('PKH', '4', null, '2025-01-01', '2025-03-31', 'A', null), ('PKH', '3', null, '2025-04-01', null, 'B', null)"
LATER = "('Sembako', '5', '200', '2025-05-01', null, 'C', null)"


def family(number: int) -> str:
    return f"K-{number:012d}"


def records(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Two records a family, named after its number, of one person each."""
    con.execute(
        f"""create or replace table linkage.{table} as
        select 'dtks' as source, substr(k.family_id, 3) || '-' || i as record_id,
            'P' || substr(k.family_id, 3) || '-' || i as person_id, k.family_id
        from marts.keluarga as k cross join range(2) as t(i)"""
    )


class Months:
    """One warehouse that lives through months; ``release`` writes what the next one is compared with."""

    def __init__(self, folder: Path, model: Mapping[str, pd.DataFrame]) -> None:
        self.con = duckdb.connect()
        self.folder = folder
        self.files: dict[str, str] | None = None
        for schema in ("seeds", "intermediate", "linkage", "marts", "welfare"):
            self.con.execute(f"create schema {schema}")
        names = ("program", "desil_maks", "kuota", "berlaku_dari", "berlaku_sampai", "dasar_hukum", "catatan")
        self.con.execute(f"create table seeds.kebijakan_program ({', '.join(f'{name} varchar' for name in names)})")
        self.con.execute(f"insert into seeds.kebijakan_program values {POLICY}, {LATER}")
        self.deliver(REGISTER)
        records(self.con, "penetapan_lalu")
        self.con.execute("delete from linkage.penetapan_lalu")
        for table, frame in model.items():
            self.con.register("frame", frame)
            self.con.execute(f"create table welfare.{table} as from frame")

    def deliver(self, register: pd.DataFrame) -> None:
        warehouse(self.con, SURVEY, register)
        self.con.execute("alter table marts.keluarga add column nama_kabupaten varchar")
        records(self.con, "crosswalk")

    def run(self, month: str) -> None:
        self.con.execute(
            "create or replace table marts.anggota as select distinct person_id, family_id from linkage.crosswalk"
        )
        welfare.score(self.con)
        welfare.rank(self.con)
        changes.carry_over(self.con, self.files)
        changes.compare_with_last_release(self.con)
        welfare.apply_policies(self.con, month)
        eligibility.compare_eligibility(self.con)

    def release(self) -> None:
        tables = {
            "keluarga": "select k.*, d.skor, d.desil_nasional from marts.keluarga k left join welfare.desil d using (family_id)",
            "anggota": "from marts.anggota",
            "kelayakan": "from welfare.kelayakan",
            "kebijakan": "from welfare.kebijakan",
            "fitur_keluarga": "from welfare.fitur_keluarga",
            "koefisien": "from welfare.koefisien",
            "isian": "from welfare.isian",
            "model_kesejahteraan": "from welfare.model",
        }
        self.files = {name: f"read_parquet('{self.folder / name}.parquet')" for name in changes.RELEASE_FILES}
        for name in changes.RELEASE_FILES:
            self.con.execute(f"copy ({tables[name]}) to '{self.folder / name}.parquet' (format parquet)")
        self.con.execute("create or replace table linkage.penetapan_lalu as from linkage.crosswalk")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.con.execute(sql).fetchall()

    def of(self, number: int, columns: str) -> tuple[object, ...]:
        (row,) = self.rows(f"select {columns} from welfare.perubahan where family_id = '{family(number)}'")
        return row


@pytest.fixture(scope="module")
def model() -> dict[str, pd.DataFrame]:
    """Fitted once: the tables welfare.koefisien, isian and model."""
    with duckdb.connect() as con:
        warehouse(con, SURVEY, REGISTER)
        welfare.fit_month(con)
        return {table: con.sql(f"from welfare.{table}").df() for table in ("koefisien", "isian", "model")}


@pytest.fixture
def months(tmp_path: Path, model: dict[str, pd.DataFrame]) -> Iterator[Months]:
    """March is released; the next run is on the same families until a test says otherwise."""
    lived = Months(tmp_path, model)
    lived.run("2025-03")
    lived.release()
    yield lived
    lived.con.close()


def like(register: pd.DataFrame, model: int, numbers: Iterable[int]) -> pd.DataFrame:
    """The given families come to live as family ``model`` does, and no others."""
    changed = register.copy()
    columns = ["lantai", "dinding", "atap", "daya", "lemari_es", "ac", "laptop", "motor", "mobil", "luas_lantai"]
    for number in numbers:
        changed.loc[number, columns] = register.loc[model, columns]
    return changed


def richer(register: pd.DataFrame, *numbers: int) -> pd.DataFrame:
    return like(register, int(register["kaya"].idxmax()), numbers)


def poorest(months: Months, count: int) -> list[int]:
    rows = months.rows("select family_id from welfare.desil order by urutan_nasional")
    return [int(str(row[0])[2:]) for row in rows[:count]]


def sums_are_exact(months: Months) -> None:
    ((score, tenths, kept),) = months.rows(
        """select max(abs(skor_selisih - skor_karena_data - skor_karena_model)),
        max(abs(selisih - desil_karena_data - desil_karena_peringkat - desil_karena_model)), count(selisih)
        from welfare.perubahan"""
    )
    assert kept and score < 1e-9 and tenths == 0  # type: ignore[operator]


def test_the_first_month_has_nothing_to_compare_with(tmp_path: Path, model: dict[str, pd.DataFrame]) -> None:
    first = Months(tmp_path, model)
    first.run("2025-03")
    for table in (*changes.LAST_RELEASE_TABLES, *changes.COMPARISON_TABLES, "welfare.kelayakan_perubahan"):
        assert first.rows(f"select count(*) from {table}") == [(0,)], table


def test_the_same_data_again_change_nothing(months: Months) -> None:
    months.run("2025-03")
    assert months.rows("select distinct sebab, selisih, data_berubah from welfare.perubahan") == [("tetap", 0, "")]
    assert months.rows("select max(abs(skor_selisih)) from welfare.perubahan") == [(0.0,)]
    assert months.rows("select * from welfare.kelayakan_perubahan") == []
    assert months.rows("select desil_lalu, desil, porsi from welfare.churn order by 1") == [
        (tenth, tenth, 1.0) for tenth in range(1, 11)
    ]


def test_new_data_move_one_family_and_the_bounds_move_the_rest(months: Months) -> None:
    moved = poorest(months, 30)
    months.deliver(richer(REGISTER, *moved))
    months.run("2025-03")
    sums_are_exact(months)
    told = months.rows(f"select distinct sebab from welfare.perubahan where family_id in {tuple(map(family, moved))}")
    assert ("data_baru",) in told and ("peringkat",) not in told
    others = f"family_id not in {tuple(map(family, moved))}"
    assert months.rows(f"select distinct sebab from welfare.perubahan where {others} order by 1") == [
        ("peringkat",), ("tetap",)
    ]  # fmt: skip
    # A family that others have passed sinks though its own score stands.
    assert months.rows(
        f"""select max(selisih), max(abs(skor_selisih)) from welfare.perubahan where {others} and sebab = 'peringkat'"""
    ) == [(-1, 0.0)]
    assert "mobil" in str(months.of(moved[0], "data_berubah")[0]).split(",")


def test_the_step_of_new_data_is_against_the_bounds_of_the_last_release(months: Months) -> None:
    bounds = [float(str(bound)) for (bound,) in months.rows(
        "select max(skor) from welfare.desil where desil_nasional < 10 group by desil_nasional order by 1"
    )]  # fmt: skip
    changed = REGISTER.copy()
    changed["motor"] = changed["motor"] ^ (changed.index % 3 == 0)
    months.deliver(changed)
    months.run("2025-03")
    rows = months.rows("select skor, desil_lalu + desil_karena_data from welfare.perubahan where skor_karena_data <> 0")
    assert len(rows) == 200 and {tenth for _, tenth in rows} == set(range(1, 11))
    assert all(tenth == 1 + sum(bound < float(str(score)) for bound in bounds) for score, tenth in rows)


def test_a_new_model_is_told_apart_from_new_data(months: Months) -> None:
    months.con.execute("update welfare.koefisien set koefisien = 2 * koefisien where kolom = 'mobil'")
    months.run("2025-03")
    sums_are_exact(months)
    assert months.rows("select max(abs(skor_karena_data)) from welfare.perubahan") == [(0.0,)]
    assert months.rows("select max(abs(skor_karena_model)) > 0.01 from welfare.perubahan") == [(True,)]
    assert months.rows("select distinct sebab from welfare.perubahan order by 1") == [("model_baru",), ("tetap",)]


def test_a_shift_that_all_families_share_moves_nobody(months: Months) -> None:
    months.con.execute("update welfare.koefisien set koefisien = koefisien + 0.5 where jenis = 'konstanta'")
    months.run("2025-03")
    sums_are_exact(months)
    assert months.rows("select distinct sebab, round(skor_karena_model, 9) from welfare.perubahan") == [("tetap", 0.5)]


def test_both_at_once_still_sum_to_the_difference(months: Months) -> None:
    months.deliver(richer(REGISTER, *poorest(months, 100)))
    months.con.execute("update welfare.koefisien set koefisien = 1.5 * koefisien where kolom in ('mobil', 'lantai')")
    months.run("2025-03")
    sums_are_exact(months)
    assert {"data_baru", "model_baru"} <= {
        str(sebab) for (sebab,) in months.rows("select sebab from welfare.perubahan")
    }


def test_families_that_merge_split_come_and_go(months: Months) -> None:
    con = months.con
    # 0 goes into 1; a member of 2 founds 600, 3 is gone with its records, 601 is new with its own.
    con.execute(f"update linkage.crosswalk set family_id = '{family(1)}' where family_id = '{family(0)}'")
    con.execute(
        f"update linkage.crosswalk set family_id = '{family(600)}' where family_id = '{family(2)}' and record_id like '%-1'"
    )
    con.execute(f"delete from linkage.crosswalk where family_id = '{family(3)}'")
    con.execute(f"insert into linkage.crosswalk values ('dtks', 'baru', 'Pbaru', '{family(601)}')")
    # 4 falls apart: one half goes to 5, which has its past; the other is new, as the registry tells it.
    con.execute(
        f"update linkage.crosswalk set family_id = if(record_id like '%-0', '{family(5)}', '{family(602)}') "
        f"where family_id = '{family(4)}'"
    )
    con.execute(f"delete from marts.keluarga where family_id in ('{family(0)}', '{family(3)}', '{family(4)}')")
    for new, old in ((600, 2), (601, 6), (602, 7)):
        con.execute(
            f"insert into marts.keluarga select * replace ('{family(new)}' as family_id) from marts.keluarga "
            f"where family_id = '{family(old)}'"
        )
    months.run("2025-03")
    assert months.of(0, "sebab, family_id_lain, desil") == ("gabung", family(1), None)
    assert months.of(1, "peristiwa, family_id_lain, anggota_datang, anggota_pergi") == ("gabung", family(0), 2, 0)
    assert months.of(2, "peristiwa, family_id_lain, anggota_datang, anggota_pergi") == ("pisah", family(600), 0, 1)
    assert months.of(600, "sebab, family_id_lain, desil_lalu") == ("pisah", family(2), None)
    assert months.of(3, "sebab, desil, anggota_pergi") == ("keluarga_hilang", None, 2)
    assert months.of(601, "sebab, desil_lalu, anggota_datang") == ("keluarga_baru", None, 1)
    assert months.of(4, "sebab, family_id_lain, desil") == ("gabung", family(5), None)
    assert months.of(602, "sebab, family_id_lain, anggota_datang") == ("keluarga_baru", None, 1)
    assert months.rows("select sum(keluarga) from welfare.churn") == [(603,)]


def test_a_new_cut_off_is_the_reason_for_those_whom_it_drops(months: Months) -> None:
    months.run("2025-04")
    assert months.rows(
        "select arah, sebab, min(desil), max(desil), count(*) from welfare.kelayakan_perubahan group by all"
    ) == [("keluar", "kebijakan", 4, 4, 60)]


def test_a_programme_that_is_new_says_so_and_its_quota_too(months: Months) -> None:
    months.run("2025-05")
    assert months.rows(
        "select arah, sebab, count(*) from welfare.kelayakan_perubahan where program = 'Sembako' group by all"
    ) == [("masuk", "kebijakan", 200)]
    months.release()
    months.con.execute("update seeds.kebijakan_program set kuota = '150' where program = 'Sembako'")
    months.run("2025-06")
    assert months.rows("select program, arah, sebab, count(*) from welfare.kelayakan_perubahan group by all") == [
        ("Sembako", "keluar", "kebijakan", 50)
    ]


def test_who_is_pushed_out_of_a_quota_leaves_by_the_ranking(months: Months) -> None:
    months.run("2025-05")
    months.release()
    months.deliver(like(REGISTER, poorest(months, 1)[0], poorest(months, 260)[200:]))
    months.run("2025-05")
    told = months.rows(
        "select arah, sebab, count(*) from welfare.kelayakan_perubahan where program = 'Sembako' group by all order by all"
    )
    assert [(arah, sebab) for arah, sebab, _ in told] == [("keluar", "peringkat"), ("masuk", "data_baru")]
    assert told[0][2] == told[1][2]


def test_a_programme_that_ended_lets_everybody_go(months: Months) -> None:
    months.con.execute("update seeds.kebijakan_program set program = 'Lain' where program = 'PKH'")
    months.run("2025-03")
    assert months.rows(
        "select program, arah, sebab, count(*) from welfare.kelayakan_perubahan group by all order by all"
    ) == [("Lain", "masuk", "kebijakan", 240), ("PKH", "keluar", "kebijakan", 240)]


def test_who_enters_for_others_who_left_enters_by_the_ranking(months: Months) -> None:
    months.deliver(richer(REGISTER, *poorest(months, 30)))
    months.run("2025-03")
    told = months.rows(
        "select distinct arah, sebab from welfare.kelayakan_perubahan where program = 'PKH' order by all"
    )
    assert told == [("keluar", "data_baru"), ("masuk", "peringkat")]


def test_who_crosses_the_cut_off_by_the_new_model_is_told_so(months: Months) -> None:
    months.con.execute("update welfare.koefisien set koefisien = 3 * koefisien where kolom = 'mobil'")
    months.run("2025-03")
    assert months.rows("select distinct sebab from welfare.kelayakan_perubahan") == [("model_baru",)]


def test_a_family_whose_dwelling_became_unknown_loses_its_tenth_by_its_data(months: Months) -> None:
    thin = REGISTER.copy()
    dwelling = ["status_rumah", "lantai", "dinding", "atap", "air_minum", "penerangan", "daya", "bahan_bakar", "bab"]
    thin.loc[[7], [*dwelling, "kloset", "buang_tinja", "luas_lantai"]] = None
    months.deliver(thin)
    months.run("2025-03")
    assert months.of(7, "sebab, desil, skor_selisih, desil_lalu is null") == ("data_baru", None, None, False)


def test_the_rows_of_the_files_may_stand_in_any_order(months: Months) -> None:
    months.deliver(richer(REGISTER, *poorest(months, 30)))
    months.run("2025-03")
    first = months.rows("select * from welfare.perubahan order by family_id")
    for path in months.folder.glob("*.parquet"):
        rows = pq.read_table(path)
        pq.write_table(rows.take(list(range(rows.num_rows))[::-1]), path)
    months.run("2025-03")
    assert months.rows("select * from welfare.perubahan order by family_id") == first


def test_a_model_that_asks_for_a_feature_no_longer_made_says_what_to_do(months: Months) -> None:
    months.run("2025-03")
    months.con.execute("alter table welfare.fitur_keluarga drop column mobil")
    with pytest.raises(InputError, match=r"mobil(.|\n)*publish the last released month again"):
        changes.compare_with_last_release(months.con)


def test_who_enters_less_who_leaves_is_the_difference(months: Months) -> None:
    before = months.rows("select count(*) from welfare.kelayakan")[0][0]
    months.deliver(richer(REGISTER, *poorest(months, 30)).iloc[5:].reset_index(drop=True))
    months.run("2025-04")
    ((after,),) = months.rows("select count(*) from welfare.kelayakan")
    ((net,),) = months.rows("select sum(case arah when 'masuk' then 1 else -1 end) from welfare.kelayakan_perubahan")
    assert after - before == net  # type: ignore[operator]
