"""Say what every published column means and how freely it may go, by the declarations of ``kamus.csv``.

What belongs here: reading the declarations, and what follows from them: the SELECTs of the restricted tier (in Python, as the
declarations choose their columns) and the rows of the data dictionary. A column that is not declared goes into the private tier
alone, and the gate blocks on it where it is a mart's.

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
# People over 74 are few enough that their year of birth tells a person.
_AGE_BAND = """case when {umur} >= 75 then '75+' when {umur} >= 0 then
    lpad(cast({umur} // 5 * 5 as varchar), 2, '0') || '-' || lpad(cast({umur} // 5 * 5 + 4 as varchar), 2, '0') end"""
_AGE = """cast(extract(year from run.bulan) - extract(year from tgl_lahir) - case
    when extract(month from run.bulan) * 100 + extract(day from run.bulan)
        < extract(month from tgl_lahir) * 100 + extract(day from tgl_lahir) then 1 else 0 end as integer)"""
COARSENED: Mapping[str, tuple[str, str]] = {
    "tgl_lahir": ("kelompok_umur", _AGE_BAND.format(umur=_AGE)),
    "umur_krt": ("kelompok_umur_krt", _AGE_BAND.format(umur="umur_krt")),
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
    """Return every declaration by table ('*' for any) and column."""
    with Path(__file__).with_name("kamus.csv").open(encoding="utf-8", newline="") as file:
        return {(row["tabel"], row["kolom"]): Entry(**row) for row in csv.DictReader(file)}


def declaration(table: str, column: str) -> Entry | None:
    """Return the declaration of a column of a table, or what its base column's implies; None where there is none."""
    declared = entries()
    if own := declared.get((table, column)) or declared.get((ANY, column)):
        return own
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
    """Whether a column of an open table is declared L2."""
    declared = declaration(table, column)
    return declared is not None and declared.tingkat == "L2"


def may_be_restricted(table: str, column: str) -> bool:
    """Whether a column may stand in the restricted tier as it is: declared 'ya', and not L4."""
    declared = declaration(table, column)
    return declared is not None and declared.tingkat != "L4" and declared.terbatas == "ya"


def restricted(con: duckdb.DuckDBPyConnection, keys: Keys) -> dict[str, str]:
    """Return the SELECT of each table of the restricted tier, over the warehouse behind ``con`` and for ``con`` alone.

    Sorted by surrogate: any other order would tell the order of the ids, or of the delivery.
    """
    surrogates = {
        entity: f"left({hmac_sql(con, entity, keys.surrogate(entity))}, 32)" for entity in ("person", "family")
    }
    selects = {}
    for table, source, surrogate in (
        ("anggota", "marts.anggota cross join raw.run as run", "id_orang"),
        (
            "keluarga",
            "marts.keluarga left join (select family_id, desil_nasional, desil_provinsi, desil_kabupaten_kota "
            "from welfare.desil) as desil using (family_id)",
            "id_keluarga",
        ),
    ):
        columns = [name for name, *_ in con.execute(f"describe from {source}").fetchall()]
        expressions = [sql for name in columns if (sql := _expression_of(table, name, surrogates))]
        selects[table] = f"select {', '.join(expressions)} from {source} order by {surrogate}"
    return selects


def _expression_of(table: str, column: str, surrogates: Mapping[str, str]) -> str | None:
    """Return how the restricted tier shows a column: as a surrogate, coarser, or as it is; None where it does not."""
    if column in SURROGATES:
        entity, name = SURROGATES[column]
        return f"{surrogates[entity].format(text=column)} as {name}"
    if column in COARSENED:
        name, sql = COARSENED[column]
        return f"{sql} as {name}"
    return column if may_be_restricted(table, column) else None


def dictionary_rows(files: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> list[dict[str, str]]:
    """Return the data dictionary of a release; ``files`` are path without suffix and schema [[column, type]], in any order."""
    described = []
    for path, schema in sorted({(path, tuple(map(tuple, schema))) for path, schema in files}):
        for column, kind in schema:
            declared = declaration(Path(path).name, column) or Entry(path, column, "L4", "tidak", "", "", "", "", "")
            described.append(
                {
                    "tabel": path,
                    "kolom": column,
                    "tipe": kind,
                    **{
                        name: getattr(declared, name)
                        for name in ("tingkat", "arti", "meaning", "satuan", "unit", "sumber")
                    },
                }
            )
    return described
