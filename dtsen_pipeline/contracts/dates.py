"""Settle dates that only their whole column explains: whether the day or the month stands first, and the century of a year.

What belongs here: forms in which a single value does not say its day. They are decided for each file and column from all its
values, and rewritten in ``masuk`` to a form that the macro ``tanggal`` reads in one way only. A value that says its day by itself
is left to the macro and stays as it was delivered. Only the distinct values of a column are tried, and only where not all are
plain YYYY-MM-DD. Statements that name a column of the contract are built here; the rest is in
``dbt_like_sql/queries/contracts/tanggal_*.sql``.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.contracts.model import Column, TableContract
from dtsen_pipeline.contracts.rules import inline, mask_sql, quoted_name
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.queries import make_table, query

# By code of the note (``alasan`` in ``quarantine.catatan``).
NOTES: dict[str, Bilingual] = {
    "urutan_kolom": Bilingual(
        "hari dan bulan dibaca menurut urutan yang dibuktikan nilai lain pada kolom yang sama",
        "day and month are read in the order that the other values of the column prove",
    ),
    "urutan_tak_pasti": Bilingual(
        "urutan hari dan bulan tidak pasti; hanya tahun yang dipakai",
        "whether the day or the month stands first cannot be told; only the year is used",
    ),
    "abad_ditebak": Bilingual(
        "tahun dua angka yang dapat berarti dua abad; dibaca sebagai yang lebih muda, kecuali umur berkata lain",
        "a year of two digits that fits two centuries; read as the younger one unless the age says otherwise",
    ),
}

# The share of proving values that may be slips (a day typed for a month), and how many must stand against them.
_SLIP_SHARE = 0.02
_MIN_PROOFS = 50
# How many times more NIKs must agree with one order than with the other: one in thirty carries another person's date anyway.
_NIK_MAJORITY = 4
# From this many NIKs on they count against an order that the column itself proves.
_MIN_NIKS_AGAINST = 20
# Lines of a file whose NIK is compared: enough to tell, and the same few for a file of any size.
_NIK_LINES = 50_000


class _OrderEvidence(NamedTuple):
    """What the values of one form in one file prove of their order: a row of the query ``tanggal_bukti``, zero dates left out."""

    file: str
    form: str
    day_first: int
    month_first: int
    first_day_line: int | None
    first_month_line: int | None
    ambiguous: int
    has_half_days: bool
    year_first: int
    short_years: int


def settle_dates(con: duckdb.DuckDBPyConnection, table: TableContract, month: str | None) -> None:
    """Rewrite in ``masuk`` the dates of ``table`` that only their column explains; notes go to ``temp.catatan_baru``.

    ``month`` is the month of the delivery, after which nobody is born; where it is None, years of two digits stay unread. Raises
    InputError, with the evidence, where one file's column proves both orders.
    """
    dates = [column for column in table.columns.values() if column.type == "date"]
    if not dates:
        return
    plain = "length({0}) = 10 and substr({0}, 5, 1) = '-' and substr({0}, 8, 1) = '-' and substr({0}, 6, 2) <= '12'"
    unusual_tests = (
        f"bool_or({quoted_name(column.name)} <> '' and not ({plain.format(quoted_name(column.name))}))"
        for column in dates
    )
    answers = con.execute(f"select {', '.join(unusual_tests)} from masuk").fetchone() or ()
    for column, has_unusual in zip(dates, answers, strict=True):
        if has_unusual:
            _settle_column(con, table, column, month)
    con.execute("drop view if exists temp.tanggal_nilai")
    for name in ("tanggal_beda", "tanggal_urutan", "tanggal_nik", "tanggal_baru"):
        con.execute(f"drop table if exists temp.{name}")


def _settle_column(con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, month: str | None) -> None:
    """Decide the order of each file and form (``tanggal_urutan``), then rewrite the column."""
    _collect_ambiguous(con, column)
    con.execute(
        "create or replace temp table tanggal_urutan (file varchar, bentuk varchar, urutan varchar, pendek boolean)"
    )
    for row in con.execute(query("contracts/tanggal_bukti")).fetchall():
        evidence = _OrderEvidence(*row)
        order = _decide_order(con, table, column, evidence)
        # With 85-03-12 among them the year may stand in front everywhere, and 01-02-03 may be anything.
        short = month is not None and evidence.year_first <= _SLIP_SHARE * evidence.short_years
        con.execute("insert into tanggal_urutan values (?, ?, ?, ?)", [evidence.file, evidence.form, order, short])
    _rewrite_column(con, table, column, month)


def _collect_ambiguous(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    """Make ``tanggal_beda``: the distinct values of the column in each file that may mean two days, in three parts."""
    name = quoted_name(column.name)
    con.execute(
        f"create or replace temp view tanggal_nilai as select _file as file, {name} as nilai, count(*) as jumlah, "
        f"min(_line) as baris from masuk where _cacat is null and {name} is not null group by all"
    )
    make_table(con, "tanggal_beda", "contracts/tanggal_beda")


def _decide_order(
    con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, evidence: _OrderEvidence
) -> str:
    """Decide what stands first, 'hari' or 'bulan'; 'tahun' where nobody can tell and only the year is used."""
    proofs = evidence.day_first + evidence.month_first
    slips = min(evidence.day_first, evidence.month_first)
    settled = slips == 0 or (slips <= _SLIP_SHARE * proofs and proofs - slips >= _MIN_PROOFS)
    if evidence.form == "tahun":
        # YYYY-MM-DD is what is asked for: a slip in it costs its own day, not the file. Parts: year, a, b.
        if evidence.day_first <= evidence.month_first:
            return "bulan"
        if settled:
            return "hari"
        raise _contradiction_error(column, evidence)
    if not settled:
        raise _contradiction_error(column, evidence)
    if evidence.month_first > evidence.day_first:
        return "bulan"
    as_day, as_month = _count_agreeing_niks(con, table, column, evidence) if evidence.ambiguous else (0, 0)
    if evidence.day_first:
        # A spreadsheet in another language swapped what it could (3/4/1985) and left what it could not (25/03/1985).
        return "tahun" if as_month >= _MIN_NIKS_AGAINST and as_month > _NIK_MAJORITY * as_day else "hari"
    if as_month > _NIK_MAJORITY * as_day:
        return "bulan"
    return "tahun" if evidence.has_half_days and as_day <= _NIK_MAJORITY * as_month else "hari"


def _count_agreeing_niks(
    con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, evidence: _OrderEvidence
) -> tuple[int, int]:
    """Count the NIKs of the same rows that carry the date read with the day in front, and with the month in front."""
    if "nik" not in table.columns or not column.pii:
        return 0, 0
    con.execute(
        f"create or replace temp table tanggal_nik as select nik, {quoted_name(column.name)} as nilai from masuk "
        f"where _file = ? and _line <= {_NIK_LINES} and _cacat is null",
        [evidence.file],
    )
    agreeing = con.execute(query("contracts/tanggal_nik_sepakat"), {"file": evidence.file, "bentuk": evidence.form})
    return agreeing.fetchone() or (0, 0)


def _contradiction_error(column: Column, evidence: _OrderEvidence) -> InputError:
    """The error for a column with dates in two orders, with the evidence for each."""
    day, other = ("YYYY-DD-MM", "YYYY-MM-DD") if evidence.form == "tahun" else ("DD/MM/YYYY", "MM/DD/YYYY")
    return InputError(
        f"kolom ini memuat tanggal dengan dua urutan / the column holds dates in two orders: "
        f"{evidence.day_first} hanya dapat/can only be {day} (baris/line {evidence.first_day_line}), "
        f"{evidence.month_first} hanya dapat/can only be {other} (baris/line {evidence.first_month_line})",
        file=evidence.file,
        column=column.name,
        expected="satu urutan di seluruh kolom / one order in the whole column",
        action="pisahkan berkasnya menurut urutan, atau tulis YYYY-MM-DD / split the file by order, or write YYYY-MM-DD",
    )


def _rewrite_column(con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, month: str | None) -> None:
    """Rewrite the values of one column in ``masuk`` by ``tanggal_beda`` and ``tanggal_urutan``, and note it by reason."""
    make_table(
        con,
        "tanggal_baru",
        "contracts/tanggal_baru",
        bulan=f"{month}-01" if month else None,
        lahir_sejak=_earliest_birth_year(month),
    )
    # Of two centuries the age decides, where there is one.
    name, has_age = quoted_name(column.name), column.pii and "umur" in table.columns
    new = f"case when t.baru_tua is not null and {inline('bulat', 'm.umur')} > 60 then t.baru_tua else t.baru end"
    con.execute(
        f"update masuk as m set {name} = {new if has_age else 't.baru'} from tanggal_baru as t "
        f"where m._file = t.file and m.{name} = t.nilai and m._cacat is null"
    )
    value = f"left({mask_sql('nilai') if column.pii else 'nilai'}, 60)"
    for (reason,) in con.execute(
        "select distinct alasan from tanggal_baru where alasan is not null order by 1"
    ).fetchall():
        con.execute(
            f"insert into temp.catatan_baru select ?, ?, file, ?, {value} as tampak, alasan, ?, ?, "
            "sum(jumlah)::bigint, min(baris) from tanggal_baru where alasan = ? group by file, tampak, alasan",
            [table.source, table.name, column.name, NOTES[reason].id, NOTES[reason].en, reason],
        )


def _earliest_birth_year(month: str | None) -> int:
    """The earliest year of birth in the delivery: nobody is older than 110."""
    return int(month[:4]) - 110 if month else 0
