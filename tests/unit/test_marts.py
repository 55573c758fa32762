"""Survivorship: of what several sources said about one person or family, the value that stays, and its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
import pytest
from raw_fixture import Row, one, records, warehouse

from dtsen_pipeline.sql.models import load_models, run_models, upstream

DTKS, P3KE, REGSOSEK = date(2025, 1, 15), date(2023, 6, 30), date(2022, 11, 1)  # dates of the fixture's defaults
MARTS = ("marts.anggota", "marts.keluarga")
INTERMEDIATE = [name for name in upstream(MARTS) if name in load_models() and not name.startswith("marts.")]
NIK = "3519142003790001"


@contextmanager
def _marts(
    tables: Mapping[str, list[Row]], persons: Mapping[str, str] | None = None, families: Mapping[str, str] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Marts over ``tables``; ``persons`` and ``families`` are the ids the linkage gave a record_uid (P-1 and K-1)."""
    with warehouse(tables, models=INTERMEDIATE) as con:
        columns = ("record_uid", "source", "record_id", "person_id", "family_id")
        con.execute(f"create table linkage.crosswalk ({', '.join(f'{column} varchar' for column in columns)})")
        for row in records(con, "select record_uid, source, record_id from intermediate.int_person_record"):
            uid = row["record_uid"]
            ids = [(persons or {}).get(uid, "P-1"), (families or {}).get(uid, "K-1")]
            con.execute("insert into linkage.crosswalk values (?, ?, ?, ?, ?)", [*row.values(), *ids])
        run_models(con, MARTS)
        yield con


def _person(**tables: list[Row]) -> dict[str, Any]:
    with _marts(tables) as con:
        return one(con, "select * from marts.anggota")


def _family(**tables: list[Row]) -> dict[str, Any]:
    """The family K-1 that all given rosters are rows of; each roster has one member, its head."""
    members: dict[str, list[Row]] = {}
    for table, key, member, record in (
        ("dtks_rumah_tangga", "idbdt", "dtks_anggota", "idartbdt"),
        ("regsosek_keluarga", "id_keluarga", "regsosek_anggota", "id_anggota"),
        ("p3ke_keluarga", "id_keluarga", "p3ke_individu", "id_individu"),
    ):
        default = {"idbdt": "D1", "id_keluarga": "R1" if table.startswith("regsosek") else "P1"}[key]
        members[member] = [
            {key: roster.get(key, default), record: f"{member}-{n}"} for n, roster in enumerate(tables.get(table, []))
        ]
    with _marts({**tables, **members}) as con:
        return one(con, "select * from marts.keluarga")


def _value(row: Mapping[str, Any], column: str) -> tuple[object, object, object]:
    return row[column], row[f"{column}_sumber"], row[f"{column}_tanggal"]


# persons


def test_the_latest_interview_wins() -> None:
    row = _person(
        dtks_anggota=[{"sta_kawin": "4", "lastupdatedata": "2025-01-15"}],
        regsosek_anggota=[{"kd_status_kawin": "2"}],
        p3ke_individu=[{"status_kawin": "Cerai hidup"}],
        regsosek_keluarga=[{}],
        p3ke_keluarga=[{}],
    )
    assert _value(row, "status_kawin") == (4, "dtks", DTKS)
    assert (row["jumlah_rekaman"], row["sumber"]) == (3, "dtks,p3ke,regsosek")


@pytest.mark.parametrize("day", ["1969-12-31", "1905-01-01", "2024-02-29"])
def test_the_day_of_a_fact_is_told_as_it_was_said(day: str) -> None:
    row = _person(dtks_anggota=[{"sta_kawin": "4", "lastupdatedata": day}])
    assert _value(row, "status_kawin") == (4, "dtks", date.fromisoformat(day))


def test_nothing_never_wins_however_new_it_is() -> None:
    row = _person(
        dtks_rumah_tangga=[{}],
        dtks_anggota=[{"sta_kawin": ""}],
        regsosek_keluarga=[{}],
        regsosek_anggota=[{"kd_status_kawin": "2"}],
    )
    assert _value(row, "status_kawin") == (2, "regsosek", REGSOSEK)
    assert _value(row, "kk") == (None, None, None)


