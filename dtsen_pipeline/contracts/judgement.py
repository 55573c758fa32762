"""Judge the rows of a table by its contract: which go on, which go to quarantine, which values are emptied.

What belongs here: one question a function, each answered by queries over all rows. Statements that name columns of the contract, or
hold its rules, are built here; the others are in ``dbt_like_sql/queries/contracts/nilai_*.sql``. The rules are those of ``rules``.
"""

from __future__ import annotations

import duckdb

from dtsen_pipeline.contracts.model import Column, TableContract, load
from dtsen_pipeline.contracts.rules import (
    DATE_PATTERN,
    broken_rule_sql,
    canonical_key_sql,
    day_sql,
    explain_reason,
    has_rule,
    inline,
    mask_sql,
    quoted_name,
    repairs,
    suspect_sql,
    text_literal,
)
from dtsen_pipeline.sql.queries import make_table


def judge_rows(con: duckdb.DuckDBPyConnection, table: TableContract, delivered: set[str], month: str | None) -> None:
    """Mark the rejected rows in ``masuk``, with what is wrong in ``tolak`` (baris, kolom, nilai, alasan).

    Flawed values of the other rows are emptied in ``masuk``, and noted. ``delivered`` are the columns that came in any file.
    """
    for name in ("tolak", "catat"):
        con.execute(f"create or replace temp table {name} (baris bigint, kolom varchar, nilai varchar, alasan varchar)")
    con.execute("insert into tolak select rowid, null, null, _cacat from masuk where _cacat is not null")
    columns = [column for column in table.columns.values() if column.name in delivered]
    if columns:  # none where an optional source did not come
        _judge_values(con, table, columns, month)
        _judge_shift(con, columns)
    _judge_parent(con, table)
    # A key counts as repeated only among otherwise good rows: a broken first row must not cost the good one after it.
    _mark_rejected(con)
    _judge_key(con, table)
    _mark_rejected(con)
    # A row in quarantine is listed with everything that is wrong in it.
    con.execute("insert into tolak from catat where baris in (select rowid from masuk where _cacat is not null)")
    if columns:
        _empty_flawed_values(con, table)


def _judge_values(
    con: duckdb.DuckDBPyConnection, table: TableContract, columns: list[Column], month: str | None
) -> None:
    """Undo in ``masuk`` what a spreadsheet did to values, and judge them.

    ``cela`` (kolom, asli, alasan) lists the values that break a rule; ``tolak`` and ``catat`` the rows that hold them, the first
    where the column is required or an id.
    """
    # A table of its own: in one query, the optimizer would try the rule on every row before it looks for distinct values.
    distinct = (
        f"select distinct {text_literal(c.name)} as kolom, {quoted_name(c.name)} as asli from masuk"
        + ("" if has_rule(c) else f" where {suspect_sql(c, is_id=c.name in table.ids)}")
        for c in columns
    )
    undone = f"select kolom, asli, {inline('buka', 'asli')} as nilai from ({' union all '.join(distinct)})"
    con.execute(f"create or replace temp table beda as {undone}")
    for column in columns:
        for where, value in repairs(column, is_id=column.name in table.ids):
            con.execute(f"update beda set nilai = {value} where kolom = {text_literal(column.name)} and {where}")
    make_table(con, "tanda", "contracts/nilai_bertanda")
    trials = (
        f"select kolom, asli, {broken_rule_sql(c, is_id=c.name in table.ids, month=month)} as alasan "
        f"from (select *, {day_sql(c)} as hari from tanda where kolom = {text_literal(c.name)})"
        for c in columns
    )
    # Materialized: otherwise the condition is pushed into the trials, and all of their SQL is planned again.
    con.execute(
        f"create or replace temp table cela as with coba as materialized ({' union all '.join(trials)}) "
        "from coba where alasan is not null"
    )
    make_table(con, "ubah", "contracts/nilai_dipulihkan")
    for (name,) in con.execute("select distinct kolom from ubah order by kolom").fetchall():
        con.execute(
            f"update masuk set {quoted_name(name)} = u.nilai from ubah u where u.kolom = ? and u.asli = masuk.{quoted_name(name)}",
            [name],
        )
    # A mark for no answer breaks no rule, and half of the cells may hold one.
    for (name,) in con.execute(
        "select distinct kolom from cela where alasan <> 'tanpa_jawaban' order by kolom"
    ).fetchall():
        into = "tolak" if name in (*table.required, *table.ids) else "catat"
        con.execute(
            f"insert into {into} select m.rowid, c.kolom, c.asli, c.alasan from masuk m "
            f"join cela c on m.{quoted_name(name)} is not distinct from c.asli "
            "where m._cacat is null and c.kolom = ? and c.alasan <> 'tanpa_jawaban'",
            [name],
        )


