"""Measures the proxy means test on a household survey, out of sample, and writes the page ``docs/pmt.md`` about it.

What belongs here: cross-validation by sampling unit, areas held out whole, what the sum is compared with, and the
command:

    python -m benchmarks.pmt_study --survey households.csv [--report docs/pmt.md]

The columns are those of the survey behind Alatas, Banerjee, Hanna, Olken and Tobias, "Targeting the Poor" (AER 2012),
as cleaned by Follett and Henderson. A column ``urban`` (0/1), which that file lacks, adds a group.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.welfare import pmt, report
from dtsen_pipeline.welfare.estimation import estimate, one_thread
from dtsen_pipeline.welfare.metrics import (
    ALL,
    MIN_HOUSEHOLDS,
    MIN_POOR,
    MIN_UNITS,
    SHARES,
    Bootstrap,
    Row,
    bootstrap,
    measure,
)

PLACES = ("hhid", "province", "district", "subdistrict", "ea", "consumption")
BELONGINGS = (
    "pcfloor", "ac", "computer", "radio", "tv", "dvd", "satellite", "gas", "refrigerator", "bicycle", "motorcycle",
    "auto", "hp", "jewelry", "chicken", "cow",
)  # fmt: skip
"""What families known from P3KE alone lack: floor area, assets, livestock."""
REGIONS = ["province", "district"]
REPLICATES = 1000
HELD_OUT, SEEDS = 0.2, 5
LEVELS = (0.5, 0.8, 0.9)

Vector = npt.NDArray[np.float64]
Rows = dict[tuple[str, str], Row]


def cross_validate(
    frame: pd.DataFrame,
    *,
    target: str,
    features: Sequence[str],
    region: str | Sequence[str] | None = None,
    group: str,
    folds: int = 10,
    seed: int = 0,
    blank: Sequence[str] = (),
) -> dict[str, float]:
    """Measures over all households, each predicted by a model that never saw its sampling unit.

    Selection of terms and penalties is repeated inside every fold. ``blank``: columns emptied before predicting.
    """
    survey, _, _ = pmt.usable(frame, target, region=region, group=group)
    predicted = np.empty_like(survey.y)
    with one_thread():
        for train, held in survey.folds(folds, seed):
            rest = survey.take(held)
            equation = estimate(survey.take(train), list(features), [])
            predicted[held] = equation.predict(rest.frame.assign(**dict.fromkeys(blank, np.nan)), rest.codes)
    return measure(survey.y, predicted)


def held_out(frame: pd.DataFrame, features: Sequence[str], seeds: int = SEEDS, share: float = HELD_OUT) -> pd.DataFrame:
    """Measures on enumeration areas that no part of the fit has seen, one row a draw of ``share`` of the areas.

    Columns: those of ``measure``, the same of plain OLS as ols_*, and cakupan_* of ``predict_interval`` at each of
    ``LEVELS``. Raises InputError as ``pmt.fit`` does.
    """
    found = []
    areas = np.sort(frame["ea"].unique())
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).permutation(areas)[: max(1, round(share * len(areas)))]
        away = frame["ea"].isin(drawn)
        model = pmt.fit(
            frame[~away], target="consumption", features=features, region=REGIONS, group="ea", challenger=False
        )
        truth = np.log(frame.loc[away, "consumption"].to_numpy(dtype=float))
        row = measure(truth, model.predict(frame[away]).to_numpy())
        plain = _least_squares(_plain(frame, features), np.log(frame["consumption"].to_numpy(dtype=float)), ~away, away)
        row |= {f"ols_{name}": value for name, value in measure(truth, plain).items()}
        for level in LEVELS:
            bounds = model.predict_interval(frame[away], level)
            inside = (truth >= bounds["bawah"]) & (truth <= bounds["atas"])
            row[f"cakupan_{round(level * 100)}"] = float(inside.mean())
        found.append(row)
    return pd.DataFrame(found)


def least_squares(sample: pd.DataFrame, design: Vector) -> pd.DataFrame:
    """``sample`` (as ``PmtModel.luar_sampel``) with the scores of plain OLS on the same folds; no selection, no
    shrinkage."""
    score = np.empty(len(sample))
    fold = sample["lipatan"].to_numpy()
    y = sample["nyata"].to_numpy(dtype=float)
    for number in np.unique(fold):
        score[fold == number] = _least_squares(design, y, fold != number, fold == number)
    return sample.assign(skor=score)


def _least_squares(design: Vector, y: Vector, train: npt.ArrayLike, held: npt.ArrayLike) -> Vector:
    from sklearn.linear_model import LinearRegression

    rows, rest = np.asarray(train), np.asarray(held)
    with one_thread():
        predicted: Vector = LinearRegression().fit(design[rows], y[rows]).predict(design[rest])
    return predicted


def _plain(frame: pd.DataFrame, features: Sequence[str], places: str | None = None) -> Vector:
    """Columns as delivered; with ``places`` a dummy for every value of it but the first."""
    own = frame[list(features)].to_numpy(dtype=float)
    if places is None:
        return own
    return np.hstack([own, pd.get_dummies(frame[places], drop_first=True).to_numpy(dtype=float)])


def groups_of(frame: pd.DataFrame) -> dict[str, Sequence[str]]:
    """Labels of the reported groups for a survey in the columns of ``PLACES`` and the head's ``hhmale``, ``hhage``."""
    groups: dict[str, Sequence[str]] = {"provinsi": frame["province"].astype(str).tolist()}
    if "urban" in frame:
        groups["daerah"] = frame["urban"].map({1: "kota", 0: "desa"}).fillna("").tolist()
    return groups | report.household_groups(frame["hhsize"], frame["hhmale"].map({1: True, 0: False}), frame["hhage"])


