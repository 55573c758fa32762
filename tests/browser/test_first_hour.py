"""A new user's first hour, in a real Chromium: find the job, make a month by clicking, watch it, look at what it made, see why a
spoiled month was held back, read its page.

With DTSEN_PICTURES naming a folder, what the user sees is kept there as pictures (those of docs/gambar).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import year
from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.config import Settings
from dtsen_pipeline.release import catalogue
from tests.integration.conftest import KEY, rewrite
from tests.integration.test_front import STATE, TURN_ON

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
GOOD, SPOILED = "2025-03", "2025-04"
PATIENCE = 180_000
# What a page of another site can make a browser send to the UI; returns what became of the socket.
ORDERS = """async ([address, query]) => {
  const body = JSON.stringify({query}), named = `${address}/graphql?query=${encodeURIComponent(query)}`;
  const way = {method: 'POST', credentials: 'include', body};
  const picture = Object.assign(new Image(), {src: named});
  await Promise.allSettled([
    fetch(`${address}/graphql`, {...way, mode: 'no-cors', headers: {'Content-Type': 'text/plain'}}),
    fetch(`${address}/graphql`, {...way, headers: {'Content-Type': 'application/json'}}),
    fetch(named, {mode: 'no-cors', credentials: 'include'}),
    picture.decode(),
  ]);
  return await new Promise(told => {
    const line = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-ws');
    line.onopen = () => told('open');
    line.onerror = () => told('closed');
  });
}"""


@dataclass(frozen=True)
class Ui:
    """What a user has before them: the page, the address, the home behind it, and what went wrong or out meanwhile."""

    page: sync_api.Page
    address: str
    settings: Settings
    complaints: list[str]

    def picture(self, name: str) -> None:
        if folder := os.environ.get("DTSEN_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def settle(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(1500)

    def launch(self, month: str) -> None:
        """Materialise ``month`` from the job's page, by clicking."""
        self.page.goto(f"{self.address}/locations/dtsen/jobs/bulanan")
        self.page.get_by_role("button", name="Materialize all…").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_placeholder("ex: ").fill(month)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Tab")
        dialog.get_by_role("button", name="Launch 1 run").click()
        dialog.wait_for(state="detached")

    def outcome(self, month: str) -> str:
        """Wait on the page of runs until the newest, that of ``month``, has ended; how it ended."""
        self.page.goto(f"{self.address}/runs?q[0]=tag:dagster/partition={month}")
        ended = self.page.get_by_text("Success", exact=True).or_(self.page.get_by_text("Failure", exact=True)).first
        ended.wait_for(timeout=PATIENCE)
        return ended.inner_text()


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: apt-get install chromium")
    base = tmp_path_factory.mktemp("pertama")
    landing, home = base / "landing", base / "home"
    write_foreign_month(300, 5, GOOD, landing)
    shutil.copytree(landing / GOOD, landing / SPOILED)
    rewrite(landing / SPOILED / "dtks" / "anggota.csv", lambda rows: [{**row, "nik": row["nama"]} for row in rows])
    environment = {
        "DTSEN_LANDING": str(landing),
        "DTSEN_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
        "DTSEN_KEY": KEY,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DAGSTER_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        with year.served(base / "log") as login, sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
            )
            page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
            page.set_default_timeout(PATIENCE)
            complaints: list[str] = []
            address = login.partition("/?")[0]
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on(
                "request", lambda request: None if _inside(request.url, address) else complaints.append(request.url)
            )
            page.goto(login)
            assert page.url.startswith(address) and "token" not in page.url
            yield Ui(page, address, Settings(), complaints)
            browser.close()


