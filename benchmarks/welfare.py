"""Does the register rank the families as well as true data on their dwelling and members would?

What belongs here: one command that writes a foreign month, runs the monthly job on it, and compares the rank correlation
between score and true consumption with those of sums fitted on true covariates; and the seconds that the welfare steps take.

    python -m benchmarks.welfare --persons 100000 --seed 77 [--work build/welfare]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline import welfare
from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts import reader
from dtsen_pipeline.sql.models import load_seeds, run_models, upstream
from dtsen_pipeline.storage.warehouse import connect
from dtsen_pipeline.welfare.metrics import rank_correlation, targeting_error
from dtsen_pipeline.welfare.scoring import fit_sum

MONTH = "2025-03"
STEPS = {"skor / score": welfare.score, "desil / deciles": welfare.rank}


def _true_covariates(landing: Path, truth: Path, work: Path) -> pd.DataFrame:
    """The true families in the columns of welfare.fitur_susenas, made by the pipeline's own models."""
    shutil.copytree(landing, work / "benar")
    shutil.copy(truth, work / "benar" / "referensi" / "susenas.csv")
    with connect(None) as con:
        reader.read(con, work / "benar", MONTH)
        load_seeds(con)
        run_models(con, upstream(["welfare.fitur_susenas"]))
        return con.execute("select * from welfare.fitur_susenas order by id_ruta").df()


def _scored(home: Path, truth: Path) -> pd.DataFrame:
    """One row a scored family of the register: the family most of its records truly belong to, its score and its model."""
    with connect(Settings(home=home).warehouse(MONTH)) as con:
        return con.execute(
            """
            select s.family_id, mode(b.family_true)::varchar as id_ruta, any_value(s.skor) as skor,
                any_value(s.model) as model
            from welfare.skor as s
            inner join linkage.crosswalk as c on s.family_id = c.family_id
            inner join read_parquet(?) as b on c.source = b.source and c.record_id = b.record_id
            group by s.family_id
            order by s.family_id
            """,
            [str(truth)],
        ).df()


def _timed(home: Path) -> dict[str, float]:
    with connect(Settings(home=home).warehouse(MONTH)) as con:
        seconds = {}
        for name, step in STEPS.items():
            started = time.perf_counter()
            step(con)
            seconds[name] = time.perf_counter() - started
    return seconds


def main() -> int:
    """Make the month, and print how well the register and the ideal sums rank its families."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.welfare")
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--work", type=Path, default=Path("build/welfare"))
    given = parser.parse_args()
    work = given.work.absolute()
    shutil.rmtree(work, ignore_errors=True)
    landing, truth = work / "landing", work / "kebenaran" / MONTH
    write_foreign_month(given.persons, given.seed, MONTH, landing)
    job = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", "run", "--month", MONTH]
    folders = ["--landing", str(landing), "--home", str(work / "home")]
    subprocess.run(
        [*job, *folders],
        check=True,
        env=os.environ | {"DAGSTER_HOME": str(work / "home" / "dagster")},
        stdout=subprocess.DEVNULL,
    )

    families = _true_covariates(landing, truth / "keluarga.csv", work)
    known = fit_sum(families, "lengkap", challenger=False)
    with connect(Settings(home=work / "home").warehouse(MONTH)) as con:
        survey = con.execute("select * from welfare.fitur_susenas order by id_ruta").df()
    same = fit_sum(survey, "lengkap", challenger=False)
    ideal = known.luar_sampel.assign(
        id_ruta=families["id_ruta"], survei=same.predict(families), benar=known.luar_sampel["skor"]
    ).drop(columns="skor")
    both = _scored(work / "home", truth / "orang.parquet").merge(ideal, on="id_ruta")
    print(f"{given.persons:,} persons, seed {given.seed}: {len(both):,} scored families, {len(families):,} true ones")
    for who, part in (("all", both), *both.groupby("model")):
        print(f"{who} ({len(part):,} families)")
        for name, column in (
            ("the register", "skor"),
            ("true covariates, the survey's sum", "survei"),
            ("true covariates, a sum fitted on all true families", "benar"),
        ):
            rank = rank_correlation(part["nyata"].to_numpy(), part[column].to_numpy())
            missed = targeting_error(part["nyata"].to_numpy(), part[column].to_numpy(), 0.4)
            print(f"  {name:52} rank correlation {rank:.4f}, error at the poorest 40 % {missed:.4f}")
    for name, seconds in _timed(work / "home").items():
        print(f"{name}: {seconds:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