@dataclass(frozen=True)
class Findings:
    """What the page says: ``ours`` by group, the ``others`` on the same folds, areas held out whole (``away``)."""

    model: pmt.PmtModel
    ours: Bootstrap
    others: dict[str, Bootstrap]
    short: Bootstrap
    away: pd.DataFrame
    urban: bool


def examine(frame: pd.DataFrame, replicates: int = REPLICATES, seeds: int = SEEDS) -> Findings:
    """Fit the sum and what it is compared with on ``frame`` and measure all of them. Raises InputError as ``pmt.fit``."""
    frame = frame[frame["consumption"] > 0].reset_index(drop=True)
    features = [name for name in frame.columns if name not in PLACES]
    housing = [name for name in features if name not in BELONGINGS]
    model = pmt.fit(frame, target="consumption", features=features, region=REGIONS, group="ea")
    short = pmt.fit(frame, target="consumption", features=housing, region=REGIONS, group="ea", challenger=False)
    sample = model.luar_sampel
    others = {
        "OLS": least_squares(sample, _plain(frame, features)),
        "OLS + district": least_squares(sample, _plain(frame, features, "district")),
        "boosting": sample.assign(skor=sample["pembanding"]),
    }
    return Findings(
        model=model,
        ours=report.measured(sample, groups_of(frame), replicates),
        others={name: bootstrap(other, {}, replicates) for name, other in others.items()},
        short=bootstrap(short.luar_sampel, {}, replicates),
        away=held_out(frame, features, seeds),
        urban="urban" in frame,
    )


MAIN = ["r2", "korelasi_peringkat", *(f"galat_eksklusi_{round(share * 100)}" for share in SHARES)]
_NAMES = {
    "r2": "R2",
    "korelasi_peringkat": "rank correlation",
    **{f"galat_eksklusi_{q}": f"error at the poorest {q} %" for q in (10, 20, 30, 40)},
}
_GROUPS = {
    ALL: "everybody",
    "provinsi": "province",
    "daerah": "area",
    "anggota": "members",
    "jk_krt": "sex of the head",
    "umur_krt": "age of the head",
}
_LABELS = {"L": "man", "P": "woman", "kota": "urban", "desa": "rural", "15-59": "under 60", "60+": "60 and over"}


