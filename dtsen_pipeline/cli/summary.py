"""Show in the terminal the counts of a month at the end of its run, and two releases side by side.

What belongs here: counts of a month, read from its warehouse and release, and showing ``release.comparison``. No row of a person
is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dtsen_pipeline.config import SMALLEST_COUNT, Settings
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import blocked, catalogue
from dtsen_pipeline.release.comparison import Change, Comparison, Delivered, Judged, T
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.warehouse import connect, tables

_ITEMS_SHOWN = 3  # Measures of a failed rule, columns with notes; the manifest holds them all.


def show_month(settings: Settings, month: str, console: Console) -> None:
    """Print the month: rows by source, persons, families, linkage, deciles, rules, and where the release lies."""
    with connect(settings.warehouse(month)) as con:
        _show_rows(con, console)
        _show_notes(con, console)
        _show_people(con, console)
        _show_linkage(con, console)
        _show_deciles(con, console)
    _show_rules(settings, month, console)
    if blocked.page_path(settings, month).exists():
        page = escape(str(blocked.page_path(settings, month)))
        console.print(f"[bold red]DITAHAN / BLOCKED[/] {month}: {page}", soft_wrap=True)
        standing = catalogue.current(settings)
        if standing is not None:
            console.print(
                f"Rilis yang berlaku / the release that stands: {standing.name} {standing.path}", soft_wrap=True
            )
    else:
        done = catalogue.standing_of_month(settings, month)
        console.print(f"[bold green]TERBIT / PUBLISHED[/] {done.name}", soft_wrap=True)
        console.print(f"  rilis/release    {done.path}", soft_wrap=True, markup=False)
        console.print(f"  dasbor/dashboard {done.path / 'dashboard.html'}", soft_wrap=True, markup=False)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number == 0)
    return table


def _show_rows(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    made = tables(con)
    if "raw.deliveries" not in made:
        return
    table = _table(
        "Baris menurut sumber / rows by source",
        "sumber\nsource", "bulan\nmonth", "dibaca\nread", "karantina\nquarantined", "staging\nstaged",
    )  # fmt: skip
    for source, sent, read, quarantined in con.execute(query("cli/kiriman_sumber")).fetchall():
        staged = sum(
            con.execute(f"select count(*) from {name}").fetchall()[0][0]
            for name in made
            if name.startswith(f"staging.stg_{source}__")
        )
        table.add_row(source, sent, f"{read:,.0f}", f"{quarantined:,.0f}", f"{staged:,.0f}")
    console.print(table)


def _show_notes(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    made = tables(con)
    if "quarantine.catatan" not in made:
        return
    # The same question of whichever of the two the month got to, so the table's name is put in here.
    counted = "intermediate.int_catatan" if "intermediate.int_catatan" in made else "quarantine.catatan"
    columns = con.execute(
        f"""select concat(source, '.', tabel, '.', kolom), sum(jumlah) from {counted}
        group by source, tabel, kolom order by sum(jumlah) desc, source, tabel, kolom"""
    ).fetchall()
    most = ", ".join(f"{name} {count:,.0f}" for name, count in columns[:_ITEMS_SHOWN])
    more = ", ..." if len(columns) > _ITEMS_SHOWN else ""
    console.print(
        f"[bold]{sum(count for _, count in columns):,.0f}[/] nilai bercatatan, barisnya dipakai / values noted, their rows used"
        + (f": {most}{more}" if most else ""),
        soft_wrap=True,
    )


def _show_people(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    if not {"marts.keluarga", "marts.anggota"} <= tables(con):
        return
    row = con.execute("select (select count(*) from marts.anggota), (select count(*) from marts.keluarga)").fetchone()
    assert row is not None
    console.print(f"[bold]{row[0]:,}[/] orang/persons, [bold]{row[1]:,}[/] keluarga/families")


def _show_linkage(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    if "linkage.evaluasi" not in tables(con):
        return
    table = _table("Penautan / linkage", "ukuran/measure", "nilai/value", "95 %", "dasar/basis")
    for name, value, low, high, basis in con.execute(query("cli/evaluasi")).fetchall():
        table.add_row(name, f"{value:.4f}", f"{low:.4f}-{high:.4f}", basis)
    console.print(table)


def _show_deciles(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    if "welfare.desil" not in tables(con):
        return
    counts = con.execute(query("cli/keluarga_per_desil")).fetchall()
    table = _table(
        "Keluarga menurut desil nasional / families by national decile", "desil", *(str(d) for d, _ in counts)
    )
    table.add_row("keluarga", *(f"{count:,}" for _, count in counts))
    console.print(table)


def _show_rules(settings: Settings, month: str, console: Console) -> None:
    with store.open(settings) as registry:
        rows = registry.con.execute(query("cli/aturan_terakhir"), {"bulan": month}).fetchall()
    passed = sum(1 for _, held in rows if held)
    console.print(f"Gerbang mutu / quality gate: [bold]{passed}[/] dari/of {len(rows)} aturan lulus / rules hold")
    for name, held in rows:
        if not held:
            console.print(f"  [red]tidak lulus / failed[/] {name}")


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Print two releases side by side: counts, with small ones as • or <10 and moves rounded to five, and what differs."""
    before, after = comparison.before.name, comparison.after.name
    table = _table(
        f"{before} -> {after}",
        "", "sebelum\nbefore", "sesudah\nafter", "di keduanya\nin both", "masuk\nentered", "keluar\nleft",
    )  # fmt: skip
    named = [
        ("orang/persons", comparison.persons),
        ("keluarga/families", comparison.families),
        *comparison.programmes.items(),
    ]
    for name, flow in named:
        counts = (flow.before, flow.after, flow.stayed, flow.entered, flow.left)
        # With the two totals, any one of the last three gives the other two.
        few = 0 < flow.entered < SMALLEST_COUNT or 0 < flow.left < SMALLEST_COUNT
        table.add_row(name, *(f"{count:,}" if n < 2 or not few else "•" for n, count in enumerate(counts)))
    console.print(table)
    _show_moves(comparison, console)
    _show_changes(
        "Kiriman: bulan, baris dibaca (dikarantina), sha256 / deliveries: month, rows read (quarantined), sha256",
        comparison.deliveries,
        _describe_delivery,
        console,
    )
    _show_changes("Kolom / columns", comparison.columns, str, console)
    _show_changes("Versi / versions", comparison.versions, lambda version: version[:16], console)
    _show_changes("Aturan / rules", comparison.rules, _describe_verdict, console)