def test_on_one_day_the_better_source_wins_and_then_the_record_id() -> None:
    day = {"tanggal_data": "2024-01-01"}
    row = _person(
        dtks_anggota=[
            {"idartbdt": "B", "sta_kawin": "1", "lastupdatedata": "2024-01-01"},
            {"idartbdt": "A", "sta_kawin": "3", "lastupdatedata": "2024-01-01"},
        ],
        p3ke_keluarga=[day],
        p3ke_individu=[{"status_kawin": "Cerai mati"}],
    )
    assert _value(row, "status_kawin") == (3, "dtks", date(2024, 1, 1))


def test_the_nik_is_the_sound_one_that_most_rows_carry() -> None:
    row = _person(
        dtks_rumah_tangga=[{}],
        dtks_anggota=[{"nik": "3519142003790009"}],
        regsosek_keluarga=[{"id_keluarga": "R1"}, {"id_keluarga": "R2"}],
        regsosek_anggota=[{"id_anggota": "1", "nik": NIK}, {"id_anggota": "2", "id_keluarga": "R2", "nik": NIK}],
    )
    assert _value(row, "nik") == (NIK, "regsosek", REGSOSEK)


def test_two_implausible_niks_do_not_outvote_a_sound_one() -> None:
    odd = "9919142003790001"
    row = _person(
        dtks_anggota=[{"idartbdt": "1", "nik": odd}, {"idartbdt": "2", "nik": odd}],
        regsosek_keluarga=[{}],
        regsosek_anggota=[{"nik": NIK}],
    )
    assert row["nik"] == NIK


def test_the_name_is_the_most_complete_of_the_most_frequent() -> None:
    row = _person(
        dtks_anggota=[{"idartbdt": "1", "nama": "SITI"}, {"idartbdt": "2", "nama": "SITI A"}],
        regsosek_anggota=[{"nama": "ST. AMINAH"}],
        p3ke_individu=[{"nama": "HJ. SITI AMINAH, S.PD"}],
    )
    assert row["nama"] == "SITI AMINAH"
    assert row["nama_sumber"] == "regsosek"  # the first of the two that say it


@pytest.mark.parametrize(
    ("dates", "nik", "expected"),
    [
        (["1979", "1979", "1979-05-04"], "", (date(1979, 5, 4), "hari")),  # a day beats a year
        (["1979-05-04", "1979-05-04", "1979-03-20"], NIK, (date(1979, 3, 20), "hari")),  # the NIK confirms
        (["1979-05-04", "1979-05-05", "1979-05-05"], "", (date(1979, 5, 5), "hari")),  # most rows
        (["1979-01-01", "1979-05-04"], "", (date(1979, 5, 4), "hari")),  # not the heaped one
        (["", "1979"], "", (date(1979, 1, 1), "tahun")),
        (["", ""], "", (None, None)),
    ],
)
def test_the_birth_date_is_the_best_supported_one(dates: list[str], nik: str, expected: tuple[object, object]) -> None:
    people: list[Row] = [
        {"idartbdt": str(n), "idbdt": f"D{n}", "tgllahir": day, "nik": nik} for n, day in enumerate(dates)
    ]
    row = _person(dtks_rumah_tangga=[{"idbdt": f"D{n}"} for n in range(len(dates))], dtks_anggota=people)
    assert (row["tgl_lahir"], row["tgl_lahir_presisi"]) == expected


def test_an_age_alone_still_gives_a_year() -> None:
    row = _person(regsosek_keluarga=[{}], regsosek_anggota=[{"umur": "40"}])
    assert (row["tgl_lahir"], row["tgl_lahir_presisi"], row["tgl_lahir_sumber"]) == (
        date(1982, 1, 1),
        "tahun",
        "regsosek",
    )


def test_sex_is_the_word_of_most_rows_and_then_of_the_nik() -> None:
    latest_wrong: list[Row] = [{"jnskel": "2"}]
    row = _person(
        dtks_rumah_tangga=[{}],
        dtks_anggota=latest_wrong,
        regsosek_anggota=[{"kd_jenis_kelamin": "1"}],
        p3ke_individu=[{"jenis_kelamin": "Laki-laki"}],
    )
    assert row["jenis_kelamin"] == "L"
    row = _person(
        dtks_rumah_tangga=[{}],
        dtks_anggota=latest_wrong,
        regsosek_keluarga=[{}],
        regsosek_anggota=[{"kd_jenis_kelamin": "1", "nik": NIK}],
    )
    assert _value(row, "jenis_kelamin") == ("L", "regsosek", REGSOSEK)


