"""The command line of the foreign month.

python -m benchmarks.foreign --persons 20000 --seed 7 --month 2025-03 --to <folder>/landing
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.foreign.month import TWINS, write_foreign_month
from dtsen_pipeline.errors import InputError


def main(arguments: list[str] | None = None) -> int:
    """Write one month as the arguments say; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.foreign", description="Tulis bulan asing / write a foreign month"
    )
    parser.add_argument("--persons", type=int, required=True, help="orang / persons")
    parser.add_argument("--seed", type=int, default=1, help="benih / seed")
    parser.add_argument("--month", required=True, help="YYYY-MM")
    parser.add_argument(
        "--to", type=Path, required=True, help="landing; kebenaran di sampingnya / the truth goes beside it"
    )
    parser.add_argument("--damage", type=float, default=1.0, help="pengali kerusakan / multiplies every error rate")
    parser.add_argument(
        "--twins", type=float, default=TWINS, help="bagian kelahiran kembar / share of births that bring two"
    )
    parser.add_argument(
        "--spreadsheet", action="store_true", help="berkas lewat lembar kerja / files that went through spreadsheets"
    )
    parser.add_argument("--no-national-id", action="store_true", help="tanpa NIK / without any NIK")
    given = parser.parse_args(arguments)
    try:
        write_foreign_month(
            given.persons,
            given.seed,
            given.month,
            given.to,
            given.damage,
            not given.no_national_id,
            given.twins,
            given.spreadsheet,
        )
    except InputError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
