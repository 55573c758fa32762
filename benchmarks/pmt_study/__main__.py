"""The command of the study.

What belongs here: what is printed of the models, and the way from a survey to the page.

    python -m benchmarks.pmt_study --survey households.csv [--report docs/pmt.md]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.pmt_study.page import page
from benchmarks.pmt_study.study import BELONGINGS, PLACES, REGIONS, cross_validate, examine
from dtsen_pipeline.errors import InputError


def main(arguments: Sequence[str] | None = None) -> None:
    """Print R2, rank correlation and targeting errors, or write the page.

    They are those of the sum, of the sum without regions, and of the sum for families without belongings.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pmt_study", description=__doc__.splitlines()[0])
    parser.add_argument("--survey", type=Path, required=True, help="CSV of households")
    parser.add_argument("--report", type=Path, help="write the page about it there, and print nothing else")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1, help="repetitions with other folds; the mean is printed")
    chosen = parser.parse_args(arguments)
    frame = read_survey(chosen.survey)
    if chosen.report is not None:
        chosen.report.write_text(page(examine(frame)), encoding="utf-8")
        print(f"ditulis/written: {chosen.report}")
        return
    features = [name for name in frame.columns if name not in PLACES]
    housing = [name for name in features if name not in BELONGINGS]
    cases: dict[str, tuple[list[str], list[str] | None, Sequence[str]]] = {
        "PMT, provinsi dan kabupaten/province and district": (features, REGIONS, ()),
        "PMT tanpa wilayah/without regions": (features, None, ()),
        "Tanpa harta, diisi rata-rata/no belongings, filled": (features, REGIONS, BELONGINGS),
        "Tanpa harta, model ringkas/no belongings, short sum": (housing, REGIONS, ()),
    }
    table = {}
    for name, (columns, region, blank) in cases.items():
        runs = [
            cross_validate(
                frame,
                target="consumption",
                features=columns,
                region=region,
                group="ea",
                folds=chosen.folds,
                seed=seed,
                blank=blank,
            )
            for seed in range(chosen.seeds)
        ]
        table[name] = pd.DataFrame(runs).mean()
    print(f"{len(frame)} rumah tangga/households, {frame['ea'].nunique()} unit, {chosen.folds} lipatan/folds by ea")
    print(pd.DataFrame(table).T.round(4).to_string())


def read_survey(path: Path) -> pd.DataFrame:
    """The survey's CSV; raises InputError where it is absent or lacks its columns."""
    if not path.is_file():
        raise InputError("berkas survei tidak ada / no such survey file", file=path, action="beri --survey PATH")
    frame = pd.read_csv(path)
    if missing := [name for name in PLACES if name not in frame.columns]:
        raise InputError(
            f"kolom tidak ada / columns missing: {', '.join(missing)}", file=path, expected=", ".join(PLACES)
        )
    return frame


if __name__ == "__main__":
    main()