def page(found: Findings) -> str:
    """The page as Markdown, lines of at most 132 characters outside tables; the same findings give the same text."""
    rows: Rows = {(row.ukuran, row.kelompok): row for row in report.told(found.ours)}
    groups = [group for group in found.ours.groups if not group.startswith(report.TENTHS)]
    r2, slope = rows["r2", ALL], rows["kemiringan", ALL]
    at_10, at_30, at_40 = (rows[f"galat_eksklusi_{share}", ALL] for share in (10, 30, 40))
    card = found.model.card
    used, left = len(card["peubah_dipakai"]), card["peubah_dikeluarkan"]
    ridge, regional = f"{card['penalti_suku']:g}", f"{card['penalti_wilayah']:g}"
    reach = float(np.interp(0.9, np.linspace(0, 1, len(found.model.reach)), found.model.reach) * found.model.sigma)
    no_urban = "The survey's file does not say urban or rural; the monthly report has city and regency instead."
    return _flow(f"""# How good the proxy means test is, and whom it fails

What belongs here: how well the score finds the poor, measured on households whose consumption is known; how sure that
is; for which families it is worse; how to read the figures. All of it is written by one command, never by hand:

```sh
python -m benchmarks.pmt_study --survey alatas2012_households.csv --report docs/pmt.md
```

The proxy means test (PMT, *uji kelayakan sarana*) is a sum that estimates how much a family spends a head and month
from what can be seen: dwelling, belongings, members. It decides the desil. The same measures are computed on the
survey of every month and stand in the table `welfare.laporan`.

## In short

- The score explains {_percent(r2)} of the differences in log consumption between households (R2). The rest it cannot
  see.
- Of the poorest 40 % it misses {_percent(at_40)}, and as large a share of those it chooses is not among the poorest.
  Of the poorest 10 % it misses {_percent(at_10)}: **the narrower the programme, the more often it is wrong.**
- Missed clearly more often than the average when the poorest 40 % are chosen: {_told_apart(found.ours, rows, "eksklusi")}.
- It is a ranking with known errors, not knowledge of one family. A family that says "this is wrong" may well be right
  (*sanggah*).

## How it was measured

The survey behind Alatas, Banerjee, Hanna, Olken and Tobias, "Targeting the Poor: Evidence from a Field Experiment in
Indonesia", American Economic Review 102(4), 2012, as cleaned by Follett and Henderson, "A hybrid approach to targeting
social assistance": {card["baris"]:,} households in {card["unit_sampel"]} enumeration areas, with per-capita consumption
and {used + len(left)} columns of what can be seen. The file is not part of this project; the command needs its path.

- **Out of sample.** Every household is scored by a model that never saw its enumeration area ({card["lipatan"]} folds
  of whole areas). Choosing terms and shrinkage is repeated inside each fold, so nothing leaks.
- **Error** at the poorest 40 %: rank by true consumption, rank by score, take the poorest 40 % of both. *Exclusion
  error*: the share of the truly poor that is not chosen. *Inclusion error*: the share of the chosen that is not poor.
  For everybody together the two are one number, since both sides have the same size; within a group they differ.
- **In brackets**: 95 % interval by bootstrap, {len(found.ours.values) - 1:,} draws of whole enumeration areas, since
  neighbours resemble each other. It holds the chance of having measured on these areas and not others. It does not
  hold that other areas would have given another model, that the survey is old, or that people forget what they spent.
- Groups of fewer than {MIN_HOUSEHOLDS} households or {MIN_UNITS} areas, and errors over fewer than {MIN_POOR} poor (or
  chosen) households, are left out and marked *too few*.

## The result, and others on the same folds

{_compare(found)}

*OLS* is least squares on all columns as they are; *OLS + district* has a dummy for every district. *Boosting* is
gradient boosting (trees) on the same columns and regions: fitted to see whether a sum leaves something on the table,
**never published**, because nobody can read it out to a family.

The same as differences, ours less theirs, on the same draws of areas. An interval that holds 0 says: no difference to
be seen. For R2 and rank correlation more is better; for errors less.

{_differences(found)}

## Beside published figures

{_published(rows)}

The rows on OLS are the yardsticks of this project, measured beforehand on all areas of the survey; the file has about
70 % of them, and the table further above repeats OLS on exactly the households that we use.

The paper's 0.30 is another measure than ours. It is the share of *all* households on the wrong side of a line of
PPP$2 a day (35 % were poor), in the field; of the poor its proxy means test missed 52 %, of the others it took 18 %
(table 3). Our error of {at_30.nilai:.3f} at 30 % and {at_40.nilai:.3f} at 40 % puts {2 * 0.3 * at_30.nilai:.2f} and
{2 * 0.4 * at_40.nilai:.2f} of all households on the wrong side. That is no triumph over the paper: its coefficients
came from another survey and every village had its quota; we learn and rank within one survey.

## Areas that the model has never seen

{HELD_OUT:.0%} of the enumeration areas are taken out as a whole, the model is fitted on the rest, and only then are the
others scored; {len(found.away)} draws. Nothing of what is measured here took part in any choice.

{_held_out(found.away)}

## Is the score right on average? (calibration)

Households by tenth of their score, the poorest first; consumption a head and month in thousand rupiah of the survey's
year (geometric means).

{_calibration(rows)}

Slope of true log consumption on the score: {_figure(slope)}. At 1 a family scored 10 % richer is 10 % richer on
average; below 1 the scores are spread too far, above 1 too little. Within a tenth true values are spread much wider
than scores: the score draws everybody to the middle, and the lowest tenth by score is not the poorest tenth of the
people.

## Does the interval hold what it says?

`predict_interval` gives a range around a score. On the areas that were held out whole:

{_coverage(found.away)}

The range is wide: at 90 % it runs from {np.exp(-reach):.2f} to {np.exp(reach):.2f} times the score. So a decile is
published with the probability of lying in desil 1-4 and in its neighbours.

## For whom

{"" if found.urban else no_urban} Provinces are the numbers in the file. *Taken for*: mean score against mean true
consumption; +5 % means that the group is taken for 5 % richer than it is. *90 % range*: share of households whose
consumption lies in it; it should be 0.90.

{_by_group(rows, groups)}

Exclusion error: of the group's truly poor, the share that is not chosen.

{_errors(rows, groups, "eksklusi")}

Inclusion error: of the group's chosen, the share that is not poor.

{_errors(rows, groups, "inklusi")}

## Who is hurt

At the poorest 40 %, by groups whose interval lies above the average of everybody:

- missed though poor: {_told_apart(found.ours, rows, "eksklusi")};
- chosen though not poor: {_told_apart(found.ours, rows, "inklusi")}.

A sum knows the average family of each kind. Where a kind of family is rarely poor, the few that are look like the many
that are not; where it is often poor, the score finds its poor easily and takes others along. Small families are the
plainest case: consumption a head falls with every member, so size weighs much, and a poor widow living alone carries
the score of the better-off who live alone. For practice: objections (*sanggah*) and proposals (*usul*) of such
families deserve a visit first; a village meeting sees what the score does not.

## Families without belongings on record

Families that no source but P3KE knows have no floor area, belongings or livestock on record. They are scored by a
shorter sum fitted on the rest; filling the gaps with averages ranks them worse. The price, on the same survey:

{_table(["measure", "full sum", "short sum"], [[_NAMES[m], _value(found.ours, m), _value(found.short, m)] for m in MAIN])}

## How the sum is made

- **Chosen out of sample.** Of {used + len(left)} columns {used} stay, in {card["jumlah_suku"]} terms: the path of the
  Lasso is judged on folds of whole enumeration areas, and the strongest penalty within half a standard error of the
  best is taken. Left out: {", ".join(sorted(left)) or "none"}.
- **Shrunk.** Terms by a ridge penalty of {ridge}; regions by {regional}: a region with n surveyed households keeps
  n / (n + {regional}) of its own deviation and takes the rest from its province and the nation. Both are chosen by the
  same folds. No thin region is believed on its own.
- **Codes are categories**, never numbers, and a column of categories stays as a whole or goes.
- **Weights** of the survey count in every step (fit, choice, errors). This survey has none; the monthly one has.

## How to read a figure, and what not to do with it

- "Error 0.29 at 40 %" does not mean that 71 % of all families are placed rightly: it speaks of the poor alone, at that
  cut.
- Compare months by their intervals. Two months whose intervals overlap widely do not differ.
- R2 within a group says how well families *of that group* are told apart. A low R2 with a low error is no
  contradiction.
- The score says nothing about one person within a family, about need from illness or disability, or about who lies.
- In the monthly table `psi_survei` above 0.25 (a custom of credit scoring; Siddiqi, Credit Risk Scorecards, 2006) says
  that in this column the families have become another people than the survey's; `kosong` is the share of families
  without a value. Both are a reason to look, not a verdict.
""")


