"""Does a year of months, backfilled as the UI does it, come out in order, with ids that last?

What belongs here: one command that simulates the months, starts webserver and daemon, launches one backfill over all of them by the
request that the UI sends, and says what came of it: the order, the releases, how many persons kept their id, what the index shows.

    python -m benchmarks.year --persons 3000 --seed 7 [--months 12] [--work build/year]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dtsen_pipeline import simulation
from dtsen_pipeline.config import Settings
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import catalogue

BACKFILL = """mutation($months: [String!]) {
  launchPartitionBackfill(backfillParams: {partitionNames: $months, selector: {
    partitionSetName: "bulanan_partition_set", repositorySelector: {
      repositoryLocationName: "dtsen", repositoryName: "__repository__"}}}) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
RUNS = "{ runsOrError { ... on Runs { results { status startTime tags { key value } } } } }"

STARTING_SECONDS = 600


def _ask(address: str, query: str, **variables: Any) -> Any:
    """Log in at ``address`` (``served``) and ask, as a page of the UI does."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.open(address, timeout=60).close()
    origin = address.partition("/?")[0]
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{origin}/graphql", body, {"Content-Type": "application/json", "Origin": origin})
    with browser.open(request, timeout=60) as answer:
        return json.load(answer)["data"]


@contextmanager
def served(log: Path, *options: str) -> Iterator[str]:
    """Address to log in at of `dtsen ui`, with its daemon, over the folders that the environment names; both end with the block."""
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", "ui", "--port", "0", *options]
    with log.open("w") as told, subprocess.Popen(command, stdout=told, stderr=told) as server:
        try:
            deadline = time.monotonic() + STARTING_SECONDS
            while not (found := re.search(r"^Dagster (http\S+)$", log.read_text(encoding="utf-8"), re.MULTILINE)):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise RuntimeError(f"the UI did not start: {log}")
                time.sleep(0.5)
            yield found[1]
        finally:
            server.terminate()


def _backfill(address: str, months: list[str]) -> list[tuple[float, str, str]]:
    """Launch one backfill and wait for its runs: (start, month, status) of each, in the order they started."""
    launched = _ask(address, BACKFILL, months=months)["launchPartitionBackfill"]
    if launched["__typename"] != "LaunchBackfillSuccess":
        raise SystemExit(f"the backfill was refused: {launched}")
    told: set[str] = set()
    while True:
        time.sleep(2)
        runs = []
        for run in _ask(address, RUNS)["runsOrError"]["results"]:
            month = next(tag["value"] for tag in run["tags"] if tag["key"] == "dagster/partition")
            runs.append((run["startTime"] or 0.0, month, run["status"]))
            if run["status"] in ("SUCCESS", "FAILURE", "CANCELED") and month not in told:
                told.add(month)
                print(f"  {month}: {run['status']}", flush=True)
        if len(told) == len(months):
            return sorted(runs)


def main() -> None:
    """Make the months by a backfill, and print whether they were published in order and kept their ids."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year", description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--work", type=Path, default=Path("build/year"))
    given = parser.parse_args()
    work = given.work.absolute()
    shutil.rmtree(work, ignore_errors=True)
    months = [str(np.datetime64("2025-01", "M") + ahead) for ahead in range(given.months)]
    for month in months:
        after = months[0] if month != months[0] else None
        simulation.simulate(given.persons, given.seed, month, work / "landing", after=after)
    os.environ |= {"DTSEN_LANDING": str(work / "landing"), "DTSEN_HOME": str(work / "home")}
    os.environ["DAGSTER_HOME"] = str(work / "home" / "dagster")
    settings = Settings()
    with served(work / "log") as address:
        runs = _backfill(address, months)
    print(f"started in order of months: {[month for _, month, _ in runs] == months}")
    print(f"published: {len([one for one in catalogue.releases(settings) if one.stands])} of {len(months)}")
    with store.open(settings) as book:
        before = book.previous_assignment(months[1])
        kept = book.con.execute(
            """
            select count(distinct lama.person_id), count(distinct lama.person_id) filter (where lama.person_id = baru.person_id)
            from rekaman as lama inner join rekaman as baru on lama.source = baru.source and lama.record_id = baru.record_id
            where lama.bulan_mulai = $awal and baru.bulan_selesai is null
            """,
            {"awal": months[0]},
        ).fetchone()
        gone = book.con.execute(
            """
            select count(distinct id) from peristiwa
            where entity = 'person' and jenis in ('merged_into', 'retired') and bulan > ?
            """,
            [months[0]],
        ).fetchone()
    assert kept is not None and gone is not None
    print(f"persons of {months[0]}: {len(set(before['person_id'].to_pylist())):,}")
    print(f"  with a record that is still delivered in {months[-1]}: {kept[0]:,}, under the same id: {kept[1]:,}")
    print(f"  ids merged or retired in the year: {gone[0]:,}")
    page = (settings.home / "index.html").read_text(encoding="utf-8")
    print(f"months on the index: {len(set(re.findall(r'2025-[0-9]{2}', page)) & set(months))}")


if __name__ == "__main__":
    main()