def test_the_one_label_of_p3ke_for_all_degrees_does_not_lower_a_known_degree() -> None:
    degree: list[Row] = [{"pendidikan": "Tamat PT/Akademi"}]
    row = _person(
        p3ke_keluarga=[{}],
        p3ke_individu=degree,
        regsosek_keluarga=[{}],
        regsosek_anggota=[{"kd_ijazah_tertinggi": "21"}],
    )
    assert _value(row, "pendidikan") == (6, "regsosek", REGSOSEK)
    row = _person(
        p3ke_keluarga=[{}],
        p3ke_individu=degree,
        regsosek_keluarga=[{}],
        regsosek_anggota=[{"kd_ijazah_tertinggi": "13"}],
    )
    assert _value(row, "pendidikan") == (4, "p3ke", P3KE)


def test_who_stopped_working_has_no_trade_left_from_before() -> None:
    work: list[Row] = [{"kd_bekerja": "1", "kd_lapangan_usaha": "3", "kd_status_pekerjaan": "5"}]
    row = _person(
        dtks_rumah_tangga=[{}], dtks_anggota=[{"sta_bekerja": "2"}], regsosek_keluarga=[{}], regsosek_anggota=work
    )
    assert _value(row, "bekerja") == (False, "dtks", DTKS)
    assert _value(row, "status_pekerjaan") == (None, None, None)
    assert row["lapangan_usaha"] is None


# families


def test_a_family_column_is_the_latest_word_with_its_source() -> None:
    row = _family(
        dtks_rumah_tangga=[{"lantai": "9", "luas_lantai": ""}],
        regsosek_keluarga=[{"kd_jenis_lantai_terluas": "2", "luas_lantai": "54", "kd_smartphone": "1"}],
        p3ke_keluarga=[{"penghasilan": "900000", "memiliki_simpanan": "Tidak"}],
    )
    assert _value(row, "lantai") == ("tanah", "dtks", DTKS)
    assert _value(row, "luas_lantai") == (54.0, "regsosek", REGSOSEK)
    assert _value(row, "smartphone") == (True, "regsosek", REGSOSEK)
    assert _value(row, "simpanan") == (False, "p3ke", P3KE)
    assert _value(row, "sapi") == (None, None, None)


def test_a_fine_label_survives_only_beside_its_own_coarse_one() -> None:
    regsosek: list[Row] = [{"kd_jenis_lantai_terluas": "2", "kd_jenis_atap": "3"}]
    row = _family(
        p3ke_keluarga=[{"jenis_lantai": "Kayu/Papan", "jenis_atap": "Asbes/Seng"}], regsosek_keluarga=regsosek
    )
    assert _value(row, "lantai") == ("kayu", "p3ke", P3KE)
    assert _value(row, "lantai_rinci") == (None, None, None)
    assert _value(row, "atap") == ("asbes_seng", "p3ke", P3KE)
    assert _value(row, "atap_rinci") == ("seng", "regsosek", REGSOSEK)


def test_the_area_comes_from_one_row_as_a_whole() -> None:
    row = _family(
        p3ke_keluarga=[{"kode_kemdagri": "1212999999"}],
        regsosek_keluarga=[{"nama_sls": "RT 001/RW 002"}],
    )
    assert (row["kode_desa"], row["kode_kecamatan"], row["kode_kabupaten"], row["kode_provinsi"]) == (
        None,
        None,
        "1212",
        "12",
    )
    assert (row["nama_desa"], row["nama_kabupaten"]) == (None, "Toba")
    assert row["sls"] is None  # the neighbourhood lies in the village the family has left


def test_inactive_is_a_family_only_when_every_row_says_so() -> None:
    assert _family(dtks_rumah_tangga=[{"nonaktif": "1"}], regsosek_keluarga=[{}])["nonaktif"] is False
    assert _family(dtks_rumah_tangga=[{"nonaktif": "1"}])["nonaktif"] is True


HOUSEHOLD: list[Row] = [
    {"idartbdt": "suami", "hub_krt": "1", "tgllahir": "1970-03-02", "ijazah_tertinggi": "3", "sta_bekerja": "1"},
    {"idartbdt": "istri", "hub_krt": "2", "tgllahir": "1960-01-02", "jnskel": "2"},
    {"idartbdt": "anak", "hub_krt": "3", "tgllahir": "2010-03-02"},
    {"idartbdt": "bayi", "hub_krt": "5", "tgllahir": "2024"},
]
EACH = {f"dtks:{row['idartbdt']}": f"P-{row['idartbdt']}" for row in HOUSEHOLD}


