"""The pages in a real Chromium: nothing goes wrong or out, anybody can read them, and no name does harm.

Needs playwright, axe-playwright-python and a Chromium: that of $CHROMIUM, one in PATH, or playwright's own. Without them the
tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from dtsen_pipeline.bilingual import Bilingual, same
from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard import index, page, server
from dtsen_pipeline.dashboard.collect import collect
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.storage import warehouse

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from page_fixture import BROKEN, EVIL, GOOD, UNANSWERED, WARNING, fill, past  # noqa: E402

FORMULA = '=HYPERLINK("http://jahat.example","KLIK")'
LARGEST = 3_000_000
"""Bytes that the page of a month of a million persons may have."""
PHONE = {"width": 390, "height": 844}
PAGES = ("terbit", "tertahan", "berhenti", "indeks")
MONTHS = [f"2024-{n:02d}" for n in range(4, 13)] + ["2025-01", "2025-02"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        named = os.environ.get("CHROMIUM")
        found = [named] if named else [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
        path = next(
            (path for path in [*found, playwright.chromium.executable_path] if path and Path(path).exists()), None
        )
        if path is None:
            pytest.skip("no Chromium: name one by $CHROMIUM, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def country(con: duckdb.DuckDBPyConnection) -> None:
    """Areas as of the whole country: 38 provinces and 514 regencies, one of them with a name that would like to do harm."""
    con.execute(
        """
        create or replace table publikasi.terbuka as
        with kabupaten as (select range as n, (1100 + range)::varchar as kode, (11 + range % 38)::varchar as prov from range(514)),
        wilayah as (
            select distinct 1 as tingkat, 'ID/' || prov as jalur, prov as kode_provinsi, 'Provinsi ' || prov as nama_provinsi,
                null as kode_kabupaten, null as nama_kabupaten, 5 * (prov::integer * 37 % 900) as keluarga from kabupaten
            union all
            select 2, 'ID/' || prov || '/' || kode, prov, 'Provinsi ' || prov, kode,
                case when n = 7 then ? else 'Kabupaten ' || n end, 5 * (n * 7919 % 40000) from kabupaten
        )
        select w.* exclude (keluarga), range as desil, case when n.range = 0 then w.keluarga else w.keluarga // 10 end as keluarga,
            3 * w.keluarga as orang
        from wilayah as w cross join range(11) as n
        """,
        [FORMULA],
    )
    con.execute(
        "create or replace table linkage.pasangan as select (range % 70 - 12)::double as match_weight from range(5000)"
    )
    con.execute("create table linkage.tolakan as select 'roster' as alasan from range(40)")
    con.execute("create table linkage.keputusan as select 1 as x from range(7)")
    con.execute(
        """create or replace table linkage.crosswalk as
        select 'dtks' as source, range::varchar as record_id, 'P' || range as person_id, 'K' || range // 2 as family_id
        from range(600)"""
    )
    con.execute("create table linkage.penetapan_lalu as select * from linkage.crosswalk limit 590")
    con.execute("update raw.deliveries set passed_over = ?", [EVIL])


def rules() -> list[Verdict]:
    """As many rules as the gate has, with as many measures as the longest of them."""
    rule = GOOD[0].rule
    measures = tuple((f"kabupaten {n} {FORMULA}", 0.001 * n) for n in range(20))
    named = [replace(rule, name=f"aturan_{n}", statement=replace(rule.statement, id=f"{EVIL} {n}")) for n in range(60)]
    return [Verdict(one, True, None, measures, same("")) for one in named]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The four kinds of page, written as a release and a blocked month leave them."""
    home = tmp_path_factory.mktemp("rumah")
    months = [past(month, **{f"aturan_{n}": 0.04 for n in range(60)}, nik_rusak=0.07) for month in MONTHS]
    volume = Rule(
        "volume_kiriman", "raw.deliveries", Bilingual("a", "b"), "c", Bilingual("d", "e"), minimum=0.8, maximum=1.25
    )
    measured = Verdict(volume, False, None, (("dtks anggota", 0.545),), same(""))
    with warehouse.connect(None) as con:
        early = collect(con, "2025-03", [UNANSWERED], months)
        fill(con)
        country(con)
        published = collect(con, "2025-03", [*GOOD, *rules(), WARNING, measured], months, revision=2)
        held = collect(con, "2025-03", [*GOOD, BROKEN, WARNING], months)
    entries = [
        index.Entry(month, ((1, f"releases/{month.month}/r1/dashboard.html", "terbit"),), None) for month in months
    ]
    entries.append(index.Entry(past("2025-03", revision=None), (), "tertahan/2025-03.html"))
    texts = {
        "terbit": page.render_page(replace(published, state="terbit")),
        "tertahan": page.render_page(held),
        "berhenti": page.render_page(early),
        "indeks": index.render_index(entries),
    }
    places = {
        "terbit": home / "releases" / "2025-02" / "r1" / "dashboard.html",
        "tertahan": home / "tertahan" / "2025-03.html",
        "berhenti": home / "berhenti.html",
        "indeks": home / "index.html",
    }
    for name, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(texts[name], encoding="utf-8")
    return places


