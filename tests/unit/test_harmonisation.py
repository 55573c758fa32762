"""Three sources in one code list: every trap in which the same number, word or code means something else next door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from raw_fixture import Row, one, records, warehouse, wilayah_rows

FAMILY = "intermediate.int_family_record"
PERSON = "intermediate.int_person_record"
SUSENAS = "intermediate.int_susenas"


def _families(**tables: list[Row]) -> dict[str, dict[str, object]]:
    """Family records by ``source:roster_id``."""
    with warehouse(tables, models=[FAMILY]) as con:
        return {f"{row['source']}:{row['roster_id']}": row for row in records(con, f"select * from {FAMILY}")}


def _people(bulan: str = "2025-03-01", **tables: list[Row]) -> dict[str, dict[str, object]]:
    """Person records by record_id."""
    with warehouse(tables, models=[PERSON], bulan=bulan) as con:
        return {str(row["record_id"]): row for row in records(con, f"select * from {PERSON}")}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """One household of each source that answers in its own way what the others answer too."""
    housing = {
        "kd_jenis_lantai_terluas": "8",
        "kd_pembuangan_akhir_tinja": "3",
        "kd_sumber_penerangan_utama": "2",
        "kd_lemari_es": "1",
    }
    tables: dict[str, list[Row]] = {
        "dtks_rumah_tangga": [
            {
                "lantai": "9",
                "buang_tinja": "3",
                "sumber_penerangan": "1",
                "daya": "6",
                "ada_lemari_es": "3",
                "ada_ac": "2",
                "ada_motor": "4",
                "atap": "5",
                "bb_masak": "6",
                "sumber_airminum": "8",
                "jumlah_sapi": "2",
            }
        ],
        "dtks_anggota": [{"ada_pbi": "1", "ada_bpnt": "1", "ada_pkh": "2"}],
        "regsosek_keluarga": [{**housing, "kd_ac": "2", "kd_sepeda_motor": "1", "kd_jenis_atap": "3", "kd_kk": "2"}],
        "regsosek_anggota": [{"kd_jaminan_kesehatan": "0"}],
        "p3ke_keluarga": [
            {
                "jenis_lantai": "Tanah",
                "jenis_atap": "Asbes/Seng",
                "sumber_penerangan": "Listrik PLN non meteran",
                "daya_terpasang": "Tidak Ada",
                "fasilitas_bab": "Ya, dengan Septictank",
                "memiliki_simpanan": "YA",
                "bpnt": "Tidak",
                "sembako": "Ya",
                "penghasilan": "1500000",
            }
        ],
        "p3ke_individu": [{}],
        "referensi_susenas": [{**housing, "kd_ijazah_krt": "20", "kd_bekerja_krt": "2", "kd_jenis_kelamin_krt": "2"}],
    }
    with warehouse(tables, models=[FAMILY, PERSON, SUSENAS]) as connection:
        yield connection


def _by_source(con: duckdb.DuckDBPyConnection, column: str) -> dict[str, object]:
    return {row["source"]: row[column] for row in records(con, f"select source, {column} from {FAMILY}")}


def test_a_surveyed_household_without_a_sampling_unit_stands_for_itself() -> None:
    rows: list[Row] = [
        {"id_ruta": "S1"},
        {"id_ruta": "S2"},
        {"id_ruta": "S3", "nks": "00007"},
        {"id_ruta": "S4", "nks": "00007"},
        {"id_ruta": "S5", "nks": "00007", "kode_bps_kabupaten": "3520"},
    ]
    with warehouse({"referensi_susenas": rows}, models=[SUSENAS]) as con:
        units = dict(con.execute(f"select id_ruta, unit_sampel from {SUSENAS}").fetchall())
    assert units["S1"] != units["S2"], "two unknown units are not one"
    assert units["S3"] == units["S4"] and len(set(units.values())) == 4


def test_earth_floor_is_nine_in_dtks_and_eight_in_regsosek(con: duckdb.DuckDBPyConnection) -> None:
    assert _by_source(con, "lantai") == {"dtks": "tanah", "regsosek": "tanah", "p3ke": "tanah"}


def test_sewage_three_is_a_pit_in_dtks_and_a_pond_in_regsosek(con: duckdb.DuckDBPyConnection) -> None:
    assert _by_source(con, "buang_tinja") == {
        "dtks": "lubang_tanah",
        "regsosek": "kolam_sawah_sungai",
        "p3ke": "tangki_septik",
    }


def test_without_a_meter_is_one_thing_whether_power_or_lighting_says_it(con: duckdb.DuckDBPyConnection) -> None:
    assert set(_by_source(con, "penerangan").values()) == {"pln"}
    assert set(_by_source(con, "penerangan_rinci").values()) == {"pln_tanpa_meteran"}
    assert set(_by_source(con, "daya").values()) == {"tanpa"}


def test_pln_without_a_power_code_is_not_taken_for_a_connection_without_meter() -> None:
    row = _families(dtks_rumah_tangga=[{"sumber_penerangan": "1", "daya": ""}])["dtks:D1"]
    assert (row["penerangan"], row["penerangan_rinci"], row["daya"]) == ("pln", None, None)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("lemari_es", {"dtks": True, "regsosek": True, "p3ke": None}),  # 3 against 1
        ("ac", {"dtks": False, "regsosek": False, "p3ke": None}),  # 2 and 2
        ("motor", {"dtks": False, "regsosek": True, "p3ke": None}),  # 4 against 1
        ("simpanan", {"dtks": None, "regsosek": None, "p3ke": True}),  # text
        ("smartphone", {"dtks": None, "regsosek": None, "p3ke": None}),
    ],
)
def test_yes_and_no_have_four_spellings(
    con: duckdb.DuckDBPyConnection, column: str, expected: dict[str, object]
) -> None:
    assert _by_source(con, column) == expected


def test_a_source_that_merges_has_the_coarse_value_and_no_fine_one(con: duckdb.DuckDBPyConnection) -> None:
    assert set(_by_source(con, "atap").values()) == {"asbes_seng"}
    assert _by_source(con, "atap_rinci") == {"dtks": "asbes", "regsosek": "seng", "p3ke": None}


def test_ceramic_and_marble_are_one_class_and_the_finer_alias_is_kept() -> None:
    rows = _families(
        regsosek_keluarga=[{"id_keluarga": str(code), "kd_jenis_lantai_terluas": str(code)} for code in (1, 2, 3, 4)],
        p3ke_keluarga=[
            {"id_keluarga": "lama", "jenis_lantai": "Keramik/Granit/Marmer", "jenis_atap": "Seng"},
            {
                "id_keluarga": "baru",
                "jenis_lantai": "Keramik/Granit/Marmer/Ubin/Tegel/Teraso",
                "daya_terpasang": "<= 900",
            },
        ],
    )
    assert [rows[f"regsosek:{code}"]["lantai"] for code in (1, 2, 4)] == ["keramik_marmer_ubin"] * 3
    assert rows["regsosek:3"]["lantai"] == "lainnya"
    assert {rows["p3ke:lama"]["lantai"], rows["p3ke:baru"]["lantai"]} == {"keramik_marmer_ubin"}
    assert (rows["p3ke:lama"]["atap"], rows["p3ke:lama"]["atap_rinci"]) == ("asbes_seng", "seng")
    assert (rows["p3ke:baru"]["daya"], rows["p3ke:baru"]["daya_rinci"]) == ("900", None)


def test_what_one_source_cannot_say_is_other_in_the_coarse_list(con: duckdb.DuckDBPyConnection) -> None:
    row = one(
        con, f"select air_minum, air_minum_rinci, bahan_bakar, bahan_bakar_rinci from {FAMILY} where source = 'dtks'"
    )
    assert row == {
        "air_minum": "lainnya",
        "air_minum_rinci": "mata_air_terlindung",
        "bahan_bakar": "lainnya",
        "bahan_bakar_rinci": "briket",
    }


def test_sembako_is_bpnt_and_income_is_only_reported_by_p3ke(con: duckdb.DuckDBPyConnection) -> None:
    assert _by_source(con, "bpnt") == {"dtks": True, "regsosek": None, "p3ke": True}
    assert _by_source(con, "penghasilan") == {"dtks": None, "regsosek": None, "p3ke": 1500000.0}
    assert _by_source(con, "kk_status") == {"dtks": None, "regsosek": "pecahan", "p3ke": None}


def test_the_consumption_sample_is_in_the_lists_of_the_register(con: duckdb.DuckDBPyConnection) -> None:
    row = one(con, f"select * from {SUSENAS}")
    assert (row["lantai"], row["buang_tinja"], row["daya"], row["lemari_es"]) == (
        "tanah",
        "kolam_sawah_sungai",
        "tanpa",
        True,
    )
    assert (row["kode_kabupaten"], row["kode_provinsi"]) == ("3519", "35")
    assert (row["pendidikan_krt"], row["bekerja_krt"], row["jenis_kelamin_krt"]) == (5, False, "P")


def test_school_codes_start_at_nought_in_dtks_and_at_one_in_regsosek() -> None:
    rows = _people(
        dtks_anggota=[{"idartbdt": f"D{code}", "partisipasi_sekolah": code} for code in (0, 1, 2)],
        regsosek_anggota=[{"id_anggota": f"R{code}", "kd_partisipasi_sekolah": code} for code in (1, 2, 3)],
    )
    assert [rows[key]["partisipasi_sekolah"] for key in ("D0", "D1", "D2", "R1", "R2", "R3")] == [1, 2, 3, 1, 2, 3]


def test_still_at_a_school_means_the_level_below_is_done() -> None:
    labels = [
        "Tidak/Belum Sekolah",
        "Tidak Tamat SD/Sederajat",
        "Masih SD/Sederajat",
        "Masih SLTA/Sederajat",
        "Tamat PT/Akademi",
    ]
    rows = _people(p3ke_individu=[{"id_individu": label, "pendidikan": label} for label in labels])
    assert [(rows[label]["pendidikan"], rows[label]["partisipasi_sekolah"]) for label in labels] == [
        (0, 1),
        (0, 3),
        (0, 2),
        (2, 2),
        (4, 3),
    ]
    assert rows["Masih SD/Sederajat"]["pendidikan_asal"] == "Masih SD/Sederajat"


def test_certificates_of_regsosek_become_levels() -> None:
    codes = {1: 1, 4: 1, 9: 2, 15: 3, 18: 4, 19: 5, 20: 5, 21: 6, 22: 6, 23: 0}
    rows = _people(regsosek_anggota=[{"id_anggota": f"R{code}", "kd_ijazah_tertinggi": code} for code in codes])
    assert {code: rows[f"R{code}"]["pendidikan"] for code in codes} == codes
    assert rows["R9"]["pendidikan_asal"] == "MTs"


def test_health_insurance_adds_up_and_only_its_odd_sums_have_pbi() -> None:
    codes: dict[object, object] = {0: False, 1: True, 2: False, 3: True, 8: False, 9: True, 99: None, "": None}
    rows = _people(regsosek_anggota=[{"id_anggota": f"R{code}", "kd_jaminan_kesehatan": code} for code in codes])
    assert {code: rows[f"R{code}"]["pbi"] for code in codes} == codes
    assert rows["R99"]["jaminan_kesehatan"] == 99


def test_disability_and_illness_count_from_different_ends() -> None:
    rows = _people(
        dtks_anggota=[{"idartbdt": f"D{c}", "jenis_cacat": c, "penyakit_kronis": c} for c in (0, 1)],
        regsosek_anggota=[
            {"id_anggota": f"R{c}", "kd_kesulitan_fungsi": c, "kd_penyakit_kronis": c} for c in (1, 2, 3, 4)
        ],
    )
    assert [rows[k]["disabilitas"] for k in ("D0", "D1", "R1", "R2", "R3", "R4")] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert [rows[k]["penyakit_kronis"] for k in ("D0", "D1", "R1", "R2")] == [False, True, False, True]


def test_an_occupation_says_whether_and_sometimes_how_one_works() -> None:
    jobs: dict[str, tuple[bool | None, int | None]] = {
        "Petani": (True, None),
        "Pegawai Swasta": (True, 4),
        "PNS/TNI/Polri": (True, 5),
        "Pensiunan": (False, None),
        "Tidak/Belum Bekerja": (False, None),
        "Lainnya": (None, None),
    }
    rows = _people(p3ke_individu=[{"id_individu": job, "pekerjaan": job} for job in jobs])
    assert {job: (rows[job]["bekerja"], rows[job]["status_pekerjaan"]) for job in jobs} == jobs


def test_presence_has_other_codes_in_each_source() -> None:
    rows = _people(
        dtks_anggota=[{"idartbdt": f"D{c}", "sta_keberadaan_art": c} for c in (1, 2, 3, 4, 5)],
        regsosek_anggota=[{"id_anggota": f"R{c}", "kd_keberadaan": c} for c in (1, 2, 3, 4, 5, 6)],
    )
    assert [rows[f"D{c}"]["status_keberadaan"] for c in (1, 2, 3, 4, 5)] == [
        "ada",
        "meninggal",
        "pindah",
        "ada",
        "tidak_ditemukan",
    ]
    assert [rows[f"R{c}"]["status_keberadaan"] for c in (1, 2, 3, 4, 5, 6)] == [
        "ada",
        "meninggal",
        "pindah",
        "pindah",
        "ada",
        "tidak_ditemukan",
    ]


def test_a_dtks_household_is_as_many_families_as_it_holds() -> None:
    members = [
        {"idartbdt": "1", "nuk": "1", "hub_krt": "1", "nokk": "3519140701150019", "ada_bpnt": "2"},
        {"idartbdt": "2", "nuk": "2", "hub_krt": "3", "nokk": "3519140701150020", "ada_bpnt": "1"},
        {"idartbdt": "3", "nuk": "2", "hub_krt": "4", "nokk": ""},
    ]
    house = [{"nokk": "3519140701150019", "lantai": "9", "jumlah_art": "3", "jumlah_keluarga": "2", "sta_kks": "1"}]
    with warehouse({"dtks_rumah_tangga": house, "dtks_anggota": members}, models=[FAMILY]) as con:
        families = records(con, f"select family_uid, kk, lantai, bpnt, jumlah_anggota_lapor from {FAMILY} order by 1")
        relations = records(con, f"select family_uid, hubungan from {PERSON} order by record_uid")
    assert [tuple(row.values()) for row in families] == [
        ("dtks:D1#1", "3519140701150019", "tanah", False, None),
        ("dtks:D1#2", "3519140701150020", "tanah", True, None),
    ]
    # hub_krt is the relation to the head of the household: to the head of the second family nobody asked it
    assert [(row["family_uid"][-1], row["hubungan"]) for row in relations] == [("1", 1), ("2", None), ("2", None)]


def test_a_family_without_members_and_members_without_a_family_row_are_both_there() -> None:
    rows = _families(
        dtks_rumah_tangga=[{"idbdt": "SEPI", "nokk": "3519140701150019"}],
        regsosek_anggota=[{"id_keluarga": "YATIM"}],
    )
    assert rows["dtks:SEPI"]["family_uid"] == "dtks:SEPI#1"
    assert rows["dtks:SEPI"]["kk"] == "3519140701150019"
    assert (rows["regsosek:YATIM"]["lantai"], rows["regsosek:YATIM"]["kode_provinsi"]) == (None, None)


def test_only_dtks_knows_the_mother() -> None:
    mother = {"namagadis_ibukandung": "HJ. SOEKARTI"}
    rows = _people(dtks_anggota=[mother], regsosek_anggota=[{}], p3ke_individu=[{}])
    assert [rows[key]["ibu"] for key in ("DA1", "RA1", "PA1")] == ["SUKARTI", None, None]


def test_every_fact_has_the_day_it_was_observed() -> None:
    rows = _people(
        dtks_rumah_tangga=[{"idbdt": "D1", "lastupdatedata": "2024-05-01"}, {"idbdt": "D2", "lastupdatedata": ""}],
        dtks_anggota=[
            {"idartbdt": "sendiri", "lastupdatedata": "2024-06-01"},
            {"idartbdt": "rumah", "lastupdatedata": ""},
            {"idartbdt": "kiriman", "idbdt": "D2", "lastupdatedata": ""},
            {"idartbdt": "masa depan", "idbdt": "D2", "lastupdatedata": "2205-01-15"},
        ],
        regsosek_keluarga=[{"tanggal_pendataan": "2022-11-01"}],
        regsosek_anggota=[{}],
        p3ke_keluarga=[{"tanggal_data": "2023-06-30"}],
        p3ke_individu=[{}],
    )
    assert {key: row["tanggal_amatan"] for key, row in rows.items()} == {
        "sendiri": date(2024, 6, 1),
        "rumah": date(2024, 5, 1),
        "kiriman": date(2025, 2, 1),
        "masa depan": date(2025, 2, 1),
        "RA1": date(2022, 11, 1),
        "PA1": date(2023, 6, 30),
    }


def test_an_age_gives_the_year_of_birth_at_the_interview() -> None:
    rows = _people(
        regsosek_keluarga=[{"tanggal_pendataan": "2022-11-01"}],
        regsosek_anggota=[
            {"id_anggota": "umur", "umur": "40"},
            {"id_anggota": "tahun", "umur": "40", "tgl_lahir": "1981"},
            {"id_anggota": "tumpuk", "tgl_lahir": "1980-07-01"},
        ],
    )
    assert (rows["umur"]["tahun_lahir"], rows["umur"]["tgl_lahir"]) == (1982, None)
    assert (rows["tahun"]["tahun_lahir"], rows["tahun"]["tgl_lahir_presisi"], rows["tahun"]["tgl_lahir_tumpuk"]) == (
        1981,
        "tahun",
        None,
    )
    assert rows["tumpuk"]["tgl_lahir_tumpuk"] is True


def test_one_code_is_two_places_in_the_two_systems() -> None:
    areas = [
        *wilayah_rows(),
        {"tingkat": "4", "kode_kemendagri": "1213020013", "kode_bps": "1214030013", "nama": "Lain"},
    ]
    with warehouse(
        {
            "referensi_wilayah": areas,
            "regsosek_keluarga": [
                {"kode_provinsi": "12", "kode_kabupaten": "13", "kode_kecamatan": "020", "kode_desa": "013"},
            ],
            "p3ke_keluarga": [{"kode_kemdagri": "1213020013"}],
        },
        models=[FAMILY],
    ) as con:
        rows = {row["source"]: row["kode_desa"] for row in records(con, f"select source, kode_desa from {FAMILY}")}
    assert rows == {"regsosek": "1212022013", "p3ke": "1213020013"}


def test_an_unknown_village_falls_back_to_the_area_that_is_known() -> None:
    with warehouse(
        {
            "p3ke_keluarga": [
                {"id_keluarga": "kecamatan", "kode_kemdagri": "3519149999"},
                {"id_keluarga": "kabupaten", "kode_kemdagri": "3519999999"},
                {"id_keluarga": "provinsi", "kode_kemdagri": "3599999999"},
                {"id_keluarga": "asing", "kode_kemdagri": "9999999999"},
            ]
        },
        models=[FAMILY],
    ) as con:
        rows = records(
            con, f"select roster_id, kode_desa, kode_kecamatan, kode_kabupaten, kode_provinsi from {FAMILY} order by 1"
        )
    assert [tuple(row.values()) for row in rows] == [
        ("asing", None, None, None, None),
        ("kabupaten", None, None, "3519", "35"),
        ("kecamatan", None, "351914", "3519", "35"),
        ("provinsi", None, None, None, "35"),
    ]


def _village(
    old: dict[str, str], *more: dict[str, str], bulan: str = "2025-03-01", code: str = "9101010001"
) -> tuple[object, ...]:
    rows = [{"tingkat": "4", "kode_bps": "9401010001", "nama": "Desa", **row} for row in (old, *more)]
    with warehouse(
        {"referensi_wilayah": rows, "p3ke_keluarga": [{"kode_kemdagri": code}]}, models=[FAMILY], bulan=bulan
    ) as con:
        row = one(con, f"select kode_desa, kode_provinsi from {FAMILY}")
    return tuple(row.values())


OLD = {
    "kode_kemendagri": "9101010001",
    "berlaku_dari": "2010-01-01",
    "berlaku_sampai": "2022-06-30",
    "kode_kemendagri_baru": "9301010001",
}
NEW = {"kode_kemendagri": "9301010001", "berlaku_dari": "2022-07-01"}


def test_a_code_that_died_is_followed_to_its_successor() -> None:
    assert _village(OLD, NEW) == ("9301010001", "93")


def test_a_code_is_still_itself_before_the_split() -> None:
    assert _village(OLD, NEW, bulan="2022-05-01") == ("9101010001", "91")


def test_a_successor_that_died_too_is_followed_on() -> None:
    middle = {**NEW, "berlaku_sampai": "2024-12-31", "kode_kemendagri_baru": "9501010001"}
    last = {"kode_kemendagri": "9501010001", "berlaku_dari": "2025-01-01"}
    assert _village(OLD, middle, last) == ("9501010001", "95")


def test_a_circle_of_successors_and_a_successor_nobody_knows_end_in_nothing() -> None:
    circle = {**NEW, "berlaku_sampai": "2023-01-01", "kode_kemendagri_baru": "9101010001"}
    assert _village(OLD, circle) == (None, None)
    assert _village(OLD) == (None, None)


def test_addresses_and_neighbourhoods_have_one_spelling() -> None:
    rows = _families(
        dtks_rumah_tangga=[
            {"idbdt": "1", "alamat": "JALAN Pasar No. 29", "nama_sls": "RT 008/RW 002"},
            {"idbdt": "2", "alamat": "Jl. Pasar, Nomor 29", "nama_sls": "RT.8 / RW.02"},
            {"idbdt": "3", "alamat": "Jln Pasar NO 29", "nama_sls": "RT/RW 08/02"},
            {"idbdt": "4", "alamat": "Dsn. Krajan", "nama_sls": "Dusun Krajan"},
        ],
        p3ke_keluarga=[{"alamat": "Kp. Sawah RT 008 RW 002"}],
    )
    assert {rows[f"dtks:{n}"]["alamat_baku"] for n in (1, 2, 3)} == {"JL PASAR NO 29"}
    assert {rows[f"dtks:{n}"]["sls"] for n in (1, 2, 3)} == {"RT 008 RW 002"}
    assert (rows["dtks:4"]["alamat_baku"], rows["dtks:4"]["sls"]) == ("DUSUN KRAJAN", "DUSUN KRAJAN")
    assert (rows["p3ke:P1"]["alamat_baku"], rows["p3ke:P1"]["sls"]) == ("KAMPUNG SAWAH RT 008 RW 002", "RT 008 RW 002")


def test_every_accepted_person_is_there_once(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, f"select count(*) as n, count(distinct record_uid) as uid from {PERSON}") == {"n": 3, "uid": 3}
    assert (
        one(con, f"select count(*) as n from {PERSON} as p anti join {FAMILY} as f on p.family_uid = f.family_uid")["n"]
        == 0
    )