def _inside(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:", "file:", address.replace("http", "ws", 1)))


def sensor(ui: Ui) -> str:
    asked = "async query => (await fetch('/graphql', {method: 'POST', headers: {'Content-Type': 'application/json'}, "
    asked += "body: JSON.stringify({query})})).json()"
    told: dict[str, dict[str, dict[str, dict[str, str]]]] = ui.page.evaluate(asked, STATE)
    return told["data"]["sensorOrError"]["sensorState"]["status"]


@pytest.mark.parametrize("site", ["http://jahat.example", "http://127.0.0.1:8099", "http://localhost:8099"])
def test_no_other_page_of_the_same_browser_gives_the_ui_orders(ui: Ui, site: str) -> None:
    ui.page.goto(ui.address)
    other = ui.page.context.new_page()
    other.set_default_timeout(PATIENCE)
    form = f"<form method='post' enctype='text/plain' action='{ui.address}/graphql'><button>menang</button></form>"
    other.route(f"{site}/**", lambda route: route.fulfill(content_type="text/html", body=form))
    other.goto(f"{site}/")
    assert other.evaluate(ORDERS, [ui.address, TURN_ON]) == "closed"
    other.get_by_role("button").click()
    other.get_by_text("ditolak / refused").wait_for()
    other.close()
    assert sensor(ui) == "STOPPED"


def test_the_job_is_found_and_a_month_is_made_by_clicking(ui: Ui) -> None:
    ui.page.goto(ui.address)
    ui.page.get_by_role("link", name="Jobs").click()
    ui.page.get_by_role("link", name="bulanan").first.click()
    ui.settle()
    ui.picture("pekerjaan")
    ui.launch(GOOD)
    assert ui.outcome(GOOD) == "Success"
    ui.picture("jalan")
    standing = catalogue.current(ui.settings)
    assert standing is not None and standing.name == f"{GOOD}/r1"


def test_an_asset_shows_its_rows_its_columns_and_where_they_come_from(ui: Ui) -> None:
    ui.page.goto(f"{ui.address}/assets/welfare/desil?partition={GOOD}")
    ui.settle()
    ui.page.get_by_text("desil_nasional").first.wait_for()
    ui.picture("aset")
    ui.page.goto(f"{ui.address}/asset-groups")
    for group in ("landing", "staging", "linkage", "registry", "welfare", "release"):
        ui.page.get_by_text(group, exact=True).first.wait_for()
    ui.settle()
    ui.picture("graf")


def test_a_picture_stands_in_an_assets_metadata(ui: Ui) -> None:
    ui.page.goto(f"{ui.address}/assets/linkage/pasangan?partition={GOOD}")
    ui.settle()
    ui.page.get_by_text("Show Markdown").last.click()
    images = ui.page.get_by_role("dialog").locator("img[src^='data:image/']")
    images.first.wait_for()
    assert images.first.evaluate("image => image.complete && image.naturalWidth > 100")
    ui.picture("gambar")


def test_a_spoiled_month_is_held_back_and_the_failed_check_says_why(ui: Ui) -> None:
    ui.launch(SPOILED)
    assert ui.outcome(SPOILED) == "Failure"
    ui.page.goto(f"{ui.address}/assets/intermediate/int_person_record?view=checks&checkDetail=nik_sah")
    ui.page.get_by_text("Failed", exact=True).first.wait_for()
    ui.settle()
    ui.picture("pemeriksaan")
    standing = catalogue.current(ui.settings)
    assert standing is not None and standing.name == f"{GOOD}/r1"


def test_the_pages_of_both_months_open_from_disk_in_two_languages(ui: Ui) -> None:
    for file, word in (
        (ui.settings.releases / GOOD / "r1" / "dashboard.html", "TERBIT"),
        (ui.settings.home / "tertahan" / f"{SPOILED}.html", "DITAHAN"),
    ):
        ui.page.goto(file.as_uri())
        assert word in ui.page.locator("body").inner_text().upper()
        ui.picture(file.stem)
        before = ui.page.locator("h1, h2").all_inner_texts()
        ui.page.get_by_text("English", exact=True).first.click()
        assert ui.page.locator("h1, h2").all_inner_texts() != before
        # What was chosen is remembered from page to page.
        ui.page.get_by_text("Bahasa Indonesia", exact=True).first.click()


def test_nothing_went_wrong_and_nothing_went_out(ui: Ui) -> None:
    assert ui.complaints == []
