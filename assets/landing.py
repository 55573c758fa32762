"""Read the deliveries of a month into ``raw`` and ``quarantine``.

What belongs here: the sources as Dagster shows them, the one step that reads them all, and the earlier deliveries that it is
compared with. It is one step because a file that cannot be read must stop the month and change nothing.
"""

import re
from collections.abc import Iterator

import dagster as dg
import duckdb

from assets.common import table_step
from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts import reader
from dtsen_pipeline.contracts.model import SourceContract, load
from dtsen_pipeline.quality import seals
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import deliveries, manifest
from dtsen_pipeline.storage.warehouse import tables

# Schemas of tables that are made from what this step reads.
DERIVED = ("staging.", "intermediate.", "linkage.", "marts.", "welfare.", "publikasi.")


def _read(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    reader.read(con, settings.landing, month)
    with store.open(settings) as book:
        released = book.releases()
    deliveries.recall(con, released, month)
    # If this run stops half way, tables made from the rows of an earlier run must not be taken for its own.
    seals.forget(con)
    own = tables(con, views=False)
    for table in tables(con):
        if table.startswith(DERIVED):
            con.execute(f"drop {'table' if table in own else 'view'} {table}")


def _source_of(contract: SourceContract) -> dg.AssetSpec:
    arrivals = {
        "bulanan": "Tiap bulan; yang terakhir berlaku / every month; the latest counts.",
        "referensi": "Data rujukan di landing/referensi / reference data in landing/referensi.",
        "opsional": "Bila ada / where there is one.",
    }
    owner = re.sub(r"[^a-z0-9]+", "-", contract.owner.lower()).strip("-")
    return dg.AssetSpec(
        ["kiriman", contract.source],
        description=f"{contract.name} / {contract.english}. {arrivals[contract.delivery]} Kontrak: {contract.owner}, "
        f"`dtsen_pipeline/contracts/{contract.source}.yaml`.",
        group_name="landing",
        owners=[f"team:{owner}"],
        kinds={"file"},
    )


source_specs = [_source_of(contract) for contract in load().values()]


def observe_deliveries(con: duckdb.DuckDBPyConnection) -> Iterator[dg.AssetObservation]:
    """Report what was delivered of every source: its files by name, content and rows; not their sizes, which give the rows away."""
    for spec in source_specs:
        files = con.execute(
            f"""select tabel, bulan_kirim, file, sha256, {manifest.ROWS_OF_FILE}, rows_quarantined
            from raw.deliveries where source = ? order by file""",
            [spec.key.path[-1]],
        )
        names = [name for name, *_ in files.description or ()]
        deliveries_read = [dict(zip(names, row, strict=True)) for row in files.fetchall()]
        ((rows,),) = con.execute(
            "select coalesce(sum(rows_read), 0)::bigint from raw.deliveries where source = ?", [spec.key.path[-1]]
        ).fetchall()
        columns = {"rows_read": "int", "rows_quarantined": "int"}
        yield dg.AssetObservation(
            spec.key,
            description=None if deliveries_read else "tidak ada kiriman / nothing delivered",
            metadata={
                "bulan_kirim": ", ".join(sorted({row["bulan_kirim"] for row in deliveries_read if row["bulan_kirim"]}))
                or "-",
                "baris_dibaca": rows,
                "baris_karantina": sum(row["rows_quarantined"] for row in deliveries_read),
                "berkas": dg.MetadataValue.table(
                    [
                        dg.TableRecord({name: row[name] if row[name] is not None else "-" for name in names})
                        for row in deliveries_read
                    ],
                    schema=dg.TableSchema([dg.TableColumn(name, columns.get(name, "string")) for name in names]),
                ),
            },
        )


RAW_TABLES = {
    table.raw: f"{source.source}: {table.grain} / {table.english}."
    for source in load().values()
    for table in source.tables.values()
}
# What the step writes besides the rows of the sources.
OTHER_TABLES = {
    "raw.run": "Bulan yang sedang dibuat / the month in the making.",
    "raw.deliveries": "Satu baris satu berkas yang dibaca / one row a file that was read.",
    "raw.kiriman_lalu": "Tiga kiriman terakhir tiap tabel / the last three deliveries of each table, to compare with.",
    "quarantine.alasan": "Satu baris satu nilai yang melanggar kontrak / one row a value that breaks its contract.",
    "quarantine.catatan": (
        "Nilai yang dikosongkan atau dibaca lain dari kirimannya, per berkas, kolom dan alasan; barisnya tetap dipakai / values "
        "emptied or read other than delivered, by file, column and reason; their rows go on."
    ),
    "quarantine.isian": (
        "Banyaknya nilai terisi pada kolom yang bercatatan / how many values are filled in the columns with notes."
    ),
}

landing = table_step(
    "pendaratan",
    [*RAW_TABLES, *OTHER_TABLES],
    _read,
    reads=[],
    group="landing",
    description=(
        "Baris seperti dikirim, semua teks, dengan berkas dan baris; yang melanggar kontrak masuk karantina dengan alasannya. "
        "/ Rows as delivered, all text, with file and line; what breaks the contract goes to quarantine with its reason."
    ),
    kinds={"csv", "duckdb"},
    code="dtsen_pipeline/contracts",
    each=RAW_TABLES | OTHER_TABLES,
    sources=[spec.key for spec in source_specs],
    observe=observe_deliveries,
)