def _judge_shift(con: duckdb.DuckDBPyConnection, columns: list[Column]) -> None:
    """Reject rows in which nothing can be believed, since their values stand in the wrong columns.

    Either four or more different values are wrong, and more than a third of those that have a rule: a carelessly filled form has
    one or two, and a form in which "unknown" is a 9 everywhere has many of one kind. Or a date stands where no date belongs, beside
    another wrong value: in a row shifted by one column the neighbour's codes often fit, but the birth date stands in another
    column. (A date alone may be what a spreadsheet made of 1-2.)
    """
    ruled = [c for c in columns if has_rule(c)]
    filled = " + ".join(f"(coalesce(trim(m.{quoted_name(c.name)}), '') <> '')::integer" for c in ruled) or "0"
    others = [c for c in columns if c.type != "date" and (c.type != "string" or c.pii)]
    dated = " or ".join(f"regexp_matches(m.{quoted_name(c.name)}, '{DATE_PATTERN}')" for c in others) or "false"
    con.execute(
        f"""
        insert into tolak
        select m.rowid, null, null, 'kolom_bergeser'
        from masuk m join (
            select baris, count(*) as jumlah, count(distinct nilai) as macam,
                count(*) filter (not regexp_matches(nilai, '{DATE_PATTERN}')) as lain
            from catat group by baris
        ) c on m.rowid = c.baris
        where (macam >= 4 and 3 * jumlah > {filled}) or (lain > 0 and ({dated}))
        """
    )


def _judge_parent(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Reject rows without a delivered parent. A parent in quarantine was delivered: its members go on.

    The keys of a parent table are kept in ``induk_<table>`` until its children are judged.
    """
    for other in load()[table.source].tables.values():
        if other.parent and other.parent.table == table.name:
            key = inline("kosong", quoted_name(other.parent.key))
            con.execute(f"create or replace temp table induk_{table.name} as select distinct {key} as kunci from masuk")
    if table.parent:
        own = inline("kosong", f"m.{quoted_name(table.parent.column)}")
        con.execute(
            f"insert into tolak select m.rowid, {text_literal(table.parent.column)}, m.{quoted_name(table.parent.column)}, "
            f"'induk_tidak_ada' from masuk m anti join induk_{table.parent.table} i on i.kunci = {own} "
            f"where m._cacat is null and {own} is not null"
        )


def _judge_key(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Reject all rows but one of those with the same key."""
    keys = ", ".join(f"{sql} as k{i}" for i, sql in enumerate(canonical_key_sql(table)))
    names = ", ".join(f"k{i}" for i in range(len(table.key)))
    con.execute(
        f"create or replace temp table rusak as select {names} from (select {keys} from masuk where _cacat is null) "
        f"group by {names} having count(*) > 1"
    )
    if con.execute("select count(*) from rusak").fetchone() != (0,):
        # The content decides which row stays: by position, a re-sorted delivery would give another month.
        content = ", ".join(f"coalesce({quoted_name(name)}, '')" for name in table.columns)
        con.execute(
            f"insert into tolak select baris, {text_literal(table.key[0])}, nilai, 'kunci_ganda' from ("
            f"select baris, nilai, row_number() over (partition by {names} order by isi, baris) as ke from ("
            f"select rowid as baris, {quoted_name(table.key[0])} as nilai, concat_ws('|', {content}) as isi, {keys} "
            f"from masuk where _cacat is null) semi join rusak using ({names})) where ke > 1"
        )


def _mark_rejected(con: duckdb.DuckDBPyConnection) -> None:
    """Mark the rows of ``tolak`` in ``masuk``."""
    con.execute("update masuk set _cacat = 'ditolak' where _cacat is null and rowid in (select baris from tolak)")


def _empty_flawed_values(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Empty the flawed values of the rows that go on, and count them in ``temp.catatan_baru`` and ``temp.isian_baru``."""
    flaws = "select kolom, alasan from cela where not list_contains(?, kolom) group by all order by all"
    must = [*table.required, *table.ids]
    for name, reason in con.execute(flaws, [must]).fetchall():
        column = f"m.{quoted_name(name)}"
        value = f"left({mask_sql('c.asli') if table.columns[name].pii else 'c.asli'}, 60)"
        text = explain_reason(reason, table, name)
        con.execute(
            f"insert into temp.catatan_baru select ?, ?, m._file, c.kolom, {value}, c.alasan, ?, ?, count(*), min(m._line) "
            f"from masuk m join cela c on {column} = c.asli where m._cacat is null and c.kolom = ? and c.alasan = ? group by all",
            [table.source, table.name, text.id, text.en, name, reason],
        )
    for (name,) in con.execute(
        "select distinct kolom from temp.catatan_baru where source = ? and tabel = ?", [table.source, table.name]
    ).fetchall():
        con.execute(
            f"update masuk set {quoted_name(name)} = null from cela c "
            f"where c.kolom = ? and c.asli = masuk.{quoted_name(name)} and masuk._cacat is null",
            [name],
        )
        con.execute(
            f"insert into temp.isian_baru select ?, ?, ?, count(nullif(trim({quoted_name(name)}), '')) "
            "from masuk where _cacat is null",
            [table.source, table.name, name],
        )
