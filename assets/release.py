"""The publish step, and the page of a month that was blocked.

What belongs here: handing the month to ``dtsen_pipeline.release``. The rules are declared in ``checks``, which may import assets
and not the other way round, so the code location gives them to the publish step. They are no resource of it, because whoever
starts a run may choose its resources.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

import dagster as dg
import duckdb

from assets.common import ENGINEERS, Folders, key_of, table_step, version_of
from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.dashboard import history, index
from dtsen_pipeline.dashboard.collect import collect
from dtsen_pipeline.dashboard.page import render_page
from dtsen_pipeline.errors import DtsenError, GateBlocked
from dtsen_pipeline.orchestration.job import MONTHS
from dtsen_pipeline.quality import seals
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import blocked, catalogue, disclosure, manifest, publishing
from dtsen_pipeline.release.publishing import ReleaseContext
from dtsen_pipeline.storage import keys

# What the files, the manifest and the page of a release are made of. What the rules read is declared by their checks; of it
# ``linkage.evaluasi_lalu`` and ``publikasi.kolom`` stand here, so that a check on them that blocks holds the step back.
READS = [
    "raw.run",
    "raw.deliveries",
    "raw.kiriman_lalu",
    "quarantine.alasan",
    "staging.stg_dtks__anggota",
    "staging.stg_dtks__rumah_tangga",
    "staging.stg_p3ke__individu",
    "staging.stg_p3ke__keluarga",
    "staging.stg_referensi__susenas",
    "staging.stg_referensi__wilayah",
    "staging.stg_regsosek__anggota",
    "staging.stg_regsosek__keluarga",
    "intermediate.int_catatan",
    "intermediate.int_person_record",
    "linkage.model",
    "linkage.frekuensi",
    "linkage.pasangan",
    "linkage.keputusan",
    "linkage.tolakan",
    "linkage.penetapan_lalu",
    "linkage.crosswalk",
    "linkage.evaluasi",
    "linkage.evaluasi_lalu",
    "marts.anggota",
    "marts.keluarga",
    "welfare.model",
    "welfare.koefisien",
    "welfare.isian",
    "welfare.fitur_keluarga",
    "welfare.skor",
    "welfare.tanpa_skor",
    "welfare.desil",
    "welfare.perubahan",
    "welfare.kebijakan",
    "welfare.kelayakan",
    "welfare.kelayakan_perubahan",
    "welfare.laporan",
    *disclosure.TABLES,
]

# Due two days after the run of the cut-off, so that a blocked month can be put right first. What was made since the 1st counts, as
# a month may be complete before its 17th. Only the release is due: nobody waits for the tables before it.
FRESH = dg.FreshnessPolicy.cron("0 8 20 * *", lower_bound_delta=timedelta(days=19), timezone=TIMEZONE)

# The checks look at these tables; the publish step makes them anew.
disclosure_step = table_step(
    "pengungkapan",
    list(disclosure.TABLES),
    lambda con, month, settings: disclosure.prepare(con, catalogue.releases(settings), month, keys.load(settings)),
    reads=["raw.run", "marts.anggota", "marts.keluarga", "welfare.desil"],
    group="release",
    description=(
        "Agregat terbuka setelah pengendalian pengungkapan: sel kecil ditahan beserta pelengkapnya, angka dibulatkan ke 5. / The "
        "open aggregates after disclosure control: small cells withheld with their complements, figures rounded to 5."
    ),
    kinds={"sql", "python", "duckdb"},
    code="dtsen_pipeline/release",
    each={
        "publikasi.lalu": "Sel terbuka dari rilis sebelumnya / the open cells of the release before.",
        "publikasi.ditahan": "Satu baris satu sel yang ditahan / one row a cell that is withheld.",
        "publikasi.kolom": "Satu baris satu kolom yang akan terbit / one row a column to be published, and whether it may.",
    },
)


def release_of(rules: Sequence[Rule]) -> dg.AssetsDefinition:
    """Make the publish step, which asks ``rules``."""

    @dg.asset(
        key=["rilis"],
        deps=[key_of(table) for table in READS],
        group_name="release",
        description=(
            "Rilis bulan ini: utuh atau tidak sama sekali. Setiap aturan gerbang ditanyakan lagi di sini. / The month's release, "
            "whole or not at all. Every rule of the gate is asked again here, so no selection of assets gets around it."
        ),
        kinds={"parquet"},
        owners=[ENGINEERS],
        code_version=version_of("dtsen_pipeline/release"),
        freshness_policy=FRESH,
        partitions_def=MONTHS,
    )
    def publish(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult[None]:
        month, settings = context.partition_key, folders.settings
        began = time.monotonic()
        try:
            with folders.warehouse(month) as con:
                _check_seals(con)
                done = publishing.publish(con, settings, month, rules, context.run_id, _page_of_release)
        except GateBlocked:
            write_blocked_page(folders, month, rules, context.run_id)
            raise
        seconds = time.monotonic() - began
        blocked.clear(settings, month)
        index.write_index(settings)
        files = manifest.load_manifest(done)["files"]
        persons = next(file for file in files if file["path"] == "pribadi/anggota.parquet")
        return dg.MaterializeResult(
            metadata={
                # Rows and columns of the persons, since a release is about them; the other files are listed below.
                "dagster/row_count": dg.MetadataValue.int(persons["rows"]),
                "dagster/column_schema": dg.MetadataValue.table_schema(
                    dg.TableSchema([dg.TableColumn(name, kind) for name, kind in persons["schema"]])
                ),
                "detik": dg.MetadataValue.float(round(seconds, 2)),
                "berkas": dg.MetadataValue.table(
                    [dg.TableRecord({"path": file["path"], "rows": file["rows"]}) for file in files]
                ),
                "rilis": dg.MetadataValue.text(done.name),
                "folder": dg.MetadataValue.path(str(done.path)),
                "dasbor": dg.MetadataValue.path(str(done.path / "dashboard.html")),
            }
        )

    return publish


def _check_seals(con: duckdb.DuckDBPyConnection) -> None:
    # Here and not in a check: from here to the release only this process can write the file.
    if edited := seals.broken(con):
        raise DtsenError(
            "isinya bukan lagi yang ditinggalkan langkah pembuatnya / no longer what the step that made it left: "
            + ", ".join(edited)
            + ". Tindakan/action: jalankan ulang bulan ini / run the month again"
        )
    if old := seals.outdated(con):
        raise DtsenError(
            "dibuat dari tabel yang sesudahnya dibuat ulang dengan isi lain / made of tables made anew since, with other content: "
            + ", ".join(old)
            + ". Tindakan/action: buat ulang tabel ini juga, atau jalankan ulang bulan ini / make them anew, or run the month"
        )


def write_blocked_page(folders: Folders, month: str, rules: Sequence[Rule], run_id: str) -> None:
    """Write a page that says which of ``rules`` blocked the month; rules whose tables are not made yet are left out.

    The step that is blocked writes it, and not a job, so that a run of assets selected in the UI writes one too.
    """
    with folders.warehouse(month) as con:
        verdicts = blocked.ask_what_exists(con, rules)
        page = _page(con, folders.settings, month, verdicts)
        blocked.write(con, folders.settings, month, verdicts, page, run_id)
    index.write_index(folders.settings)


def _page_of_release(context: ReleaseContext) -> str:
    return _page(context.con, context.settings, context.month, context.verdicts, context.revision)


def _page(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    month: str,
    verdicts: Sequence[Verdict],
    revision: int | None = None,
) -> str:
    # The publish step closes the registry before it asks for the page, and opens it again afterwards.
    with store.open(settings) as book:
        past = history.read_past(book.con, month)
    return render_page(collect(con, month, verdicts, past, revision=revision))
