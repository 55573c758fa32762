"""What only a whole column can tell of its dates: whether the day or the month stands first, and of which century a year is.

What belongs here: the forms in which a value by itself does not say its day. They are decided for each file and column from all
values and rewritten in ``masuk`` to a form that the macro ``tanggal`` reads one way; every value that says its day by itself is the
macro's business and stays as it was delivered. Tried on the distinct values of a column, and only of one that is not plain
YYYY-MM-DD.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from dtsen_pipeline.contracts.model import Column, TableContract
from dtsen_pipeline.contracts.rules import inline, mask_sql, quoted
from dtsen_pipeline.errors import InputError

# Code of the note: Indonesian, English.
NOTES: dict[str, tuple[str, str]] = {
    "urutan_kolom": (
        "hari dan bulan dibaca menurut urutan yang dibuktikan nilai lain pada kolom yang sama",
        "day and month are read in the order that the other values of the column prove",
    ),
    "urutan_tak_pasti": (
        "urutan hari dan bulan tidak pasti; hanya tahun yang dipakai",
        "whether the day or the month stands first cannot be told; only the year is used",
    ),
    "abad_ditebak": (
        "tahun dua angka yang dapat berarti dua abad; dibaca sebagai yang lebih muda, kecuali umur berkata lain",
        "a year of two digits that fits two centuries; read as the younger one unless the age says otherwise",
    ),
}

# The share of the values that decide which are slips (a day typed for a month), and how many values must stand against them.
_SLIPS = 0.02
_ENOUGH = 50
# How often more the NIK must agree with one order than with the other: one in thirty NIKs carries another's date by itself.
_CLEARLY = 4
# From how many such NIKs on they speak against an order that the column itself proves.
_AGAINST = 20
# Lines of a file whose NIK is asked: enough to tell, and the same few for a file of any size.
_ASKED = 50_000

_BETWEEN = r"[-/.,_ \\]"
_THREE = f"'^([0-9]{{1,2}}){_BETWEEN}+([0-9]{{1,2}}){_BETWEEN}+([0-9]{{4}}|[0-9]{{2}})$'"
_EIGHT = "'^([0-9]{2})([0-9]{2})((?:18|19|20|21)[0-9]{2})(?:[.,]0*)?$'"
_YEAR_FIRST = f"'^([0-9]{{4}}){_BETWEEN}+([0-9]{{1,2}}){_BETWEEN}+([0-9]{{1,2}})$'"
_WORD = f"'^([0-9]{{1,2}}){_BETWEEN}*([A-Z]+){_BETWEEN}*''?([0-9]{{2}})$'"


class _Counts(NamedTuple):
    """Of one form in one file, zero dates left out: cells that prove an order, the first line of each, and what else was seen."""

    file: str
    form: str
    day_first: int
    month_first: int
    day_line: int | None
    month_line: int | None
    either: int
    half_days: bool
    year_in_front: int
    short_years: int


def settle_dates(con: duckdb.DuckDBPyConnection, table: TableContract, month: str | None) -> None:
    """Rewrite in ``masuk`` the dates of ``table`` that only their column explains; notes of it go to ``temp.catatan_baru``.

    ``month`` is the month of the delivery, beyond which nobody is born; where it is None years of two digits stay unread. Raises
    InputError, with the evidence, where one file's column proves both orders.
    """
    dates = [column for column in table.columns.values() if column.type == "date"]
    if not dates:
        return
    plain = "length({0}) = 10 and substr({0}, 5, 1) = '-' and substr({0}, 8, 1) = '-' and substr({0}, 6, 2) <= '12'"
    tests = (f"bool_or({quoted(column.name)} <> '' and not ({plain.format(quoted(column.name))}))" for column in dates)
    found = con.execute(f"select {', '.join(tests)} from masuk").fetchone() or ()
    for column, unusual in zip(dates, found, strict=True):
        if unusual:
            _settle(con, table, column, month)
    for name in ("tanggal_beda", "tanggal_urutan"):
        con.execute(f"drop table if exists temp.{name}")


def _settle(con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, month: str | None) -> None:
    _take_apart(con, column)
    con.execute(
        "create or replace temp table tanggal_urutan (file varchar, bentuk varchar, urutan varchar, pendek boolean)"
    )
    for row in con.execute(_COUNTED).fetchall():
        counts = _Counts(*row)
        order = _order(con, table, column, counts)
        # 85-03-12 among them: the year may stand in front everywhere, and 01-02-03 may be anything.
        short = month is not None and counts.year_in_front <= _SLIPS * counts.short_years
        con.execute("insert into tanggal_urutan values (?, ?, ?, ?)", [counts.file, counts.form, order, short])
    _rewrite(con, table, column, month)


def _take_apart(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    """``tanggal_beda``: the distinct values of the column in each file that may mean two days, in three parts."""
    name = quoted(column.name)
    con.execute(
        f"""
        create or replace temp table tanggal_beda as
        with beda as (
            select _file as file, {name} as nilai, count(*) as jumlah, min(_line) as baris
            from masuk where _cacat is null and {name} is not null group by all
        ),
        rapi as (select *, {inline("tanggal_rapi", inline("buka"))} as rapi from beda),
        tanpa as (select *, {inline("tanggal_tanpa_jam", "rapi")} as hari from rapi),
        bagian as (
            select *, case
                when regexp_matches(hari, {_THREE}) then 'tiga'
                when regexp_matches(hari, {_EIGHT}) then 'delapan'
                when regexp_matches(hari, {_YEAR_FIRST}) then 'tahun'
                when regexp_matches(hari, {_WORD}) then 'kata'
            end as bentuk
            from tanpa
        ),
        urai as (
            select *, case bentuk
                when 'tiga' then regexp_extract(hari, {_THREE}, ['a', 'b', 'y'])
                when 'delapan' then regexp_extract(hari, {_EIGHT}, ['a', 'b', 'y'])
                when 'tahun' then regexp_extract(hari, {_YEAR_FIRST}, ['y', 'a', 'b'])
                when 'kata' then regexp_extract(hari, {_WORD}, ['a', 'b', 'y'])
            end as p
            from bagian where bentuk is not null and {inline("tanggal_urut", "rapi")} <> 'nol'
        )
        select file, nilai, jumlah, baris, case when bentuk = 'tahun' then 'tahun' else 'akhir' end as bentuk,
            cast(p.a as integer) as a,
            try_cast(
                case when bentuk = 'kata' then substr({inline("bulan_angka", "concat('-', p.b, '-')")}, 2, 2) else p.b end
                as integer
            ) as b,
            p.y as tahun, bentuk = 'kata' as kata, regexp_matches(rapi, '[0-9] *[AP][.]?M') as setengah_hari,
            -- of a clock only what moves the day is kept
            case when {inline("tanggal_bermintakat", "rapi")} then substr(rapi, length(hari) + 1) else '' end as jam
        from urai
        where bentuk <> 'kata' or {inline("bulan_angka", "concat('-', p.b, '-')")} <> concat('-', p.b, '-')
        """
    )


_COUNTED = """
    select file, bentuk,
        coalesce(sum(jumlah) filter (where {day}), 0)::bigint, coalesce(sum(jumlah) filter (where {month}), 0)::bigint,
        min(baris) filter (where {day}), min(baris) filter (where {month}),
        coalesce(sum(jumlah) filter (where a between 1 and 12 and b between 1 and 12 and a <> b), 0)::bigint,
        bool_or(setengah_hari),
        coalesce(sum(jumlah) filter (where a > 31 and length(tahun) = 2), 0)::bigint,
        coalesce(sum(jumlah) filter (where length(tahun) = 2), 0)::bigint
    from tanggal_beda group by file, bentuk order by file, bentuk