def _show_moves(comparison: Comparison, console: Console) -> None:
    tenths: list[int | None] = [*range(1, 11)]
    if any(None in pair for pair in comparison.deciles):
        tenths.append(None)
    table = _table(
        "Keluarga di keduanya: desil nasional sebelum (baris), sesudah (kolom) / families in both: national decile before "
        "(rows), after (columns)",
        "", *(str(tenth or "-") for tenth in tenths),
    )  # fmt: skip
    for old in tenths:
        counts = (comparison.deciles.get((old, new), 0) for new in tenths)
        table.add_row(str(old or "-"), *(_rounded(count) if count else "." for count in counts))
    console.print(table)
    moves = comparison.moves
    counts_by_step = {
        "tetap / same": moves[0],
        "naik 1 / up 1": moves[1],
        "naik 2+ / up 2+": sum(n for step, n in moves.items() if step is not None and step > 1),
        "turun 1 / down 1": moves[-1],
        "turun 2+ / down 2+": sum(n for step, n in moves.items() if step is not None and step < -1),
        "tanpa desil / without": moves[None],
    }
    console.print(
        "; ".join(f"{name}: [bold]{_rounded(count)}[/]" for name, count in counts_by_step.items()), soft_wrap=True
    )


def _rounded(families: int) -> str:
    """Return a count rounded to five, or as <10, as in the open tables: sums of such figures give none of them back."""
    return f"<{SMALLEST_COUNT}" if 0 < families < SMALLEST_COUNT else f"{5 * round(families / 5):,}"


def _show_changes(title: str, changes: Sequence[Change[T]], describe: Callable[[T], str], console: Console) -> None:
    if not changes:
        console.print(f"[bold]{title}[/]: sama / the same")
        return
    table = _table(title, "", "sebelum / before", "sesudah / after")
    for change in changes:
        table.add_row(
            change.name, *("-" if value is None else describe(value) for value in (change.before, change.after))
        )
    console.print(table)


def _describe_delivery(files: Delivered) -> str:
    # The first digits tell a corrected file of the same size from the one it replaced.
    hashes = "+".join(sha256[:6] for sha256 in files.sha256)
    return f"{', '.join(files.months)}  {files.rows_read:,} ({files.rows_quarantined:,})  {hashes}"


def _describe_verdict(verdict: Judged) -> str:
    if verdict.passed:
        return "lulus / passed"
    shown = ", ".join(verdict.broken[:_ITEMS_SHOWN]) + (", ..." if len(verdict.broken) > _ITEMS_SHOWN else "")
    return f"tidak lulus / failed ({len(verdict.broken)}): {shown}" if shown else "tidak lulus / failed"
