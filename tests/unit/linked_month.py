"""A tiny month that is linked by the real models and released, for tests of review and explain.

What belongs here: the people of that month and how it comes to be. Everybody is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pyarrow.parquet as pq
from raw_fixture import Row, warehouse

from dtsen_pipeline.config import Settings
from dtsen_pipeline.linkage import identity, link
from dtsen_pipeline.registry import ledger, store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.review import decisions, records
from dtsen_pipeline.storage import keys
from dtsen_pipeline.storage.warehouse import attach_month

MONTH = "2025-03"
NIK_BUDI, NIK_SITI = "3519142003790001", "3519146203820002"
KK = "3519142003050001"

# One family in three sources: Budi in an exact group and a row with another birth date; his wife in three rows that are not
# alike;
# twins, of whom P3KE knows one by the last name alone, and one carries her father's NIK. Elsewhere a namesake of Budi, and Slamet,
# whom nothing but a reviewer joins with the guest of the family.
TABLES: Mapping[str, list[Row]] = {
    "dtks_rumah_tangga": [{"idbdt": "D1", "nokk": KK}],
    "dtks_anggota": [
        {"idartbdt": "DA1", "nik": NIK_BUDI, "nama": "BUDI SANTOSO", "tgllahir": "1979-03-20", "nokk": KK},
        {"idartbdt": "DA2", "nik": NIK_SITI, "nama": "SITI <b>AMINAH", "tgllahir": "1982-03-22", "nokk": KK}
        | {"jnskel": "2", "hub_krt": "2"},
        {"idartbdt": "DA3", "nik": NIK_BUDI, "nama": "RINI SANTOSO", "tgllahir": "2010-04-01", "nokk": KK}
        | {"jnskel": "2", "hub_krt": "3"},
        {
            "idartbdt": "DA4",
            "nama": "RATNA SANTOSO",
            "tgllahir": "2010-04-01",
            "nokk": KK,
            "jnskel": "2",
            "hub_krt": "3",
        },
        {"idartbdt": "DA5", "nama": "SLAMET", "tgllahir": "1951-02-03", "hub_krt": "8"},
    ],
    "regsosek_keluarga": [{"id_keluarga": "R1", "no_kk": KK}],
    "regsosek_anggota": [
        {"id_anggota": "RA1", "nik": NIK_BUDI, "nama": "BUDI SANTOSO", "tgl_lahir": "1979-03-20"},
        {"id_anggota": "RA2", "nama": "SITI AMINAH", "tgl_lahir": "1982-03-22", "kd_jenis_kelamin": "2"}
        | {"kd_hubungan_keluarga": "2"},
    ],
    "p3ke_keluarga": [
        {"id_keluarga": "P1", "no_kk": KK},
        {"id_keluarga": "P2", "kode_kemdagri": "1212022013"},
        {"id_keluarga": "P3", "kode_kemdagri": "3519142007"},
    ],
    "p3ke_individu": [
        {"id_individu": "PA1", "nik": NIK_BUDI, "nama": "BUDI SANTOSO", "tanggal_lahir": "1980-03-20"},
        {"id_individu": "PA2", "nama": "SITI AMINA", "tanggal_lahir": "1982-03-22", "jenis_kelamin": "Perempuan"}
        | {"hub_dgn_kpl_keluarga": "Istri/Suami"},
        {"id_individu": "PA3", "nama": "SANTOSO", "tanggal_lahir": "2010-04-01", "jenis_kelamin": "Perempuan"}
        | {"hub_dgn_kpl_keluarga": "Anak"},
        {"id_individu": "PA8", "id_keluarga": "P3", "nama": "PAK MET", "tanggal_lahir": "1949-12-31"}
        | {"hub_dgn_kpl_keluarga": "Lainnya"},
        {"id_individu": "PA9", "id_keluarga": "P2", "nama": "BUDI SANTOSO", "tanggal_lahir": "1979-11-05"},
    ],
}


def make(settings: Settings, month: str = MONTH, *, release: bool = True) -> None:
    """Link ``TABLES`` under the decisions of ``settings.home`` into the month's warehouse, and enter it into the registry."""
    path = settings.warehouse(month)
    path.parent.mkdir(parents=True, exist_ok=True)
    with warehouse(TABLES, models=["intermediate.int_person_record", "intermediate.int_family_record"]) as con:
        decisions.load_decisions(con, settings.home)
        link(con, month)
        with store.open(settings) as book:
            identity.keep_previous(con, book.previous_assignment(month), book.gone_assignment(month))
        identity.assign(con, keys.load(settings))
        crosswalk = con.execute(
            "select source, record_id, person_id, family_id from linkage.crosswalk"
        ).to_arrow_table()
        attach_month(con, path, "berkas")
        con.execute("copy from database memory to berkas")
        con.execute("detach berkas")
    if release:
        file = settings.home / f"{month}.parquet"
        pq.write_table(crosswalk, file)
        with store.open(settings) as book:
            book.record(
                Release(month, 1, file, month, datetime.now(UTC), ledger.PUBLISHED),
                f"read_parquet('{file}')",
                {"rekaman": len(crosswalk)},
                "uji",
            )


def person_of(settings: Settings, record: str, month: str = MONTH) -> str:
    with records.open_month(settings, month) as (_, con):
        ((person,),) = con.execute("select person_id from linkage.crosswalk where record_uid = ?", [record]).fetchall()
    return str(person)
