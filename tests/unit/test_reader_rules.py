"""What breaks a contract, row by row: the reason, the place, and that nothing else is lost with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtsen_pipeline.contracts import reader
from dtsen_pipeline.contracts.rules import REASONS, mask, mask_sql

RUMAH = "idbdt,kdprop,kdkab,kdkec,kddesa,lantai,luas_lantai,jumlah_art,ada_tv,alamat,lastupdatedata"
ANGGOTA = "idartbdt,idbdt,nama,nik,tgllahir,jnskel"
GOOD = "D1,35,19,140,006,2,54.5,3,4,Jl. Anggrek 1,2025-01-15"
MEMBER = "A1,D1,SITI,3519142810124799,1979-03-16,2"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def read(
    con: duckdb.DuckDBPyConnection,
    landing: Path,
    homes: list[str],
    members: list[str],
    heads: tuple[str, str] = (RUMAH, ANGGOTA),
) -> list[reader.FileReport]:
    folder = landing / "2025-03" / "dtks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rumah_tangga.csv").write_text("\n".join([heads[0], *homes]) + "\n", encoding="utf-8")
    (folder / "anggota.csv").write_text("\n".join([heads[1], *members]) + "\n", encoding="utf-8")
    return reader.read_source(con, landing, "2025-03", "dtks")


def reasons(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select line, kolom, nilai, alasan from quarantine.alasan order by tabel desc, line, kolom"
    ).fetchall()


def ids(con: duckdb.DuckDBPyConnection, table: str, key: str) -> list[str]:
    return [row[0] for row in con.execute(f"select {key} from {table} order by _file, _line").fetchall()]


@pytest.mark.parametrize(
    ("position", "value", "column", "reason"),
    [
        (0, "", "idbdt", "wajib_kosong"),
        (0, "N/A", "idbdt", "wajib_kosong"),
        (1, "-", "kdprop", "wajib_kosong"),
        (1, "5", "kdprop", "panjang"),
        (4, "0006", "kddesa", "panjang"),
        (5, "11", "lantai", "kode_tidak_dikenal"),
        (5, "keramik", "lantai", "kode_tidak_dikenal"),
        (6, "luas", "luas_lantai", "bukan_bilangan"),
        (6, "-1", "luas_lantai", "di_luar_batas"),
        (7, "0", "jumlah_art", "di_luar_batas"),
        (7, "2.5", "jumlah_art", "bukan_bilangan"),
        (8, "1", "ada_tv", "kode_tidak_dikenal"),
        (10, "kemarin", "lastupdatedata", "tanggal_tak_terbaca"),
    ],
)
def test_a_broken_value_sends_its_row_to_quarantine(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, position: int, value: str, column: str, reason: str
) -> None:
    fields = GOOD.replace("D1", "D2").split(",")
    fields[position] = value
    reports = read(con, tmp_path, [GOOD, ",".join(fields)], [MEMBER])
    assert reasons(con) == [(3, column, value, reason)]
    assert ids(con, "raw.dtks_rumah_tangga", "idbdt") == ["D1"]
    kept = con.execute(f"select {column}, _file, _line from quarantine.dtks_rumah_tangga").fetchall()
    assert kept == [(value, "2025-03/dtks/rumah_tangga.csv", 3)]
    assert (reports[0].rows_read, reports[0].rows_quarantined) == (2, 1)


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (1, " 35"), (1, "'35"), (5, "02"), (5, "2.0"), (5, ""), (5, "#N/A"), (6, '"54,5"'), (6, "NULL"), (7, "3.0"),
        (8, " 3"), (10, "15/01/2025"), (10, "45672"),
        (10, "2025"), (10, "31/02/2025"), (10, "2025-01-15 10:00:00"), (10, "-"),
    ],
)  # fmt: skip
def test_what_can_be_read_is_no_break_and_stays_as_it_was_written(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, position: int, value: str
) -> None:
    fields = GOOD.split(",")
    fields[position] = value
    read(con, tmp_path, [",".join(fields)], [MEMBER])
    assert reasons(con) == []
    column = RUMAH.split(",")[position]
    assert con.execute(f"select {column} from raw.dtks_rumah_tangga").fetchall() == [(value.strip('"'),)]


def test_a_personal_value_is_told_by_its_shape_only(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], ["A1,D1,SITI,3519142810124799,16 Marot 79,2"])
    assert reasons(con) == [(2, "tgllahir", "99 xxxxx 99", "tanggal_tak_terbaca")]
    told = con.execute("select keterangan || explanation from quarantine.alasan").fetchone()
    assert told and "Maret" not in told[0]


def test_a_row_is_told_once_for_each_of_its_broken_values(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], ["A1,D1,,x,besok,7"])
    assert [(row[1], row[3]) for row in reasons(con)] == [
        ("jnskel", "kode_tidak_dikenal"),
        ("nama", "wajib_kosong"),
        ("tgllahir", "tanggal_tak_terbaca"),
    ]
    assert con.execute("select count(*) from quarantine.dtks_anggota").fetchone() == (1,)


def test_a_damaged_nik_is_no_break_of_the_contract(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    niks = ["", "-", "3.57301E+15", "35730145017900031", "357301450I79O003", "0000000000000000"]
    read(con, tmp_path, [GOOD], [f"A{i},D1,SITI,{nik},1979-03-16,2" for i, nik in enumerate(niks)])
    assert reasons(con) == []
    assert ids(con, "raw.dtks_anggota", "nik") == niks


def test_of_a_repeated_key_one_row_stays_whatever_the_order(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [MEMBER, MEMBER.replace("SITI", "AMINAH"), MEMBER.replace("A1", " A1 ")]
    for number, order in enumerate(([0, 1, 2], [2, 1, 0], [1, 0, 2])):
        read(con, tmp_path / str(number), [GOOD], [rows[i] for i in order])
        assert [(column, why) for _, column, _, why in reasons(con)] == [("idartbdt", "kunci_ganda")] * 2
        assert ids(con, "raw.dtks_anggota", "idartbdt") == [" A1 "]


def test_a_broken_row_does_not_cost_its_good_namesake(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], [MEMBER.replace("1979-03-16", "besok"), MEMBER])
    assert [row[0] for row in con.execute("select _line from raw.dtks_anggota").fetchall()] == [3]


def test_a_member_without_a_delivered_household_is_rejected(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], [MEMBER, MEMBER.replace("A1,D1", "A2,D9")])
    assert reasons(con) == [(3, "idbdt", "D9", "induk_tidak_ada")]
    assert ids(con, "raw.dtks_anggota", "idartbdt") == ["A1"]


def test_members_of_a_quarantined_household_go_on(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD.replace(",2,54.5", ",99,54.5")], [MEMBER, MEMBER.replace("A1,D1", "A2, D1")])
    assert ids(con, "quarantine.dtks_rumah_tangga", "idbdt") == ["D1"]
    assert ids(con, "raw.dtks_anggota", "idartbdt") == ["A1", "A2"]


def test_two_periods_of_one_area_are_two_rows_and_the_same_period_twice_is_one(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "referensi"
    folder.mkdir()
    rows = [
        "1,94,94,PAPUA,2010-01-01,2022-11-16,",
        "1,94,97,PAPUA TENGAH,2022-11-17,,",
        "1,94,97,PAPUA TENGAH,17/11/2022,,",
    ]
    head = "tingkat,kode_kemendagri,kode_bps,nama,berlaku_dari,berlaku_sampai,kode_kemendagri_baru"
    (folder / "wilayah.csv").write_text("\n".join([head, *rows]))
    (folder / "susenas.csv").write_text("id_ruta,kode_bps_kabupaten,penimbang,jumlah_art,pengeluaran_per_kapita\n")
    reader.read_source(con, tmp_path, "2025-03", "referensi")
    assert [row[1:] for row in reasons(con)] == [("kode_kemendagri", "94", "kunci_ganda")]


@pytest.mark.parametrize("label", ["Milik sendri", "1", "Listrik"])
def test_a_label_outside_the_list_is_rejected(con: duckdb.DuckDBPyConnection, tmp_path: Path, label: str) -> None:
    assert p3ke(con, tmp_path, label) == [(2, "sumber_penerangan", label, "label_tidak_dikenal")]


@pytest.mark.parametrize(
    "label", ["LISTRIK PLN METERAN", "listrik  pln meteran ", "Listrik Pribadi > 900 Watt", "Non-Listrik", ""]
)
def test_a_label_is_known_in_any_case_spacing_and_by_its_aliases(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, label: str
) -> None:
    assert p3ke(con, tmp_path, label) == []
    assert con.execute("select sumber_penerangan, bpnt from raw.p3ke_keluarga").fetchall() == [(label, "YA")]


def p3ke(con: duckdb.DuckDBPyConnection, landing: Path, label: str) -> list[tuple[object, ...]]:
    folder = landing / "2025-03" / "p3ke"
    folder.mkdir(parents=True)
    (folder / "keluarga.csv").write_text(
        f"id_keluarga,kode_kemdagri,sumber_penerangan,bnpt\nP1,3519142006,{label},YA\n"
    )
    (folder / "individu.csv").write_text("id_individu,id_keluarga,nama\nI1,P1,SITI\n")
    reader.read_source(con, landing, "2025-03", "p3ke")
    return reasons(con)


def test_a_code_that_is_a_word_is_known_in_any_case(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "2025-03" / "pemutakhiran"
    folder.mkdir(parents=True)
    head = "id_usulan,tanggal,jenis,status\n"
    (folder / "bulan ini.csv").write_text(
        head + "U1,2025-03-02,hidup lagi,disahkan\nU2,2025-03-02,Meninggal,DISAHKAN\n"
    )
    reader.read_source(con, tmp_path, "2025-03", "pemutakhiran")
    assert reasons(con) == [(2, "jenis", "hidup lagi", "kode_tidak_dikenal")]
    assert ids(con, "raw.pemutakhiran_usulan", "id_usulan") == ["U2"]


def test_every_reason_is_told_in_both_languages(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    bad = GOOD.replace("D1,35", "D2,5").replace(",2,54.5,3,", ",99,x,0,").replace("2025-01-15", "x")
    read(con, tmp_path, [GOOD, bad, "D3"], [MEMBER, MEMBER, "A2,D9,,,,", 'A3,D1,"SITI"x,,,'])
    rows = con.execute("select alasan, keterangan, explanation from quarantine.alasan").fetchall()
    assert {row[0] for row in rows} == set(REASONS) - {"karakter_nul", "label_tidak_dikenal"}
    assert all(row[1] and row[2] and row[1] != row[2] and "{" not in row[1] + row[2] for row in rows)
    assert ("kode_tidak_dikenal", "bukan salah satu kode 1, 2, 3, 4, 5, 6, 7, 8, 9, 10") in {row[:2] for row in rows}


@given(st.text())
def test_the_mask_leaves_no_letter_and_no_digit(value: str) -> None:
    masked = mask(value)
    assert len(masked) == len(value)
    assert not [c for c in masked if (c.isalpha() and c != "x") or (c.isdecimal() and c != "9")]


def test_the_mask_is_the_same_in_sql() -> None:
    values = ["16 Maret 1979", "Jl. É. Nuñez No. 5", "3573-0145", "", "¼ ②"]
    masked = duckdb.execute(f"select {mask_sql('v')} from (select unnest(?) as v)", [values]).fetchall()
    assert [row[0] for row in masked] == [mask(value) for value in values]


member_rows = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "A3", "", "A4"]),
        st.sampled_from(["D1", "D9", " D1"]),
        st.sampled_from(["SITI", "", '"a, ""b"""', '"baris\nbaru"']),
        st.sampled_from(["", "x"]),
        st.sampled_from(["1979-03-16", "besok", "1979"]),
        st.sampled_from(["1", "2,", "9", ""]),
    ).map(",".join),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(member_rows)
def test_every_row_is_either_kept_or_in_quarantine_with_a_reason(tmp_path: Path, rows: list[str]) -> None:
    with duckdb.connect() as con:
        _, report = read(con, tmp_path, [GOOD], rows)
        assert report.rows_read == len(rows)
        accepted = con.execute("select _line from raw.dtks_anggota").fetchall()
        refused = con.execute("select _line from quarantine.dtks_anggota").fetchall()
        assert len(accepted) + len(refused) == len(rows) and report.rows_quarantined == len(refused)
        starts = [2 + sum(1 + row.count("\n") for row in rows[:i]) for i in range(len(rows))]
        assert sorted(line for (line,) in accepted + refused) == starts
        told = con.execute("select distinct line from quarantine.alasan where tabel = 'anggota'").fetchall()
        assert sorted(told) == sorted(refused)
