"""What a month leaves unencrypted tells no withheld count: manifest, pages and event log are searched for fractions of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import dagster as dg
import pytest

from checks import checks
from dtsen_pipeline.definitions import defs
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import blocked
from tests.integration.conftest import MONTH, House
from tests.unit.test_disclosure import betrayed

SMALL = 103
"""Families of the planted regency, of which 23 moved far: more than a fifth, so the month is blocked."""


def log_of(instance: dg.DagsterInstance, run_id: str) -> str:
    """All that Dagster keeps of a run, the pictures unpacked."""
    log = "\n".join(dg.serialize_value(entry) for entry in instance.all_logs(run_id))
    pictures = re.findall(r"image/svg\+xml;base64,([A-Za-z0-9+/=]+)", log)
    return "\n".join([log, *(base64.b64decode(picture).decode() for picture in pictures)])


def metadata_of(told: list[dg.DagsterEvent]) -> str:
    return "\n".join(dg.serialize_value(event) for event in told)


def withheld(house: House) -> set[int]:
    """The true families of every cell that the open tables withhold."""
    with house.folders.warehouse(MONTH) as con:
        return {
            families
            for (families,) in con.execute(
                "select s.keluarga from publikasi.sel as s semi join publikasi.ditahan as d using (jalur, desil)"
            ).fetchall()
        }


def national(house: House) -> set[float]:
    """Measures of the linkage of the whole nation and of the score on the whole survey, of which many are fractions by chance."""
    with house.folders.warehouse(MONTH) as con:
        rows = con.execute(
            """select unnest([nilai, bawah, atas]) from linkage.evaluasi where kelompok = 'semua' union
            select unnest([nilai, bawah, atas]) from welfare.laporan where kelompok = 'semua'"""
        ).fetchall()
    return {float(f"{value:.6g}") for (value,) in rows if value is not None}


def found_in(documents: dict[str, str], house: House, *more: int) -> dict[str, set[tuple[str, int]]]:
    """What of ``documents`` tells a withheld count, or one of ``more``."""
    counts, known = withheld(house) | {*more}, national(house)
    assert len(counts) > 5
    told = {name: betrayed(text, counts) for name, text in documents.items()}
    return {
        name: others
        for name, found in told.items()
        if (others := {one for one in found if float(one[0].replace(",", ".")) not in known})
    }


def content(page: str) -> str:
    """A page without its style and script."""
    return re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)


def test_a_published_month_tells_no_withheld_count(house: House, told: list[dg.DagsterEvent]) -> None:
    folder = house.folders.settings.releases / MONTH / "r1"
    documents = {
        "manifest": (folder / "manifest.json").read_text(encoding="utf-8"),
        "page": content((folder / "dashboard.html").read_text(encoding="utf-8")),
        "index": content((house.home / "index.html").read_text(encoding="utf-8")),
        "event log": metadata_of(told),
    }
    assert found_in(documents, house) == {}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def test_a_blocked_month_tells_no_count_of_a_small_area(house: House, instance: dg.DagsterInstance) -> None:
    house.edit(
        f"""insert into welfare.perubahan (family_id, kode_kabupaten, nama_kabupaten, sebab, desil, desil_lalu, selisih)
        select concat('K', range), case when range < {SMALL} then '3599' else '3501' end, 'Kecil', 'data_baru', 5, 5,
            case when range < 23 then 2 else 0 end
        from range(3000)"""
    )
    asked = [
        check
        for check in checks
        if dg.AssetKey(["welfare", "perubahan"]) in {key.asset_key for key in check.check_keys}
    ]
    done = dg.materialize(
        [*(defs().assets or ()), *asked],
        # An asset beside them, or Dagster asks for no month.
        selection=dg.AssetSelection.assets("intermediate/int_susenas") | dg.AssetSelection.checks(*asked),
        partition_key=MONTH,
        resources={"folders": house.folders},
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    (one,) = [e for e in done.get_asset_check_evaluations() if e.check_name == "perubahan_massal_daerah"]
    assert not one.passed
    page = blocked.path(house.folders.settings, MONTH).read_text(encoding="utf-8")
    log = log_of(instance, done.run_id)
    assert "3599 Kecil" in log and "3599 Kecil" in page and "20-40 %" in page
    documents = {
        "page": content(page),
        "event log": log,
        "index": content((house.home / "index.html").read_text("utf-8")),
    }
    assert found_in(documents, house, SMALL) == {}
    with store.open(house.folders.settings) as book:
        kept = book.con.execute("select nilai from mutu where ukuran like '3599 Kecil%'").fetchall()
    assert (23 / SMALL,) in kept, "the encrypted registry keeps what was measured"
