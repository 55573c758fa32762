"""Explain: who is not found is told why, and who is found is shown as the month really joined them."""

from __future__ import annotations

import json
import re
import stat
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import linked_month
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from linked_month import MONTH, NIK_BUDI, NIK_SITI
from rich.console import Console
from typer.testing import CliRunner

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.cli import app
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.person import gather, shapes, terminal, weights
from dtsen_pipeline.explain.person.page import html
from dtsen_pipeline.explain.person.shapes import Explanation
from dtsen_pipeline.linkage import model
from dtsen_pipeline.registry import audit, ledger, store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.review import intake, records

# Ids of the months before: one person's records left, and two persons have since turned out to be one.
RETIRED, KEPT, MERGED, FIRST = (f"P{n:016d}" for n in range(1, 5))
FAMILY = "K0000000000000001"
EARLIER = {
    "2025-01": {"regsosek:RA1": FIRST},
    "2025-02": {"dtks:LAMA": RETIRED, "dtks:DA1": KEPT, "p3ke:PA1": KEPT, "regsosek:RA1": MERGED},
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A released month, the months before in the registry alone, and a reviewer who joined two records that no pair joins."""
    settings = Settings(home=tmp_path_factory.mktemp("jelaskan") / "home")
    settings.home.mkdir()
    names = ("source", "record_id", "person_id", "family_id")
    for month, persons in EARLIER.items():
        rows = [(*uid.split(":"), person, FAMILY) for uid, person in persons.items()]
        file = settings.home / f"{month}.parquet"
        pq.write_table(
            pa.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}), file
        )
        with store.open(settings) as book:
            entry = Release(month, 1, file, month, datetime.now(UTC), ledger.PUBLISHED)
            book.record(entry, f"read_parquet('{file}')", {"rekaman": len(rows)}, "uji")
    sheet = settings.home.parent / "antrean.csv"
    sheet.write_text(
        "putusan,pemutus,tanggal,alasan,record_l,record_r,stratum,peluang_terpilih,bobot\n"
        "sama,Ani,2025-03-20,dikenal <i>kepala dusun,p3ke:PA8,dtks:DA5,,,\n"
    )
    intake.read_decisions(settings, sheet)
    linked_month.make(settings)
    return settings


def of(settings: Settings, record: str) -> Explanation:
    (found,) = gather.explain_person(settings, linked_month.person_of(settings, record))
    return found


def trail(settings: Settings) -> list[dict[str, object]]:
    return [json.loads(line) for line in audit.path(settings).read_text().splitlines()]


# --- who is asked for


@pytest.mark.parametrize("typed", [f"{NIK_SITI}\n", f" {NIK_SITI}"])
def test_a_nik_is_read_from_the_input_so_that_no_list_of_processes_shows_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(settings.home))
    done = CliRunner().invoke(app, ["explain", "-", "--home", str(settings.home)], input=typed)
    assert done.exit_code == 0 and "SITI" in done.output
    assert trail(settings)[-1]["cari"] == "nik" and NIK_SITI not in audit.path(settings).read_text()
    nothing = CliRunner().invoke(app, ["explain", "-", "--home", str(settings.home)], input="")
    assert isinstance(nothing.exception, InputError)


# --- who is not found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("PFFFFFFFFFFFFFFFF", "tidak dikenal / is not known"),
        ("3519142003790009", "nobody carries that NIK in month 2025-03"),
        ("BUDI SANTOSO", "neither a person id nor a NIK"),
        (RETIRED, "was retired in 2025-03"),
        (MERGED, f"was merged into {KEPT} in 2025-03"),
        (FIRST, f"was merged into {MERGED} in 2025-02, yang kini / which now is {KEPT}"),
        ("KFFFFFFFFFFFFFFFF", "that family is not in month 2025-03"),
    ],
)
def test_who_is_not_found_is_told_why_and_what_to_do(settings, wanted, expected):
    with pytest.raises(InputError) as caught:
        gather.explain_person(settings, wanted)
    assert expected in str(caught.value)
    assert "Tindakan/action" in str(caught.value)


@pytest.mark.parametrize("wanted", ["BUDI SANTOSO", "3519142003790009", "35191420037900019"])
def test_what_was_typed_is_never_repeated_where_it_may_be_personal(settings, wanted):
    with pytest.raises(InputError) as caught:
        gather.explain_person(settings, wanted)
    assert wanted not in str(caught.value)
    assert wanted not in audit.path(settings).read_text()


def test_an_id_that_is_gone_leads_to_its_month(settings):
    for wanted in (RETIRED, MERGED):
        with pytest.raises(InputError, match=f"dtsen explain {wanted} --month 2025-02"):
            gather.explain_person(settings, wanted)


def test_a_family_names_its_members(settings):
    family = of(settings, "dtks:DA1").families[0]
    with pytest.raises(InputError, match=linked_month.person_of(settings, "dtks:DA2")):
        gather.explain_person(settings, family)


def test_a_month_that_is_not_there_and_a_target_that_is_no_page_are_refused(settings, tmp_path):
    with pytest.raises(InputError, match="2025-02"):
        gather.explain_person(settings, KEPT, "2025-02")
    with pytest.raises(InputError, match="unknown suffix"):
        gather.explain_person(settings, KEPT, to=tmp_path / "orang.pdf")
    with pytest.raises(InputError, match="no released month"):
        gather.explain_person(Settings(home=tmp_path / "kosong"), KEPT)
    assert not (tmp_path / "kosong" / "registry.duckdb").exists(), "a search makes no registry"


# --- who is found


def test_a_nik_finds_everybody_who_carries_it_even_where_it_was_taken_for_damage(settings):
    found = {one.person_id for one in gather.explain_person(settings, NIK_BUDI)}
    assert found == {linked_month.person_of(settings, record) for record in ("dtks:DA1", "dtks:DA3")}


def test_an_id_may_be_typed_small(settings):
    (found,) = gather.explain_person(settings, f" {KEPT.lower()} ")
    assert found.person_id == KEPT


def test_the_weights_by_column_add_up_to_the_weight_the_month_used(settings):
    with records.open_month(settings, None) as (_, con):
        stored = {
            (one, other): weight
            for one, other, weight in con.execute(
                """select node_l, node_r, match_weight from linkage.pasangan
                union select node_l, node_r, match_weight from linkage.pasangan_dalam_keluarga"""
            ).fetchall()
        }
        found = weights.compute_weights(con, set(stored))
    assert len(found) == len(stored) >= 6
    for pair, steps in found.items():
        assert steps[-1].after == pytest.approx(stored[pair], abs=1e-6)
        assert sum(step.weight for step in steps) == pytest.approx(stored[pair], abs=1e-6)
        assert steps[0].before == 0
        assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]
        assert {step.column for step in steps[1:]} == set(shapes.COLUMNS.values())


def test_the_path_joins_all_records_with_the_fewest_pairs(settings):
    budi = of(settings, "dtks:DA1")
    assert [record["record_uid"] for record in budi.records] == ["dtks:DA1", "p3ke:PA1", "regsosek:RA1"]
    assert [(link.place, link.other, link.why) for link in budi.path] == [(1, 2, "langsung"), (1, 3, "kelompok")]
    grades = {str(step.column): str(step.grade) for step in budi.path[0].steps if "umum" not in str(step.grade)}
    assert grades["NIK"] == "sama / same"
    assert grades["tanggal lahir / birth date"] == "hari dan bulan sama, tahun beda / day and month same, another year"
    assert grades["tempat lahir / birthplace"] == "tidak ada / missing"


def test_of_the_pairs_that_say_the_same_the_heaviest_are_the_path(settings):
    siti = of(settings, "dtks:DA2")
    assert [record["record_uid"] for record in siti.records] == ["dtks:DA2", "p3ke:PA2", "regsosek:RA2"]
    with records.open_month(settings, None) as (_, con):
        pairs = con.execute(
            """select p.match_weight from linkage.pasangan as p
            inner join linkage.simpul as l on p.node_l = l.unique_id and l.wakil in ('dtks:DA2', 'p3ke:PA2', 'regsosek:RA2')
            inner join linkage.simpul as r on p.node_r = r.unique_id and r.wakil in ('dtks:DA2', 'p3ke:PA2', 'regsosek:RA2')
            order by 1 desc"""
        ).fetchall()
    assert len(pairs) == 3
    assert [link.weight for link in siti.path] == [pytest.approx(weight) for (weight,) in pairs[:2]]


def test_what_differs_from_most_records_is_pointed_out(settings):
    budi, siti = of(settings, "dtks:DA1"), of(settings, "dtks:DA2")
    assert budi.outlier("tgl_lahir") == (False, True, False)
    assert budi.outlier("nama") == (False, False, False)
    assert siti.records[0]["nik"] == NIK_SITI
    assert not any(siti.outlier("nik")), "what one record does not say is no disagreement"


def test_refused_merges_say_with_whom_and_why(settings):
    twin = of(settings, "dtks:DA4")
    other = linked_month.person_of(settings, "dtks:DA3")
    assert other != twin.person_id
    assert {(link.other, link.person_id, link.why) for link in twin.refused} == {
        ("dtks:DA3", other, "roster"),
        ("p3ke:PA3", other, "roster"),
    }
    assert all(link.weight > model.THRESHOLD and link.steps for link in twin.refused)
    assert twin.near == ()


def test_near_misses_are_other_persons_below_the_threshold(settings):
    (near,) = of(settings, "dtks:DA1").near
    assert (near.place, near.other, near.person_id) == (1, "p3ke:PA9", linked_month.person_of(settings, "p3ke:PA9"))
    assert near.weight is not None
    assert near.weight < model.THRESHOLD


def test_a_decision_is_part_of_the_path_and_listed(settings):
    slamet = of(settings, "dtks:DA5")
    assert [record["record_uid"] for record in slamet.records] == ["dtks:DA5", "p3ke:PA8"]
    assert [(link.place, link.other, link.why) for link in slamet.path] == [(1, 2, "keputusan")]
    assert [(one.putusan, one.pemutus) for one in slamet.decisions] == [("sama", "Ani")]


def test_the_history_says_what_became_of_the_id(settings):
    budi = of(settings, "dtks:DA1")
    assert budi.person_id == KEPT
    assert budi.released
    assert ("2025-03", Bilingual("menerima", "took in"), MERGED) in budi.events
    assert ("2025-02", Bilingual("dibuat", "created"), "") in budi.events
    assert {(record, start, end) for record, _, start, end in budi.validity} >= {("regsosek:RA1", "2025-03", "")}


def test_a_month_that_is_not_released_is_marked(settings):
    month = "2025-04"
    settings.warehouse(month).write_bytes(settings.warehouse(MONTH).read_bytes())
    (found,) = gather.explain_person(settings, KEPT, month)
    settings.warehouse(month).unlink()
    assert not found.released
    assert "belum terbit" in html([found])


# --- what is shown


def shown(explanation: Explanation, width: int) -> str:
    console = Console(width=width, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115
    terminal.show_persons([explanation], console)
    return console.export_text()


@pytest.mark.parametrize("width", [80, 160])
def test_the_text_fits_the_terminal_and_has_all_records(settings, width):
    text = shown(of(settings, "dtks:DA1"), width)
    assert max(map(len, text.splitlines())) <= width
    for expected in ("[1] dtks:DA1", "[2] p3ke:PA1", "[3] regsosek:RA1", "1980-03-20 ≠", "jumlah / sum", "took in"):
        assert expected in text


def test_markup_in_a_name_is_text(settings):
    assert "SITI <b>AMINAH" in shown(of(settings, "dtks:DA2"), 120)


class Page(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_the_page_stands_alone_runs_nothing_and_escapes_everything(settings, tmp_path):
    to = tmp_path / "orang.html"
    gather.explain_person(settings, linked_month.person_of(settings, "dtks:DA2"), to=to)
    gather.explain_person(settings, linked_month.person_of(settings, "dtks:DA5"), to=tmp_path / "slamet.html")
    text = to.read_text()
    page = Page(text)
    assert "SITI &lt;b&gt;AMINAH" in text
    assert "b" not in page.tags
    assert "i" not in Page((tmp_path / "slamet.html").read_text()).tags
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href")]
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"url\(|@import|https?:", text)


def test_the_page_is_private_and_says_what_the_text_says(settings, tmp_path):
    to = tmp_path / "orang.html"
    found = gather.explain_person(settings, NIK_BUDI, to=to)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["orang.html"]
    text = to.read_text()
    for one in found:
        assert one.person_id in text
        assert all(record["record_uid"] in text and record["asal"] in text for record in one.records)
        assert all(link.person_id in text for link in (*one.refused, *one.near))


def test_every_explanation_is_on_the_trail_without_a_nik(settings, tmp_path):
    before = len(trail(settings))
    found = gather.explain_person(settings, NIK_BUDI, to=tmp_path / "orang.html")
    with pytest.raises(InputError):
        gather.explain_person(settings, "3519142003790009")
    first, second = trail(settings)[before:]
    assert (first["tindakan"], first["bulan"], first["cari"], first["berkas"]) == (
        "penjelasan",
        MONTH,
        "nik",
        "orang.html",
    )
    assert first["orang"] == " ".join(one.person_id for one in found)
    assert (second["orang"], second["cari"]) == ("", "nik"), "a search in vain is noted too"
    assert NIK_BUDI not in audit.path(settings).read_text()
    assert audit.verify_chain(settings) == before + 2


def test_the_command_prints_text_or_writes_the_page(settings, monkeypatch, tmp_path):
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(settings.home))
    options = ["explain", KEPT, "--home", str(settings.home)]
    assert "dtks:DA1" in CliRunner().invoke(app, options).output
    done = CliRunner().invoke(app, [*options, "--to", str(tmp_path / "orang.html")])
    assert "1 orang / persons" in done.output
    assert "BUDI" not in done.output
    assert (tmp_path / "orang.html").exists()
