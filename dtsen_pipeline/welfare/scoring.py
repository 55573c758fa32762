"""From the month's survey to a score for every family: the coefficient table, and the SQL that sums it.

What belongs here: the features of the month, writing the fitted tables, and turning them into one SELECT a model. Scoring reads
nothing but the tables ``welfare.koefisien``, ``welfare.isian`` and ``welfare.model``: what is published is what is used. That
SELECT is built here and is no file of ``dbt_like_sql``, since its terms and numbers are those of the month's model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.welfare import pmt, report
from dtsen_pipeline.welfare.labels import column_label, term_label, value_label

DWELLING = (
    "status_rumah", "lantai", "dinding", "atap", "air_minum", "penerangan", "daya", "bahan_bakar", "bab",
)  # fmt: skip
MEMBERS = (
    "jumlah_anggota", "porsi_anak", "porsi_lansia", "umur_krt", "jenis_kelamin_krt", "pendidikan_krt", "bekerja_krt",
)  # fmt: skip
ASKED_BY_DTKS_AND_REGSOSEK = (
    "luas_per_kapita", "kloset", "buang_tinja", "tabung_gas", "lemari_es", "ac", "pemanas_air", "telepon", "televisi",
    "emas", "laptop", "motor", "sepeda", "mobil", "perahu", "kapal", "smartphone", "lahan", "rumah_lain", "sapi",
    "kerbau", "kuda", "babi", "kambing",
)  # fmt: skip

MODELS: dict[str, Sequence[str]] = {
    "lengkap": (*DWELLING, *MEMBERS, *ASKED_BY_DTKS_AND_REGSOSEK),
    # Families known from P3KE alone have none of the other features. Filling two dozen columns with averages ranks them worse than
    # a sum fitted on what is known: rank correlation 0.55 against 0.63 on the survey behind Alatas et al.
    "ringkas": (*DWELLING, *MEMBERS),
}
REGIONS = ("kode_provinsi", "kode_kabupaten")


def fit_month(con: duckdb.DuckDBPyConnection) -> pmt.PmtModel:
    """Fit both sums on ``intermediate.int_susenas`` and write what they are.

    Writes welfare.fitur_susenas, koefisien, isian, model, kartu (ukuran, nilai) and luar_sampel (see
    ``report.write_out_of_sample``). Returns the full model, with the short one's measures in its card under ``ringkas``. Raises
    InputError where the survey has fewer than 20 usable households.
    """
    run_models(con, ["welfare.fitur_susenas"])
    survey = con.execute("select * from welfare.fitur_susenas order by id_ruta").df()
    fitted = {name: fit_sum(survey, name, challenger=name == "lengkap") for name in MODELS}
    fitted["lengkap"].card["ringkas"] = fitted["ringkas"].card["di_luar_sampel"]
    _write(con, "koefisien", pd.concat([m.coefficients.assign(model=name) for name, m in fitted.items()]))
    con.execute(
        """update welfare.koefisien set label = label || ' ' || a.nama, label_en = label_en || ' ' || a.nama
        from intermediate.int_wilayah__aktif as a where jenis = 'wilayah' and nilai = a.kode_kemendagri"""
    )
    _write(con, "isian", pd.concat([m.fills.assign(model=name) for name, m in fitted.items()]))
    rows = [(name, m.version, m.sigma, json.dumps(m.card, ensure_ascii=False)) for name, m in fitted.items()]
    _write(con, "model", pd.DataFrame(rows, columns=["model", "versi_model", "sigma", "kartu"]))
    report.write_out_of_sample(con, survey["id_ruta"], fitted)
    measures = fitted["lengkap"].card["di_luar_sampel"].items()
    card = [("r2_luar_sampel" if name == "r2" else name, float(value)) for name, value in measures]
    _write(con, "kartu", pd.DataFrame(card, columns=["ukuran", "nilai"]))
    return fitted["lengkap"]


def fit_sum(survey: pd.DataFrame, model: str, *, challenger: bool) -> pmt.PmtModel:
    """Fit the sum ``model`` of ``MODELS`` on a survey in the columns of welfare.fitur_susenas. Raises as ``pmt.fit`` does."""
    return pmt.fit(
        survey,
        target="pengeluaran_per_kapita",
        features=MODELS[model],
        weight="penimbang",
        region=REGIONS,
        group="unit_sampel",
        categorical=["pendidikan_krt"],
        challenger=challenger,
    )


# Not query files: what a frame holds goes into its table as it is.
def _write(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    con.register("_welfare_frame", frame)
    try:
        con.execute(f"create or replace table welfare.{table} as select * from _welfare_frame")
    finally:
        con.unregister("_welfare_frame")


def score(con: duckdb.DuckDBPyConnection) -> int:
    """Score every family of ``marts.keluarga`` from the tables of ``fit_month``; return the number scored.

    Writes welfare.skor (family_id, model, skor and its standard error galat in log rupiah a head and month, lengkap, imputasi: the
    filled columns as a comma list, versi_model) and the models welfare.fitur_keluarga and tanpa_skor.
    """
    run_models(con, ["welfare.fitur_keluarga", "welfare.tanpa_skor"])
    con.execute(f"create or replace table welfare.skor as {score_sql(con)}")
    return len(con.table("welfare.skor"))


def score_sql(con: duckdb.DuckDBPyConnection) -> str:
    """The SELECT behind welfare.skor, in the dialect subset that Spark shares."""
    return "\nunion all\n".join(_Sum.read(con, model).score() for model in MODELS)


def explain_score(con: duckdb.DuckDBPyConnection, family_id: str) -> pd.DataFrame:
    """Read out the score of one family, a row a column: kolom, label, label_en, nilai, kontribusi, rata_rata, diisi, selisih.

    ``kontribusi`` sums to the score; ``selisih`` is what the family has above the surveyed average; ``diisi`` says that the value
    was unknown and filled. Raises InputError for a family without a score.
    """
    scored = con.execute("select model from welfare.skor where family_id = ?", [family_id]).fetchone()
    if scored is None:
        raise InputError(
            f"keluarga {family_id} tidak punya skor / has no score",
            expected="family_id di/in welfare.skor",
            action="periksa/see welfare.tanpa_skor",
        )
    parts = _Sum.read(con, str(scored[0]))
    row = con.execute(parts.contributions("where f.family_id = ?"), [family_id]).df().iloc[0]
    value = con.execute("select * from welfare.fitur_keluarga where family_id = ?", [family_id]).df().iloc[0]
    constant = term_label("konstanta", None, None)
    lines: list[tuple[str, str, str, object, float, float, bool]] = [
        ("konstanta", constant.id, constant.en, None, parts.konstanta, parts.konstanta, False)
    ]
    for kolom in parts.columns:
        text = None if pd.isna(value[kolom]) else value_label(kolom, str(value[kolom])).id
        label = column_label(kolom)
        filled = bool(pd.isna(row[f"c_{kolom}"]))
        given = row[f"i_{kolom}"] if filled else row[f"c_{kolom}"]
        lines.append((kolom, label.id, label.en, text, float(given), parts.national[kolom], filled))
    for level in REGIONS:
        label = column_label(level)
        lines.append((level, label.id, label.en, value[level], float(row[f"w_{level}"]), 0.0, False))
    names = ["kolom", "label", "label_en", "nilai", "kontribusi", "rata_rata", "diisi"]
    table = pd.DataFrame(lines, columns=names)
    table["selisih"] = table["kontribusi"] - table["rata_rata"]
    return table


def _number(value: float) -> str:
    # With an exponent a literal is a double in every engine; without one DuckDB reads a decimal.
    return f"{value:.17e}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class _Sum:
    """One model as SQL: ``columns`` has the summed terms of each column, NULL where the value has to be filled.

    ``sigma`` is the standard error of a score; ``national`` what a missing value of a column adds, and ``spread`` the error that
    this brings, all in log points.
    """

    model: str
    version: str
    sigma: float
    konstanta: float
    columns: dict[str, str]
    national: dict[str, float]
    spread: dict[str, float]

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, model: str) -> _Sum:
        terms = con.execute("select * from welfare.koefisien where model = ? order by urutan", [model]).df()
        fills = con.execute("select * from welfare.isian where model = ? and tingkat = 'nasional'", [model]).df()
        version, sigma = con.execute(
            "select versi_model, sigma from welfare.model where model = ?", [model]
        ).fetchall()[0]
        summands = terms[~terms["jenis"].isin(["konstanta", "wilayah"])]
        return cls(
            model=model,
            version=version,
            sigma=sigma,
            konstanta=float(terms.loc[terms["jenis"] == "konstanta", "koefisien"].iloc[0]),
            columns={
                str(kolom): _expression(str(kolom), rows) for kolom, rows in summands.groupby("kolom", sort=False)
            },
            national=dict(zip(fills["kolom"], fills["kontribusi"], strict=True)),
            spread=dict(zip(fills["kolom"], fills["simpangan"], strict=True)),
        )

    def contributions(self, where: str = "") -> str:
        """SELECT of family_id; for each column c_ (by its own value) and i_ (what fills it); for each region level w_."""
        fills = [f"coalesce(ik.{k}, ip.{k}, {_number(self.national[k])}) as i_{k}" for k in self.columns]
        selected = ["f.family_id", *(f"{sql} as c_{k}" for k, sql in self.columns.items()), *fills]
        selected += [
            "coalesce(wk.koefisien, 0e0) as w_kode_kabupaten",
            "coalesce(wp.koefisien, 0e0) as w_kode_provinsi",
        ]
        return (
            f"select {', '.join(selected)}\nfrom welfare.fitur_keluarga as f\n"
            f"left join ({self._fills('kode_kabupaten')}) as ik on f.kode_kabupaten = ik.kode\n"
            f"left join ({self._fills('kode_provinsi')}) as ip on f.kode_provinsi = ip.kode\n"
            f"left join ({self._regions('kode_kabupaten')}) as wk on f.kode_kabupaten = wk.nilai\n"
            f"left join ({self._regions('kode_provinsi')}) as wp on f.kode_provinsi = wp.nilai\n{where}"
        )

    def score(self) -> str:
        """SELECT of welfare.skor for the families whose evidence suits this model."""
        added = " + ".join(
            [
                _number(self.konstanta),
                *(f"coalesce(c.c_{k}, c.i_{k})" for k in self.columns),
                *(f"c.w_{level}" for level in REGIONS),
            ]
        )
        missing = ", ".join(f"case when c.c_{k} is null then '{k}' end" for k in self.columns)
        filled = f"concat_ws(',', {missing})" if self.columns else "''"
        variance = " + ".join(
            [_number(self.sigma**2)]
            + [f"case when c.c_{k} is null then {_number(self.spread[k] ** 2)} else 0e0 end" for k in self.columns]
        )
        return (
            f"select s.family_id, {_text(self.model)} as model, s.skor, s.galat,\n"
            f"    s.imputasi = '' and {_text(self.model)} = 'lengkap' as lengkap, s.imputasi,\n"
            f"    {_text(self.version)} as versi_model\n"
            f"from (select c.family_id, {added} as skor, sqrt({variance}) as galat, {filled} as imputasi\n"
            f"from ({self.contributions(f'where f.bukti = {_text(self.model)}')}) as c) as s"
        )

    def _fills(self, level: str) -> str:
        pivot = [f"max(case when kolom = '{k}' then kontribusi end) as {k}" for k in self.columns]
        return (
            f"select {', '.join(['kode', *pivot])} from welfare.isian "
            f"where model = '{self.model}' and tingkat = '{level}' group by kode"
        )

    def _regions(self, level: str) -> str:
        return (
            f"select nilai, koefisien from welfare.koefisien "
            f"where model = '{self.model}' and jenis = 'wilayah' and kolom = '{level}'"
        )


def _expression(kolom: str, rows: pd.DataFrame) -> str:
    """The summed terms of one column; NULL where its value is missing or a category the survey does not know."""
    if rows["jenis"].iloc[0] == "kategori":
        cases = " ".join(
            f"when {_text(v)} then {_number(k)}" for v, k in zip(rows["nilai"], rows["koefisien"], strict=True)
        )
        return f"case f.{kolom} {cases} end"
    low, high = rows["batas_bawah"].iloc[0], rows["batas_atas"].iloc[0]
    number = f"least(greatest(cast(f.{kolom} as double), {_number(low)}), {_number(high)})"
    forms = {"angka": number, "ya": number, "log": f"ln({number})", "log1p": f"ln(1 + {number})"}
    added = " + ".join(f"{_number(k)} * {forms[j]}" for j, k in zip(rows["jenis"], rows["koefisien"], strict=True))
    # least and greatest skip NULL instead of passing it on, so a missing value has to be kept out.
    return f"case when f.{kolom} is not null then {added} end"