def _flow(text: str) -> str:
    """Paragraphs and items filled to the width of the docs; headings, tables and code as they are."""

    def fill(block: str) -> str:
        if block.startswith(("#", "|", "```")):
            return block
        items = re.split(r"\n(?=- )", block)
        return "\n".join(
            textwrap.fill(
                " ".join(item.split()),
                width=132,
                subsequent_indent="  " if item.startswith("- ") else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for item in items
        )

    return "\n\n".join(fill(block) for block in text.strip().split("\n\n")) + "\n"


def _published(rows: Rows) -> str:
    """Figures of others beside ours."""
    both = f"{_figure(rows['r2', ALL])}, {_figure(rows['korelasi_peringkat', ALL])}"
    four = ", ".join(f"{rows[f'galat_eksklusi_{round(share * 100)}', ALL].nilai:.2f}" for share in SHARES)
    return _table(
        ["figure", "published", "here"],
        [
            ["PMT of Alatas et al. 2012, table 3: households on the wrong side of PPP$2 a day", "0.30", "see below"],
            ["R2 of proxy means tests in Indonesia, as usually reported", "0.45-0.55", _figure(rows["r2", ALL])],
            ["OLS on this survey, out of sample by area: R2, rank correlation", "0.49, 0.68", both],
            ["the same: error at the poorest 10, 20, 30, 40 %", "0.62, 0.46, 0.38, 0.30", four],
            ["OLS with district effects: R2, rank correlation", "0.51, 0.69", both],
            ["the same: error at the poorest 10, 20, 30, 40 %", "0.57, 0.44, 0.38, 0.29", four],
        ],
    )


def _percent(row: Row) -> str:
    low, high = row.bawah or 0.0, row.atas or 0.0
    return f"{100 * row.nilai:.0f} % ({100 * low:.0f}-{100 * high:.0f})"


def _figure(row: Row | None) -> str:
    if row is None:
        return "too few"
    return f"{row.nilai:.3f}" if row.bawah is None else f"{row.nilai:.3f} ({row.bawah:.3f}-{row.atas:.3f})"


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _value(measured: Bootstrap, name: str) -> str:
    return _figure(next((row for row in measured.rows([name]) if (row.ukuran, row.kelompok) == (name, ALL)), None))


def _compare(found: Findings) -> str:
    body = [[_NAMES[m], *(_value(b, m) for b in (found.ours, *found.others.values()))] for m in MAIN]
    return _table(["measure", "**ours**", *found.others], body)


def _differences(found: Findings) -> str:
    told = {name: {r.ukuran: r for r in found.ours.difference(other, MAIN)} for name, other in found.others.items()}

    def signed(row: Row) -> str:
        return f"{row.nilai:+.3f} ({row.bawah:+.3f} to {row.atas:+.3f})"

    return _table(["measure", *told], [[_NAMES[m], *(signed(rows[m]) for rows in told.values())] for m in MAIN])


def _held_out(away: pd.DataFrame) -> str:
    names = ["r2", "korelasi_peringkat", *(f"galat_sasaran_{round(share * 100)}" for share in SHARES)]
    body = [[f"draw {i}", *(f"{v:.3f}" for v in draw)] for i, draw in enumerate(away[names].to_numpy(), 1)]
    body.append(["**mean**", *(f"**{away[n].mean():.3f}**" for n in names)])
    body.append(["plain OLS, mean", *(f"{away[f'ols_{n}'].mean():.3f}" for n in names)])
    return _table(["", *(_NAMES[m] for m in MAIN)], body)


def _coverage(away: pd.DataFrame) -> str:
    columns = [f"cakupan_{round(level * 100)}" for level in LEVELS]
    body = [
        [f"{level:.0%}", *(f"{away[c].agg(how):.3f}" for how in ("mean", "min", "max"))]
        for level, c in zip(LEVELS, columns, strict=True)
    ]
    return _table(["says", "holds (mean)", "least of the draws", "most"], body)


def _calibration(rows: Rows) -> str:
    body = []
    for tenth in (f"{report.TENTHS}={t:02d}" for t in range(1, 11)):
        score, true = rows.get(("rata_skor", tenth)), rows.get(("rata_nyata", tenth))
        if score and true:
            low, high = true.bawah or np.nan, true.atas or np.nan
            body.append(
                [
                    str(int(tenth[-2:])),
                    f"{np.exp(score.nilai):.0f}",
                    f"{np.exp(true.nilai):.0f} ({np.exp(low):.0f}-{np.exp(high):.0f})",
                    f"{np.expm1(score.nilai - true.nilai):+.1%}",
                ]
            )
    return _table(["tenth by score", "scored", "true", "scored against true"], body)


def _words(group: str) -> str:
    dimension, _, label = group.partition("=")
    return f"{_GROUPS[dimension]} {_LABELS.get(label, label)}".strip()


def _by_group(rows: Rows, groups: Sequence[str]) -> str:
    body = []
    for group in groups:
        if ("terlalu_sedikit", group) in rows:
            body.append([_words(group), f"{rows['terlalu_sedikit', group].nilai:.0f}", *["too few"] * 4])
            continue
        gap = rows["selisih", group]
        low, high = gap.bawah or 0.0, gap.atas or 0.0
        body.append(
            [
                _words(group),
                f"{rows['rumah_tangga', group].nilai:,.0f}",
                _figure(rows.get(("r2", group))),
                _figure(rows.get(("korelasi_peringkat", group))),
                f"{np.expm1(gap.nilai):+.1%} ({np.expm1(low):+.1%} to {np.expm1(high):+.1%})",
                _figure(rows.get(("cakupan_90", group))),
            ]
        )
    return _table(["", "households", "R2", "rank correlation", "taken for", "90 % range"], body)


def _errors(rows: Rows, groups: Sequence[str], kind: str) -> str:
    names = [f"galat_{kind}_{round(share * 100)}" for share in SHARES]
    body = [[_words(group), *(_figure(rows.get((name, group))) for name in names)] for group in groups]
    return _table(["", *(f"{round(share * 100)} %" for share in SHARES)], body)


def _told_apart(ours: Bootstrap, rows: Rows, kind: str) -> str:
    """Groups whose error at 40 % is above everybody's beyond chance, the worst first, with how many it was seen on."""
    name = f"galat_{kind}_40"
    counts = ours.poor if kind == "eksklusi" else ours.chosen
    above = [
        row
        for group in ours.groups[1:]
        if (row := rows.get((name, group))) and (row.bawah or 0.0) > rows[name, ALL].nilai
    ]
    said = [
        f"{_words(row.kelompok)}: {_percent(row)} of {counts[ours.groups.index(row.kelompok), -1]}"
        for row in sorted(above, key=lambda row: (-row.nilai, row.kelompok))
    ]
    return "; ".join(said) or "no group that can be told apart"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print R2, rank correlation and targeting errors (the sum, without regions, for families without belongings), or
    write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pmt_study", description=__doc__)
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