def test_members_are_counted_by_their_age_on_the_first_of_the_month() -> None:
    with _marts({"dtks_rumah_tangga": [{}], "dtks_anggota": HOUSEHOLD}, EACH) as con:
        row = one(con, "select * from marts.keluarga")
    assert (row["jumlah_anggota"], row["jumlah_art_0_14"], row["jumlah_art_65"]) == (4, 2, 1)
    assert row["kepala_person_id"] == "P-suami"
    assert (row["umur_krt"], row["jenis_kelamin_krt"], row["pendidikan_krt"], row["bekerja_krt"]) == (54, "L", 3, True)


@pytest.mark.parametrize("presence", ["2", "3"])
def test_a_head_who_died_or_left_is_no_longer_the_head(presence: str) -> None:
    people = [{**HOUSEHOLD[0], "sta_keberadaan_art": presence}, *HOUSEHOLD[1:]]
    with _marts({"dtks_rumah_tangga": [{}], "dtks_anggota": people}, EACH) as con:
        assert one(con, "select kepala_person_id from marts.keluarga")["kepala_person_id"] == "P-istri"


def test_a_family_without_a_reported_head_has_its_eldest() -> None:
    people: list[Row] = [
        {"idartbdt": "kepala", "nuk": "1", "hub_krt": "1"},
        {"idartbdt": "anak", "nuk": "2", "hub_krt": "3", "tgllahir": "1990-01-02"},
        {"idartbdt": "cucu", "nuk": "2", "hub_krt": "5", "tgllahir": "2020-01-02"},
    ]
    uids = {f"dtks:{row['idartbdt']}": str(row["idartbdt"]) for row in people}
    with _marts(
        {"dtks_rumah_tangga": [{}], "dtks_anggota": people}, uids, {"dtks:anak": "K-2", "dtks:cucu": "K-2"}
    ) as con:
        row = one(con, "select kepala_person_id, jumlah_anggota from marts.keluarga where family_id = 'K-2'")
    assert row == {"kepala_person_id": "anak", "jumlah_anggota": 2}


def test_a_roster_speaks_for_the_family_of_most_of_its_members() -> None:
    """The daughter has moved out and has a roster of her own: the house she grew up in is not her house."""
    tables: dict[str, list[Row]] = {
        "dtks_rumah_tangga": [{"lantai": "9"}],
        "dtks_anggota": [
            {"idartbdt": "ayah"},
            {"idartbdt": "ibu", "hub_krt": "2"},
            {"idartbdt": "putri", "hub_krt": "3"},
        ],
        "regsosek_keluarga": [{"kd_jenis_lantai_terluas": "2"}],
        "regsosek_anggota": [{"id_anggota": "putri"}],
    }
    persons = {"dtks:ayah": "P-ayah", "dtks:ibu": "P-ibu", "dtks:putri": "P-putri", "regsosek:putri": "P-putri"}
    families = {"dtks:putri": "K-2", "regsosek:putri": "K-2"}
    with _marts(tables, persons, families) as con:
        floors = {
            row["family_id"]: row["lantai"] for row in records(con, "select family_id, lantai from marts.keluarga")
        }
    assert floors == {"K-1": "tanah", "K-2": "keramik_marmer_ubin"}


def test_a_family_without_a_roster_of_its_own_takes_the_one_it_is_in() -> None:
    tables: dict[str, list[Row]] = {
        "dtks_rumah_tangga": [{"lantai": "9"}],
        "dtks_anggota": [
            {"idartbdt": "ayah"},
            {"idartbdt": "ibu", "hub_krt": "2"},
            {"idartbdt": "putri", "hub_krt": "3"},
        ],
    }
    with _marts(tables, {"dtks:ayah": "a", "dtks:ibu": "b", "dtks:putri": "c"}, {"dtks:putri": "K-2"}) as con:
        assert one(con, "select lantai from marts.keluarga where family_id = 'K-2'")["lantai"] == "tanah"


def test_every_person_and_family_of_the_crosswalk_is_there_once() -> None:
    with _marts({"dtks_rumah_tangga": [{}], "dtks_anggota": HOUSEHOLD}, EACH, {"dtks:bayi": "K-2"}) as con:
        counts = one(
            con,
            "select (select count(*) from marts.anggota) as anggota, (select count(*) from marts.keluarga) as keluarga,"
            " (select sum(jumlah_anggota) from marts.keluarga) as isi",
        )
    assert counts == {"anggota": 4, "keluarga": 2, "isi": 4}