@dataclass
class Seen:
    """An open page, and what the browser said of it."""

    tab: sync_api.Page
    complaints: list[str]
    requests: list[str]


@pytest.fixture
def look(chromium: sync_api.Browser) -> Iterator[object]:
    """Opens an address and notes every console message, error, dialog and request."""
    contexts = []

    def opened(address: str, **options: object) -> Seen:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        seen = Seen(context.new_page(), [], [])
        seen.tab.on("console", lambda message: seen.complaints.append(message.text))
        seen.tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.tab.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
        seen.tab.on("request", lambda request: seen.requests.append(request.url))
        seen.tab.goto(address)
        return seen

    yield opened
    for context in contexts:
        context.close()


def unfold(tab: sync_api.Page) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    tab.evaluate("document.querySelectorAll('.buka[aria-expanded=false]').forEach(b => b.click())")


@pytest.mark.parametrize("name", PAGES)
def test_the_browser_has_no_complaint_and_nothing_is_asked_of_anybody(look, pages, name):
    seen = look(pages[name].as_uri())
    unfold(seen.tab)
    seen.tab.click("#bahasa")
    for head in seen.tab.locator("table.urut thead button:visible").all()[:6]:
        head.click()
    assert seen.complaints == []
    assert seen.requests == [pages[name].as_uri()]


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("terbit", 1280, "light"),
        ("terbit", 390, "dark"),
        ("tertahan", 1280, "dark"),
        ("berhenti", 390, "light"),
        ("indeks", 1280, "light"),
        ("indeks", 390, "dark"),
    ],
)
def test_axe_finds_nothing(look, pages, name, width, scheme):
    # The policy forbids any script but the page's own, so axe is let in past it.
    seen = look(pages[name].as_uri(), viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    unfold(seen.tab)
    # The long tables repeat one row, and axe takes ten seconds for all of them.
    seen.tab.evaluate("document.querySelectorAll('tbody tr:nth-child(n+8)').forEach(r => r.remove())")
    assert violations(seen.tab) == []


def test_axe_finds_nothing_on_a_phone_that_has_not_unfolded_anything(look, pages):
    tab = look(pages["tertahan"].as_uri(), viewport=PHONE, bypass_csp=True).tab
    assert tab.locator(".buka:visible").count() == 3
    assert violations(tab) == []


def violations(tab: sync_api.Page) -> list[tuple[str, str]]:
    found = axe.Axe().run(tab).response
    assert len(found["passes"]) > 20
    return [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(look, pages, name):
    for width in (390, 320):
        tab = look(pages[name].as_uri(), viewport={"width": width, "height": 800}).tab
        unfold(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_names_stay_text(look, pages):
    seen = look(pages["terbit"].as_uri())
    unfold(seen.tab)
    assert seen.complaints == []
    text = seen.tab.inner_text("body")
    assert EVIL in text and FORMULA in text
    assert seen.tab.locator("script").count() == 1
    assert seen.tab.locator("a[href^='http']").count() == 0


def test_the_policy_stops_a_script_that_got_in(look, pages, tmp_path):
    spoiled = tmp_path / "rusak.html"
    text = pages["terbit"].read_text(encoding="utf-8")
    spoiled.write_text(
        text.replace("</main>", "<script>alert(1)</script><img src='http://127.0.0.1:9/x'></main>"), encoding="utf-8"
    )
    seen = look(spoiled.as_uri())
    assert len(seen.complaints) == 2 and all("Content Security Policy" in complaint for complaint in seen.complaints)


def test_the_language_is_switched_by_keyboard_and_numbers_with_it(look, pages):
    tab = look(pages["terbit"].as_uri()).tab
    assert (tab.title(), tab.get_attribute("html", "lang")) == ("DTSEN Maret 2025", "id")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "lompat"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert (tab.title(), tab.get_attribute("html", "lang")) == ("DTSEN March 2025", "en")
    assert tab.locator("#putusan h1").inner_text() == "March 2025"
    unfold(tab)
    assert "1,100" not in tab.inner_text("#kiriman") and "880–1,375" in tab.inner_text("#kiriman")
    tab.keyboard.press("Enter")
    assert "880–1.375" in tab.inner_text("#kiriman")


def test_every_part_is_reached_by_tab_and_tables_are_sorted_by_enter(look, pages):
    tab = look(pages["terbit"].as_uri()).tab
    summary = tab.locator("summary:has-text('Tabel menurut kabupaten/kota')")
    summary.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.type("kabupaten 12")
    assert tab.locator("#kabupaten tbody tr:visible").count() == 11  # 12 and 120 to 129
    tab.keyboard.press("Control+A")
    tab.keyboard.press("Delete")
    head = tab.locator("#kabupaten thead button:has-text('Ber-desil')")
    head.focus()
    counts = [5 * (n * 7919 % 40000) for n in range(514)]
    for order, first in (("descending", max(counts)), ("ascending", min(counts))):
        tab.keyboard.press("Enter")
        assert tab.locator("#kabupaten th[aria-sort]").get_attribute("aria-sort") == order
        assert tab.locator("#kabupaten tbody tr").first.locator("td.n").first.inner_text() == f"{first:,}".replace(
            ",", "."
        )
    # Whatever scrolls can be scrolled by keyboard.
    assert tab.evaluate("[...document.querySelectorAll('.gulir')].every(part => part.tabIndex === 0)")


def test_on_a_phone_what_is_long_is_folded_and_what_failed_is_not(look, pages):
    tab = look(pages["terbit"].as_uri(), viewport=PHONE).tab
    rows = "#lipat-aturan tbody tr:visible"
    assert tab.locator(rows).count() == tab.locator(f"{rows} .tanda:not(.baik)").count() == 2
    folded = height(tab)
    tab.evaluate("document.querySelectorAll('.buka').forEach(b => b.click())")
    assert folded < height(tab) / 3


def test_folded_parts_are_opened_and_closed_by_keyboard(look, pages):
    tab = look(pages["terbit"].as_uri(), viewport=PHONE).tab
    opener = tab.locator(".buka[aria-controls='lipat-aturan']")
    opener.focus()
    for key, expanded, shown in (("Enter", "true", 64), ("Space", "false", 2)):
        tab.keyboard.press(key)
        assert opener.get_attribute("aria-expanded") == expanded
        assert tab.locator("#lipat-aturan tbody tr:visible").count() == shown
    for part, inside in (("lipat-b-provinsi", ".b-baris"), ("lipat-istilah", "dt")):
        opener = tab.locator(f".buka[aria-controls='{part}']")
        assert tab.locator(f"#{part} {inside}:visible").count() == 0
        opener.press("Enter")
        assert tab.locator(f"#{part} {inside}:visible").count() == tab.locator(f"#{part} {inside}").count() > 5


def test_a_link_leads_to_a_folded_rule(look, pages):
    tab = look(pages["terbit"].as_uri(), viewport=PHONE).tab
    link = tab.locator("#selisih a[href^='#aturan-']").first
    row = tab.locator(link.get_attribute("href"))
    assert row.is_hidden()
    link.click()
    assert row.is_visible() and tab.evaluate("e => e.getBoundingClientRect().top", row.element_handle()) < 844


@pytest.mark.parametrize("how", ["wide", "paper", "no script"])
def test_nothing_is_folded_on_a_desk_on_paper_or_without_scripts(look, pages, how):
    tab = look(pages["terbit"].as_uri(), viewport=PHONE, java_script_enabled=how != "no script").tab
    if how == "wide":
        tab.set_viewport_size({"width": 1280, "height": 900})
    if how == "paper":
        tab.emulate_media(media="print")
    assert tab.locator(".lipat").count() > 60 and tab.locator(".lipat:visible").count() == tab.locator(".lipat").count()
    assert tab.locator(".buka").count() == 3 and tab.locator(".buka:visible").count() == 0


def height(tab: sync_api.Page) -> int:
    return tab.evaluate("document.documentElement.scrollHeight")


def test_without_scripts_everything_is_there_but_the_switch(look, pages):
    tab = look(pages["terbit"].as_uri(), java_script_enabled=False).tab
    assert tab.locator("#bahasa").is_hidden() and tab.locator("#saring").is_hidden()
    assert tab.locator("#putusan .kata").is_visible() and tab.locator("#b-peta").is_visible()
    assert tab.locator("h2:visible").count() >= 10


def test_on_paper_the_short_tables_are_open_and_the_menus_gone(look, pages):
    tab = look(pages["terbit"].as_uri(), color_scheme="dark").tab
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("nav").is_hidden() and tab.locator("#bahasa").is_hidden()
    assert tab.locator("#corong table").first.is_visible() and tab.locator("#kabupaten").is_hidden()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("#corong details[open]").count() == 0
    assert len(tab.pdf()) > 10_000


def test_dark_mode_is_dark(look, pages):
    light, dark = (look(pages["terbit"].as_uri(), color_scheme=scheme).tab for scheme in ("light", "dark"))
    shade = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).reduce((a, b) => a + Number(b), 0)"
    assert light.evaluate(shade) > 600 > 150 > dark.evaluate(shade)


def test_the_largest_page_is_light_and_quick(look, pages):
    assert pages["terbit"].stat().st_size < LARGEST
    started = time.monotonic()
    tab = look(pages["terbit"].as_uri()).tab
    tab.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    assert tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < 2000
    assert time.monotonic() - started < 10


def test_the_served_index_leads_to_the_pages_under_their_policy(look, pages):
    with server.serving(Settings(home=pages["indeks"].parent)) as (running, address):
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            seen = look(address)
            seen.tab.locator("a[href='releases/2025-02/r1/dashboard.html']").first.click()
            assert seen.tab.locator("#putusan h1").inner_text() == "Maret 2025"
            seen.tab.click("#bahasa")
            assert seen.complaints == []
            assert seen.requests == [address, f"{address}releases/2025-02/r1/dashboard.html"]
        finally:
            running.shutdown()
            thread.join()