""".format(
    day="not kata and a between 13 and 31 and b between 1 and 12",
    month="not kata and b between 13 and 31 and a between 1 and 12",
)


def _order(con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, counts: _Counts) -> str:
    """'hari' or 'bulan': what stands first; 'tahun': nobody can tell."""
    proofs = counts.day_first + counts.month_first
    slips = min(counts.day_first, counts.month_first)
    settled = slips == 0 or (slips <= _SLIPS * proofs and proofs - slips >= _ENOUGH)
    if counts.form == "tahun":
        # YYYY-MM-DD is what is asked for: a slip in it costs its day, and not the file. Parts: year, a, b.
        if counts.day_first <= counts.month_first:
            return "bulan"
        if settled:
            return "hari"
        raise _contradiction(column, counts)
    if not settled:
        raise _contradiction(column, counts)
    if counts.month_first > counts.day_first:
        return "bulan"
    as_day, as_month = _agreeing(con, table, column, counts) if counts.either else (0, 0)
    if counts.day_first:
        # A spreadsheet of another language turned what it could (3/4/1985) and left what it could not (25/03/1985).
        return "tahun" if as_month >= _AGAINST and as_month > _CLEARLY * as_day else "hari"
    if as_month > _CLEARLY * as_day:
        return "bulan"
    return "tahun" if counts.half_days and as_day <= _CLEARLY * as_month else "hari"


def _agreeing(con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, counts: _Counts) -> tuple[int, int]:
    """How many NIKs of the same rows carry the date read with the day, and with the month, in front."""
    if "nik" not in table.columns or not column.pii:
        return 0, 0
    return con.execute(
        f"""
        with nik as (
            select {inline("nik_angka", inline("nik_rapi", "m.nik"))} as angka, t.a, t.b, right(t.tahun, 2) as yy
            from masuk as m join tanggal_beda as t on m._file = t.file and m.{quoted(column.name)} = t.nilai
            where t.file = ? and t.bentuk = ? and m._line <= {_ASKED} and not t.kata
                and t.a between 1 and 12 and t.b between 1 and 12 and t.a <> t.b and m._cacat is null
        ),
        bagian as (
            select a, b, {inline("nik_hari", "angka")} as hari, cast(substr(angka, 9, 2) as integer) as bulan
            from nik where substr(angka, 11, 2) = yy
        )
        select count(*) filter (where hari = a and bulan = b), count(*) filter (where hari = b and bulan = a) from bagian
        """,
        [counts.file, counts.form],
    ).fetchone() or (0, 0)  # fmt: skip


def _contradiction(column: Column, counts: _Counts) -> InputError:
    day, other = ("YYYY-DD-MM", "YYYY-MM-DD") if counts.form == "tahun" else ("DD/MM/YYYY", "MM/DD/YYYY")
    return InputError(
        f"kolom ini memuat tanggal dengan dua urutan / the column holds dates in two orders: "
        f"{counts.day_first} hanya dapat/can only be {day} (baris/line {counts.day_line}), "
        f"{counts.month_first} hanya dapat/can only be {other} (baris/line {counts.month_line})",
        file=counts.file,
        column=column.name,
        expected="satu urutan di seluruh kolom / one order in the whole column",
        action="pisahkan berkasnya menurut urutan, atau tulis YYYY-MM-DD / split the file by order, or write YYYY-MM-DD",
    )


def _rewrite(con: duckdb.DuckDBPyConnection, table: TableContract, column: Column, month: str | None) -> None:
    name, birth = quoted(column.name), column.pii and "umur" in table.columns
    con.execute(
        f"""
        create or replace temp table tanggal_beda as
        with urut as (
            select t.*, u.urutan, u.pendek,
                case when u.urutan = 'bulan' and not t.kata then t.a else t.b end as bulan,
                case when u.urutan = 'bulan' and not t.kata then t.b else t.a end as hari,
                -- nobody can tell, or a slip against the order of the column
                not t.kata and case
                    when u.urutan = 'tahun' then t.a between 1 and 12 and t.b between 1 and 12 and t.a <> t.b
                    when t.bentuk = 'tahun' then u.urutan = 'hari' and t.b > 12
                    else u.urutan = 'bulan' and t.a between 13 and 31 and t.b between 1 and 12
                end as ragu
            from tanggal_beda as t join tanggal_urutan as u using (file, bentuk)
        ),
        abad as (
            select *, length(tahun) = 2 as dua,
                case when length(tahun) = 4 then tahun else concat('20', tahun) end as muda,
                case when length(tahun) = 2 then concat('19', tahun) end as tua
            from urut
            where length(tahun) = 4 and left(tahun, 2) in ('18', '19', '20', '21')
                or length(tahun) = 2 and pendek and a between 0 and 31 and b between 0 and 31
        ),
        tertulis as (
            select *, {_written("muda")} as baru_muda, {_written("tua")} as baru_tua,
                dua and coalesce(try_cast(concat_ws('-', muda, bulan, hari) as date), try_cast(concat(muda, '-01-01') as date))
                    > last_day(cast(? as date)) as kelak
            from abad
        )
        select file, nilai, jumlah, baris,
            case when kelak then baru_tua else baru_muda end as baru,
            case when dua and not kelak then baru_tua end as baru_tua,
            case
                when ragu then 'urutan_tak_pasti'
                when dua and not kelak and cast(tua as integer) >= {_born_from(month)} then 'abad_ditebak'
                when not kata and a <> b and urutan = case when bentuk = 'tahun' then 'hari' else 'bulan' end then 'urutan_kolom'
            end as alasan
        from tertulis
        -- the macro reads these the same way by themselves
        where dua or ragu or (not kata and urutan = case when bentuk = 'tahun' then 'hari' else 'bulan' end)
        """,
        [f"{month}-01" if month else None],
    )
    new = f"case when t.baru_tua is not null and {inline('bulat', 'm.umur')} > 60 then t.baru_tua else t.baru end"
    con.execute(
        f"update masuk as m set {name} = {new if birth else 't.baru'} from tanggal_beda as t "
        f"where m._file = t.file and m.{name} = t.nilai and m._cacat is null"
    )
    value = f"left({mask_sql('nilai') if column.pii else 'nilai'}, 60)"
    for (reason,) in con.execute(
        "select distinct alasan from tanggal_beda where alasan is not null order by 1"
    ).fetchall():
        con.execute(
            f"insert into temp.catatan_baru select ?, ?, file, ?, {value} as tampak, alasan, ?, ?, "
            "sum(jumlah)::bigint, min(baris) from tanggal_beda where alasan = ? group by file, tampak, alasan",
            [table.source, table.name, column.name, *NOTES[reason], reason],
        )


def _born_from(month: str | None) -> int:
    """The year before which nobody of the delivery was born: a person is not older than 110."""
    return int(month[:4]) - 110 if month else 0


def _written(year: str) -> str:
    """SQL: the date as YYYY-MM-DD and what of the clock matters; the bare year where there is no such day, or no telling."""
    whole = f"strftime(try_cast(concat_ws('-', {year}, bulan, hari) as date), '%Y-%m-%d') || jam"
    return f"case when {year} is not null then coalesce(case when not ragu then {whole} end, {year}) end"


__all__ = ["NOTES", "settle_dates"]