# presence: who counts


@contextmanager
def _present(
    rows: Mapping[str, list[Row]], persons: Mapping[str, str], families: Mapping[str, str] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Marts of rosters whose household rows are the defaults, unless ``rows`` has others."""
    rosters: dict[str, list[Row]] = {}
    for member, roster, key in (
        ("dtks_anggota", "dtks_rumah_tangga", "idbdt"),
        ("regsosek_anggota", "regsosek_keluarga", "id_keluarga"),
        ("p3ke_individu", "p3ke_keluarga", "id_keluarga"),
    ):
        if member in rows:
            keys = dict.fromkeys(row.get(key) for row in rows[member])
            rosters[roster] = [{} if one_key is None else {key: one_key} for one_key in keys]
    with _marts({**rosters, **rows}, persons, families) as con:
        yield con


def _counted(con: duckdb.DuckDBPyConnection, family: str = "K-1") -> tuple[object, object]:
    row = one(con, f"select jumlah_anggota, jumlah_tercatat from marts.keluarga where family_id = '{family}'")
    return row["jumlah_anggota"], row["jumlah_tercatat"]


def _couple(source: str, first: str, second: str) -> dict[str, list[Row]]:
    """Head and spouse in one roster of ``source``, and what it says of their presence ('' where it says nothing)."""
    if source == "dtks":
        return {
            "dtks_anggota": [
                {"idartbdt": "a", "hub_krt": "1", "sta_keberadaan_art": first},
                {"idartbdt": "b", "hub_krt": "2", "jnskel": "2", "sta_keberadaan_art": second},
            ]
        }
    return {
        "regsosek_anggota": [
            {"id_anggota": "a", "kd_hubungan_keluarga": "1", "kd_keberadaan": first},
            {"id_anggota": "b", "kd_hubungan_keluarga": "2", "kd_jenis_kelamin": "2", "kd_keberadaan": second},
        ]
    }


COUPLE = {f"{source}:{who}": f"P-{who}" for source in ("dtks", "regsosek", "p3ke") for who in "ab"}


@pytest.mark.parametrize(
    ("source", "first", "second", "present"),
    [
        ("dtks", "2", "2", 0),  # both dead
        ("dtks", "3", "3", 0),  # both moved away
        ("dtks", "5", "5", 0),  # neither ever lived there
        ("dtks", "2", "3", 0),
        ("regsosek", "6", "6", 0),  # not found
        ("regsosek", "3", "4", 0),  # away, one of them abroad
        ("dtks", "2", "1", 1),  # a widow
        ("dtks", "3", "", 1),
        ("dtks", "", "", 2),  # nobody said: they are there
        ("dtks", "4", "4", 2),  # new members
        ("regsosek", "5", "", 2),
    ],
)
def test_who_died_left_or_was_not_found_stays_on_record_and_does_not_count(
    source: str, first: str, second: str, present: int
) -> None:
    with _present(_couple(source, first, second), COUPLE) as con:
        assert _counted(con) == (present, 2)


def test_children_and_the_old_count_where_they_are_alive() -> None:
    gone: list[Row] = [
        {**row, "sta_keberadaan_art": "2" if row["idartbdt"] in ("istri", "bayi") else "1"} for row in HOUSEHOLD
    ]
    with _present({"dtks_anggota": gone}, EACH) as con:
        row = one(con, "select jumlah_anggota, jumlah_art_0_14, jumlah_art_65 from marts.keluarga")
    assert row == {"jumlah_anggota": 2, "jumlah_art_0_14": 1, "jumlah_art_65": 0}


def test_a_widow_and_a_baby_left_alone_head_their_families() -> None:
    with _present(_couple("dtks", "2", "1"), COUPLE) as con:
        assert one(con, "select kepala_person_id from marts.keluarga")["kepala_person_id"] == "P-b"
    alone: list[Row] = [{**row, "sta_keberadaan_art": "1" if row["idartbdt"] == "bayi" else "2"} for row in HOUSEHOLD]
    with _present({"dtks_anggota": alone}, EACH) as con:
        assert one(con, "select kepala_person_id from marts.keluarga")["kepala_person_id"] == "P-bayi"
        assert _counted(con) == (1, 4)


def test_the_dead_of_the_newest_interview_were_alive_in_the_older_one() -> None:
    with _present(_couple("dtks", "2", "2") | _couple("regsosek", "1", "1"), COUPLE) as con:
        assert _counted(con) == (0, 2)
        row = one(con, "select * from marts.anggota where person_id = 'P-a'")
        assert _value(row, "status_keberadaan") == ("meninggal", "dtks", DTKS)


def test_who_is_met_in_a_newer_interview_is_alive() -> None:
    older = {
        "dtks_anggota": [{**row, "lastupdatedata": "2021-01-15"} for row in _couple("dtks", "2", "3")["dtks_anggota"]]
    }
    with _present(older | _couple("regsosek", "1", "5"), COUPLE) as con:
        assert _counted(con) == (2, 2)


def test_a_newer_list_that_does_not_ask_brings_back_who_moved_and_not_who_died() -> None:
    p3ke: list[Row] = [{"id_individu": "a"}, {"id_individu": "b", "hub_dgn_kpl_keluarga": "Istri"}]
    with _present(_couple("regsosek", "2", "3") | {"p3ke_individu": p3ke}, COUPLE) as con:
        assert _counted(con) == (1, 2)
        said = records(con, "select status_keberadaan from marts.anggota order by person_id")
    assert [row["status_keberadaan"] for row in said] == ["meninggal", None]


@pytest.mark.parametrize("older", ["2022-01-15", "2025-01-15"])
def test_who_moved_out_of_one_house_is_present_in_the_one_that_lists_her(older: str) -> None:
    """Her parents' house says 'moved', her own roster lists her: on another day, on the same day, or before."""
    rows: dict[str, list[Row]] = {
        "dtks_anggota": [
            {"idartbdt": "ayah", "idbdt": "D1"},
            {"idartbdt": "putri", "idbdt": "D1", "hub_krt": "3", "sta_keberadaan_art": "3"},
            {"idartbdt": "suami", "idbdt": "D2", "lastupdatedata": older},
            {"idartbdt": "istri", "idbdt": "D2", "hub_krt": "2", "lastupdatedata": older, "sta_keberadaan_art": "1"},
        ]
    }
    persons = {"dtks:ayah": "P-ayah", "dtks:putri": "P-putri", "dtks:suami": "P-suami", "dtks:istri": "P-putri"}
    families = dict.fromkeys(("dtks:putri", "dtks:suami", "dtks:istri"), "K-2")
    with _present(rows, persons, families) as con:
        assert _counted(con, "K-1") == (1, 1)
        assert _counted(con, "K-2") == (2, 2)


def test_her_death_told_by_her_parents_house_is_a_death_in_her_own() -> None:
    rows: dict[str, list[Row]] = {
        "dtks_anggota": [
            {"idartbdt": "ayah", "idbdt": "D1"},
            {"idartbdt": "putri", "idbdt": "D1", "hub_krt": "3", "sta_keberadaan_art": "2"},
            {"idartbdt": "suami", "idbdt": "D2"},
        ],
        "regsosek_anggota": [{"id_anggota": "putri"}],
    }
    persons = {"dtks:ayah": "P-ayah", "dtks:putri": "P-putri", "dtks:suami": "P-suami", "regsosek:putri": "P-putri"}
    families = dict.fromkeys(("dtks:putri", "dtks:suami", "regsosek:putri"), "K-2")
    with _present(rows, persons, families) as con:
        assert _counted(con, "K-2") == (1, 2)


@pytest.mark.parametrize(
    ("told", "present", "status"), [("", 0, "tidak_ditemukan"), ("1", 2, "ada"), ("2", 0, "meninggal")]
)
def test_a_house_struck_off_speaks_for_members_of_whom_nothing_is_said(told: str, present: int, status: str) -> None:
    rows = {"dtks_rumah_tangga": [{"nonaktif": "1"}], **_couple("dtks", told, told)}
    with _present(rows, COUPLE) as con:
        assert _counted(con) == (present, 2)
        assert one(con, "select max(status_keberadaan) as s from marts.anggota")["s"] == status


def test_a_visit_that_found_the_family_gone_says_so_of_its_members_until_a_newer_list() -> None:
    rows = {"regsosek_keluarga": [{"kd_hasil_pendataan": "5"}], **_couple("regsosek", "", "")}
    with _present(rows, COUPLE) as con:
        assert _counted(con) == (0, 2)
    with _present(rows | _couple("dtks", "", ""), COUPLE) as con:
        assert _counted(con) == (2, 2)
