"""Ways around the gate, each tried on a month that would go out if it worked, and each refused with the last release standing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg

from checks import checks
from checks.rules import RULES
from dtsen_pipeline.quality import seals
from dtsen_pipeline.release import blocked, catalogue
from tests.integration.conftest import KEY, MONTH, NEXT, House

STANDING = f"{MONTH}/r1"


def refusal(done: dg.ExecuteInProcessResult) -> str:
    """Why the publish step refused; every message from the outermost to the cause."""
    assert not done.success
    (failed,) = done.get_step_failure_events()
    error, told = failed.step_failure_data.error, []
    while error is not None:
        told.append(f"{error.cls_name}: {error.message}")
        error = error.cause
    return " | ".join(told)


def made_wrong(house: House) -> None:
    """The month as its steps would leave it after a mistake in one of them: sealed, and against a rule."""
    with house.folders.warehouse(house.month) as con:
        con.execute("update welfare.desil set desil_nasional = 11 - desil_nasional")
        seals.seal(con, "welfare.desil")
        con.execute("update raw.asal set sidik = segel.sidik from raw.segel where asal.dari = segel.tabel")


def test_the_publish_step_alone_publishes_nothing_where_no_month_was_made(house: House) -> None:
    told = refusal(replace(house, month=NEXT).materialize("rilis"))
    assert "InputError" in told and f"dtsen run --month {NEXT}" in told
    assert house.current() == STANDING


def test_weaker_rules_handed_to_the_run_are_not_the_ones_that_are_asked(house: House) -> None:
    made_wrong(house)
    weak = tuple(replace(rule, blocking=False, maximum=1e9) for rule in RULES[:1])
    told = refusal(house.materialize("rilis", rules=weak))
    assert "GateBlocked" in told and "desil_urut_skor" in told
    assert [one.name for one in catalogue.releases(house.folders.settings)] == [STANDING]


def test_a_check_downgraded_to_a_warning_lets_the_run_go_on_and_the_publish_step_refuses(house: House) -> None:
    made_wrong(house)

    @dg.asset_check(asset=dg.AssetKey("rilis"), name="desil_urut_skor", blocking=False)
    def downgraded() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)

    assert "desil_urut_skor" in refusal(house.materialize("rilis", checks=[downgraded]))
    page = blocked.page_path(house.folders.settings, MONTH).read_text(encoding="utf-8")
    assert "desil_urut_skor" in page, "a step that is blocked leaves a page, outside the job too"


def test_a_check_that_held_for_another_month_says_nothing_of_this_one(house: House) -> None:
    (check,) = (
        check for check in checks if dg.AssetKey(["welfare", "desil"]) in {key.asset_key for key in check.check_keys}
    )
    warehouses = house.folders.settings.warehouse(MONTH).parent
    following = replace(house, month=NEXT)
    with dg.DagsterInstance.ephemeral() as instance:
        held = house.materialize("welfare.batas_desil", "welfare.desil", checks=[check], instance=instance)
        assert {evaluation.check_name: evaluation.passed for evaluation in held.get_asset_check_evaluations()}[
            "desil_urut_skor"
        ]
        shutil.copy(warehouses / f"{MONTH}.duckdb", warehouses / f"{NEXT}.duckdb")
        told = refusal(following.materialize("rilis", instance=instance))
        assert "InputError" in told and MONTH in told, "the other month's warehouse under this month's name"
        with following.folders.warehouse(NEXT) as con:
            con.execute(f"update raw.run set bulan = date '{NEXT}-01'")
            seals.seal(con, "raw.run")
            con.execute("delete from raw.asal where dari = 'raw.run'")
        made_wrong(following)
        assert "desil_urut_skor" in refusal(following.materialize("rilis", instance=instance))
    assert house.current() == STANDING


# Edits that keep every rule: nobody is lost, no count is off, every decile still fits its score.
EDITS = {
    "marts.anggota": "update marts.anggota set nama = 'ORANG LAIN' where person_id = (select min(person_id) from marts.anggota)",
    "marts.keluarga": "update marts.keluarga set luas_lantai = 400 where family_id = (select min(family_id) from marts.keluarga)",
    "linkage.evaluasi": "update linkage.evaluasi set nilai = 1 where ukuran = 'presisi_perkiraan'",
    "welfare.kartu": "insert into welfare.kartu values ('catatan', 1)",
    "welfare.koefisien": "delete from welfare.koefisien where model = 'ringkas'",
    "welfare.perubahan": "drop table welfare.perubahan",
    "welfare.tambahan": "create table welfare.tambahan as select 1 as a",
    "intermediate.int_susenas": "insert into intermediate.int_susenas from intermediate.int_susenas limit 1",
    "raw.deliveries": "update raw.deliveries set sha256 = 'lain'",
    "seeds.kebijakan_program": "update seeds.kebijakan_program set desil_maks = '6'",
    "linkage.crosswalk": "delete from raw.segel where tabel = 'linkage.crosswalk'",
}


def test_a_hand_edited_candidate_is_refused_table_by_table(house: House) -> None:
    for statement in EDITS.values():
        house.edit(statement)
    told = refusal(house.materialize("rilis"))
    assert "DtsenError" in told and "GateBlocked" not in told
    assert all(table in told for table in EDITS)
    assert "marts.keluarga_" not in told and "welfare.skor" not in told
    assert house.current() == STANDING


def test_a_month_without_seals_is_refused(house: House) -> None:
    house.edit("drop table raw.segel")
    assert "marts.anggota" in refusal(house.materialize("rilis"))


def test_an_untouched_month_publishes_again_as_what_it_was(house: House) -> None:
    assert house.materialize("rilis").success
    assert house.current() == STANDING


def test_the_command_line_of_dagster_is_no_way_around(house: House, tmp_path: Path) -> None:
    house.edit(EDITS["marts.keluarga"])
    command = [sys.executable, "-m", "dagster", "asset", "materialize", "--select", "rilis", "--partition", MONTH]
    environment = {
        **os.environ,
        "DTSEN_KEY": KEY,
        "DTSEN_HOME": str(house.home),
        "DTSEN_LANDING": str(house.landing),
        "DAGSTER_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [*command, "-m", "dtsen_pipeline.definitions"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode != 0
    assert "DtsenError" in done.stdout + done.stderr and "marts.keluarga" in done.stdout + done.stderr
    assert house.current() == STANDING
