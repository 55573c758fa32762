"""What every published column means and how freely it may go: the declarations of ``kamus.csv``.

What belongs here: reading the declarations, and what follows from them: the SELECTs of the restricted tier and the rows
of the data dictionary. A column that is not declared goes nowhere but into the private tier, and the gate asks for it.

Tiers: L2 open; L3 quasi-identifier, that tells a person only together with others; L4 personal. ``terbatas`` says whether
the restricted tier holds the column: 'ya', 'tidak', or 'samar', as something coarser (a surrogate, an age band). No L4
column may say 'ya'. ``<kolom>_sumber`` and ``<kolom>_tanggal`` (source, and day of the interview) are declared by their
column; the day tells the visit to a village and stays private.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb

from dtsen_pipeline.storage.keys import Keys, hmac_sql

ANY = "*"
SURROGATES: Mapping[str, tuple[str, str]] = {
    "person_id": ("person", "id_orang"),
    "family_id": ("family", "id_keluarga"),
    "kepala_person_id": ("person", "id_kepala"),
}
# Years over 74 are few enough to tell a person.
_BAND = """case when {umur} >= 75 then '75+' when {umur} >= 0 then
    lpad(cast({umur} // 5 * 5 as varchar), 2, '0') || '-' || lpad(cast({umur} // 5 * 5 + 4 as varchar), 2, '0') end"""
_AGE = """cast(extract(year from run.bulan) - extract(year from tgl_lahir) - case
    when extract(month from run.bulan) * 100 + extract(day from run.bulan)
        < extract(month from tgl_lahir) * 100 + extract(day from tgl_lahir) then 1 else 0 end as integer)"""
BANDS: Mapping[str, tuple[str, str]] = {
    "tgl_lahir": ("kelompok_umur", _BAND.format(umur=_AGE)),
    "umur_krt": ("kelompok_umur_krt", _BAND.format(umur="umur_krt")),
}


@dataclass(frozen=True)
class Entry:
    """One declared column; ``arti`` and ``meaning``, ``satuan`` and ``unit`` are Indonesian and English."""

    tabel: str
    kolom: str
    tingkat: str
    terbatas: str
    arti: str
    meaning: str
    satuan: str
    unit: str
    sumber: str


@cache
def entries() -> Mapping[tuple[str, str], Entry]:
    """Every declaration by table ('*' for any) and column."""
    with Path(__file__).with_name("kamus.csv").open(encoding="utf-8", newline="") as file:
        return {(row["tabel"], row["kolom"]): Entry(**row) for row in csv.DictReader(file)}


def declaration(table: str, column: str) -> Entry | None:
    """The declaration of a column of a table; None where there is none."""
    declared = entries()
    if found := declared.get((table, column)) or declared.get((ANY, column)):
        return found
    for suffix, arti, meaning in (
        ("_sumber", "Sumber nilai kolom {}", "Source of the value of column {}"),
        ("_tanggal", "Tanggal wawancara nilai kolom {}", "Day of the interview of the value of column {}"),
    ):
        base = column.removesuffix(suffix)
        if base != column and (of := declared.get((table, base)) or declared.get((ANY, base))):
            terbatas = "ya" if suffix == "_sumber" and of.terbatas == "ya" else "tidak"
            day = ("tanggal", "date") if suffix == "_tanggal" else ("", "")
            return replace(
                of,
                kolom=column,
                terbatas=terbatas,
                arti=arti.format(base),
                meaning=meaning.format(base),
                satuan=day[0],
                unit=day[1],
            )
    return None


def may_be_open(table: str, column: str) -> bool:
    found = declaration(table, column)
    return found is not None and found.tingkat == "L2"


def may_be_restricted(table: str, column: str) -> bool:
    found = declaration(table, column)
    return found is not None and found.tingkat != "L4" and found.terbatas == "ya"


def restricted(con: duckdb.DuckDBPyConnection, keys: Keys) -> dict[str, str]:
    """The SELECT of each table of the restricted tier, over what stands in the warehouse behind ``con``, for ``con`` alone.

    Sorted by surrogate: any other order would tell the order of the ids, or of the delivery.
    """
    surrogates = {
        entity: f"left({hmac_sql(con, entity, keys.surrogate(entity))}, 32)" for entity in ("person", "family")
    }
    found = {}
    for table, source, own in (
        ("anggota", "marts.anggota cross join raw.run as run", "id_orang"),
        (
            "keluarga",
            "marts.keluarga left join (select family_id, desil_nasional, desil_provinsi, desil_kabupaten_kota "
            "from welfare.desil) as desil using (family_id)",
            "id_keluarga",
        ),
    ):
        columns = [name for name, *_ in con.execute(f"describe from {source}").fetchall()]
        told = [selected for name in columns if (selected := _selected(table, name, surrogates))]
        found[table] = f"select {', '.join(told)} from {source} order by {own}"
    return found


def _selected(table: str, column: str, surrogates: Mapping[str, str]) -> str | None:
    if column in SURROGATES:
        entity, name = SURROGATES[column]
        return f"{surrogates[entity].format(text=column)} as {name}"
    if column in BANDS:
        name, sql = BANDS[column]
        return f"{sql} as {name}"
    return column if may_be_restricted(table, column) else None


def rows(files: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> list[dict[str, str]]:
    """The data dictionary of a release; ``files`` are path without suffix and schema [[column, type]], in any order."""
    described = []
    for path, schema in sorted({(path, tuple(map(tuple, schema))) for path, schema in files}):
        for column, kind in schema:
            found = declaration(Path(path).name, column) or Entry(path, column, "L4", "tidak", "", "", "", "", "")
            described.append(
                {
                    "tabel": path,
                    "kolom": column,
                    "tipe": kind,
                    **{
                        name: getattr(found, name)
                        for name in ("tingkat", "arti", "meaning", "satuan", "unit", "sumber")
                    },
                }
            )
    return described
