"""Find the person who is asked for, by id or NIK.

What belongs here: the search, and messages that say why nobody was found and what became of an id.
"""

from __future__ import annotations

import re

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.history import last_change, last_end
from dtsen_pipeline.registry import store
from dtsen_pipeline.sql.queries import query


def find_persons(con: duckdb.DuckDBPyConnection, settings: Settings, wanted: str, month: str) -> list[str]:
    """Find the ids of the persons meant by ``wanted`` (a person id or a NIK), at least one. Raises InputError."""
    if re.fullmatch(r"\d{16}", wanted):
        persons = _column(con, query("explain/orang_ber_nik"), nik=wanted)
        if not persons:
            raise InputError(
                f"tidak ada orang ber-NIK itu pada bulan {month} / nobody carries that NIK in month {month}",
                action="periksa ke-16 angkanya; NIK mungkin rusak di sumber: cari lewat anggota keluarganya / check the 16 "
                "digits; the NIK may be damaged in the sources: look for a member of the family",
            )
        return persons
    identity = wanted.upper()
    if re.fullmatch(r"K[0-9A-F]{16}", identity):
        members = _column(
            con,
            "select distinct person_id from linkage.crosswalk where family_id = $family order by person_id",
            family=identity,
        )
        raise InputError(
            f"{identity} adalah id keluarga, bukan orang / is the id of a family, not of a person",
            expected="id orang 'P...' atau NIK / a person id 'P...' or a NIK",
            action=f"pilih anggotanya / choose a member: {', '.join(members)}"
            if members
            else f"keluarga itu tidak ada pada bulan {month} / that family is not in month {month}",
        )
    if not re.fullmatch(r"P[0-9A-F]{16}", identity):
        # The message does not repeat what was typed: it may be a damaged NIK or a name.
        raise InputError(
            "bukan id orang dan bukan NIK / neither a person id nor a NIK",
            expected="'P' dan 16 huruf/angka, atau 16 angka / 'P' and 16 hexadecimal digits, or 16 digits",
            action="salin id dari crosswalk / copy the id from the crosswalk",
        )
    if _column(con, "select person_id from linkage.crosswalk where person_id = $person limit 1", person=identity):
        return [identity]
    raise _explain_absence(settings, identity, month)


def _column(con: duckdb.DuckDBPyConnection, sql: str, **parameters: str) -> list[str]:
    return [row[0] for row in con.execute(sql, parameters).fetchall()]


def _explain_absence(settings: Settings, identity: str, month: str) -> InputError:
    """The error that says what became of person id ``identity``, which is not in ``month``."""
    lived: str | None = None
    ends: list[tuple[str, str | None]] = []
    if settings.registry.exists():
        with store.open(settings) as registry:
            lived = last_change(registry.con, "person", identity)
            ends = _read_ends(registry.con, identity)
    if lived is None:
        return InputError(
            f"id {identity} tidak dikenal / is not known",
            action="periksa id itu dalam crosswalk, atau cari dengan NIK / check the id in the crosswalk, or search by NIK",
        )
    then = f"dtsen explain {identity} --month {lived}"
    if not ends:
        return InputError(
            f"id {identity} tidak ada pada bulan {month} / is not in month {month}",
            action=f"lihat bulannya / see its month: {then}",
        )
    when, into = ends[0]
    if into is None:
        return InputError(
            f"id {identity} berhenti pada {when} / was retired in {when}",
            action=f"lihat sebelum itu / see it before that: {then}",
        )
    last = [other for _, other in ends if other][-1]
    onward = "" if last == into else f", yang kini / which now is {last}"
    return InputError(
        f"id {identity} dilebur ke {into} pada {when} / was merged into {into} in {when}{onward}",
        action=f"dtsen explain {last}; keadaan sebelumnya / how it was before: {then}",
    )


def _read_ends(con: duckdb.DuckDBPyConnection, identity: str) -> list[tuple[str, str | None]]:
    """When the id ended and in which other id (None: in none), then the same of that other, and so on."""
    ends: list[tuple[str, str | None]] = []
    seen: set[str] = set()
    here: str | None = identity
    while here is not None and here not in seen:
        seen.add(here)
        end = last_end(con, "person", here)
        here = end[1] if end else None
        ends += [end] if end else []
    return ends
