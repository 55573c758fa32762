"""A month as Dagster has it: what every step tells, a run taken up again where it failed, and the alert of a run that did."""

from __future__ import annotations

import re

import dagster as dg
import pytest
from pydantic import SecretStr

from dtsen_pipeline import definitions
from dtsen_pipeline.contracts import load
from dtsen_pipeline.dashboard.pictures import NOTHING_TO_DRAW, PICTURES
from dtsen_pipeline.orchestration import JOB, automation
from dtsen_pipeline.orchestration.failures import failure
from dtsen_pipeline.release import disclosure
from dtsen_pipeline.sql.models import load_models
from tests.integration.conftest import MONTH, House
from tests.unit.test_alerts import webhook

# Constants, and counts of rows: made of no column.
WITHOUT_SOURCE = {
    "intermediate.int_hari_semu": {"source", "tabel", "kolom", "jumlah", "biasa"},
    "intermediate.int_nama__baku": {"jumlah_kata"},
    "intermediate.int_wilayah__peta": {"sistem"},
    "intermediate.int_rumah__baku": {"source"},
    "intermediate.int_roster": {"source"},
    "intermediate.int_person_record": {"source"},
    "linkage.rekaman": {"kk2", "desa2"},
    "linkage.pasangan_keluarga": {"sama", "jumlah_l", "jumlah_r"},
    "linkage.pasangan_sisa": {"match_key"},
    "linkage.kunci_blok": {"aturan"},
    "linkage.blok": {"jumlah", "dipakai"},
    "marts.anggota": {"jumlah_rekaman"},
    "marts.keluarga": {"jumlah_tercatat"},
    "welfare.peristiwa_keluarga": {"peristiwa"},
    "welfare.churn": {"keluarga"},
    "publikasi.sel": {"tingkat", "desil", "keluarga"},
}
# What the pictures of a first month have nothing to draw of.
FIRST_MONTH = {"welfare.churn"}


@pytest.fixture
def metadata(told: list[dg.DagsterEvent]) -> dict[str, dict[str, dg.MetadataValue]]:
    """What each materialisation told, by table."""
    events = [event for event in told if event.is_step_materialization]
    return {".".join(e.asset_key.path): dict(e.materialization.metadata) for e in events if e.asset_key}


def columns(told: dict[str, dg.MetadataValue]) -> set[str]:
    return {column.name for column in told["dagster/column_schema"].value.columns}  # type: ignore[union-attr]


def test_every_asset_tells_its_rows_its_columns_and_its_time(metadata: dict[str, dict[str, dg.MetadataValue]]) -> None:
    expected = {spec.key for spec in definitions.defs().resolve_all_asset_specs() if spec.key.path[0] != "kiriman"}
    assert metadata.keys() == {".".join(key.path) for key in expected}
    for table, told in metadata.items():
        assert isinstance(told["dagster/row_count"].value, int), table
        assert columns(told), table
        assert float(told["detik"].value) >= 0, table  # type: ignore[arg-type]


def test_every_column_of_every_model_comes_from_columns_that_are_there(
    metadata: dict[str, dict[str, dg.MetadataValue]],
) -> None:
    without: dict[str, set[str]] = {}
    for table, model in load_models().items():
        told = metadata[table]
        assert model.sql.strip() in str(told["sql"].value)
        lineage = told["dagster/column_lineage"].value.deps_by_column  # type: ignore[union-attr]
        assert lineage.keys() == columns(told), table
        for column, sources in lineage.items():
            for source in sources:
                assert source.column_name in columns(metadata[".".join(source.asset_key.path)]), (table, column)
            if not sources:
                without.setdefault(table, set()).add(column)
    assert without == WITHOUT_SOURCE


def test_what_a_column_comes_from_is_said_where_people_look(metadata: dict[str, dict[str, dg.MetadataValue]]) -> None:
    schema = {column.name: column for column in metadata["marts.keluarga"]["dagster/column_schema"].value.columns}  # type: ignore[union-attr]
    assert "intermediate.int_family_record.luas_lantai" in (schema["luas_lantai"].description or "")
    assert schema["jumlah_tercatat"].description is None


def test_what_is_looked_at_has_its_picture(metadata: dict[str, dict[str, dg.MetadataValue]]) -> None:
    drawn = {table for table, told in metadata.items() if "gambar" in told}
    assert drawn == set(PICTURES)
    assert {table for table in drawn if metadata[table]["gambar"].value == NOTHING_TO_DRAW} == FIRST_MONTH


def test_every_source_is_observed_with_its_files(told: list[dg.DagsterEvent], published: House) -> None:
    seen = {e.asset_key.path[-1]: e.asset_observation_data.asset_observation for e in told if e.is_asset_observation}  # type: ignore[union-attr]
    assert seen.keys() == load().keys()
    files = {record.data["file"]: record.data for record in seen["dtks"].metadata["berkas"].records}  # type: ignore[union-attr]
    assert f"{MONTH}/dtks/anggota.csv" in files
    assert all(re.fullmatch(r"[0-9a-f]{64}", str(file["sha256"])) for file in files.values())
    assert sum(int(file["rows_read"]) for file in files.values()) == seen["dtks"].metadata["baris_dibaca"].value
    assert seen["dukcapil"].description and "nothing delivered" in seen["dukcapil"].description


def the_job() -> dg.JobDefinition:
    return definitions.defs().resolve_job_def(JOB)


def test_a_failed_run_is_told_and_taken_up_where_it_failed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by `Re-execute from failure` of the UI: what stands in the warehouse is not made again."""
    selected = [
        ["welfare", "desil"],
        ["welfare", "batas_desil"],
        *(name.split(".") for name in disclosure.TABLES),
        ["rilis"],
    ]
    config = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    monkeypatch.setenv("DTSEN_LANDING", str(house.landing))
    monkeypatch.setenv("DTSEN_HOME", str(house.home))

    def broken(*_: object) -> None:
        raise ValueError("could not convert '3573010101010001'")

    with dg.DagsterInstance.ephemeral() as instance, webhook() as (url, got):
        with monkeypatch.context() as patch:
            patch.setattr(disclosure, "prepare", broken)
            first = dg.execute_job(
                dg.reconstructable(the_job),
                instance,
                run_config=config,
                tags={"dagster/partition": MONTH},
                asset_selection=[dg.AssetKey(key) for key in selected],
                raise_on_error=False,
            )
        assert not first.success and failure(instance, first.run_id).step == "pengungkapan"

        monkeypatch.setenv("DTSEN_WEBHOOK", SecretStr(url).get_secret_value())
        run = instance.get_run_by_id(first.run_id)
        assert run is not None
        automation.failed_or_blocked(
            dg.build_run_status_sensor_context(
                sensor_name="failed_or_blocked",
                dagster_instance=instance,
                dagster_run=run,
                dagster_event=first.get_run_failure_event(),
            ).for_run_failure()
        )
        (alert,) = got
        assert (alert["state"], alert["month"], alert["step"]) == ("gagal", MONTH, "pengungkapan")
        assert "3573010101010001" not in str(alert)

        again = dg.execute_job(
            dg.reconstructable(the_job),
            instance,
            run_config=config,
            tags={"dagster/partition": MONTH},
            reexecution_options=dg.ReexecutionOptions.from_failure(first.run_id, instance),
        )
        assert again.success, failure(instance, again.run_id)
        made = {
            event.asset_key.to_user_string() for event in again.get_asset_materialization_events() if event.asset_key
        }
        assert made == {*(name.replace(".", "/") for name in disclosure.TABLES), "rilis"}
