"""Find the family that is asked for, by its id.

What belongs here: the search, and messages that say why a family cannot be explained and what became of an id.
"""

from __future__ import annotations

import re

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.history import last_change, last_end
from dtsen_pipeline.registry import store
from dtsen_pipeline.sql.queries import query

# Tables of the welfare schema that an explanation reads.
TABLES = ("desil", "fitur_keluarga", "isian", "kebijakan", "kelayakan", "koefisien", "model", "skor", "tanpa_skor")

# What somebody can do for a family that is not ranked, by ``welfare.tanpa_skor.alasan``.
UNSCORED = {
    "tanpa_data_rumah": "minta desa mendata rumahnya; bulan berikutnya memakainya / have the village record the dwelling; the "
    "next month will use it",
    "tanpa_anggota_hadir": "bila ada yang masih tinggal di sana, minta desa mencatatnya; bulan berikutnya memakainya / if somebody "
    "still lives there, have the village record it; the next month will use it",
}


def is_family(wanted: str) -> bool:
    """Whether ``wanted`` has the form of a family id."""
    return re.fullmatch(r"K[0-9A-F]{16}", wanted.strip().upper()) is not None


def find_family(con: duckdb.DuckDBPyConnection, settings: Settings, wanted: str, month: str) -> str:
    """Check that ``wanted`` is the id of a family with a decile, and give it back. Raises InputError saying why it is not."""
    if re.fullmatch(r"P[0-9A-F]{16}", wanted):
        families = [
            row[0]
            for row in con.execute(
                "select distinct family_id from linkage.crosswalk where person_id = ? order by 1", [wanted]
            ).fetchall()
        ]
        raise InputError(
            f"{wanted} adalah id orang, bukan keluarga / is the id of a person, not of a family",
            expected="id keluarga 'K...' / a family id 'K...'",
            action=" ; ".join(f"dtsen explain --family {family}" for family in families)
            or f"orang itu tidak ada pada bulan {month} / that person is not in month {month}",
        )
    if not is_family(wanted):
        # The message does not repeat what was typed: it may be a NIK, a card or a name.
        raise InputError(
            "bukan id keluarga / not a family id",
            expected="'K' dan 16 huruf/angka / 'K' and 16 hexadecimal digits",
            action="salin id dari crosswalk, atau cari anggotanya dengan NIK: dtsen explain - / copy the id from the crosswalk, or "
            "look for a member by NIK",
        )
    made = con.execute(query("explain/tabel_kesejahteraan"), {"tabel": list(TABLES)}).fetchall()
    if len(made) < len(TABLES):
        raise InputError(
            f"pemeringkatan bulan {month} belum selesai / the ranking of month {month} is not finished",
            file=settings.warehouse(month),
            action=f"jalankan `dtsen run --month {month}` sampai selesai / run it to its end",
        )
    if con.execute("select 1 from welfare.desil where family_id = ?", [wanted]).fetchone():
        return wanted
    unscored = con.execute(
        "select alasan, keterangan, explanation from welfare.tanpa_skor where family_id = ?", [wanted]
    ).fetchone()
    if unscored:
        reason, *explanation = unscored
        raise InputError(
            f"keluarga {wanted} tidak punya skor dan desil / has no score and no decile: {' / '.join(explanation)}",
            action=UNSCORED[reason],
        )
    raise _explain_absence(settings, wanted, month)


def _explain_absence(settings: Settings, identity: str, month: str) -> InputError:
    """The error that says what became of family id ``identity``, which is not in ``month``."""
    lived, ended = None, None
    if settings.registry.exists():
        with store.open(settings) as registry:
            lived = last_change(registry.con, "family", identity)
            ended = last_end(registry.con, "family", identity)
    if lived is None:
        return InputError(
            f"id {identity} tidak dikenal / is not known",
            action="periksa id itu dalam crosswalk, atau cari anggotanya dengan NIK: dtsen explain - / check the id in the "
            "crosswalk, or look for a member by NIK",
        )
    then = f"keadaan sebelumnya / how it was before: dtsen explain --family {identity} --month {lived}"
    if ended is None:
        return InputError(f"id {identity} tidak ada pada bulan {month} / is not in month {month}", action=then)
    when, into = ended
    if into is None:
        return InputError(f"id {identity} berhenti pada {when} / was retired in {when}", action=then)
    return InputError(
        f"id {identity} dilebur ke {into} pada {when} / was merged into {into} in {when}",
        action=f"dtsen explain --family {into}; {then}",
    )
