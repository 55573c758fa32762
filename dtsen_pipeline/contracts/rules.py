"""Write the rules of a contract as SQL, explain broken ones in words, and mask personal values.

What belongs here: what makes one value or one row unacceptable. How the rules are applied to rows is found in ``judgement``.
"""

from __future__ import annotations

import re
from functools import cache

from dtsen_pipeline.bilingual import Bilingual, same
from dtsen_pipeline.contracts.model import Column, TableContract
from dtsen_pipeline.sql.macros import expand

# By code of the reason. ``explain_reason`` fills in the words in braces.
REASONS: dict[str, Bilingual] = {
    "jumlah_kolom": Bilingual(
        "banyaknya kolom pada baris ini tidak sama dengan judul kolom",
        "this row has another number of fields than the header",
    ),
    "kutip_rusak": Bilingual("tanda kutip pada baris ini tidak berpasangan", "the quotes of this row do not pair"),
    "karakter_nul": Bilingual("baris ini memuat karakter NUL", "this row holds NUL characters"),
    "wajib_kosong": Bilingual("nilai wajib kosong", "a required value is missing"),
    "kunci_ganda": Bilingual(
        "kunci ({key}) dipakai beberapa baris; satu dipertahankan, menurut urutan abjad isinya",
        "the key ({key}) is used by several rows; one is kept, the first by the alphabet of its content",
    ),
    "induk_tidak_ada": Bilingual("tidak ada di {parent}", "not delivered in {parent}"),
    "panjang": Bilingual("panjangnya bukan {length} karakter", "not {length} characters long"),
    "bukan_bilangan": Bilingual("bukan bilangan {number_id}", "not a {number_en} number"),
    "di_luar_batas": Bilingual("di luar batas {limits_id}", "outside the limits {limits_en}"),
    "kode_tidak_dikenal": Bilingual("bukan salah satu kode {choices}", "not one of the codes {choices}"),
    "label_tidak_dikenal": Bilingual("bukan salah satu label {choices}", "not one of the labels {choices}"),
    "kolom_bergeser": Bilingual(
        "isi baris ini tidak cocok dengan kolom-kolomnya: kolomnya bergeser",
        "what this row holds does not fit its columns: they have shifted",
    ),
    "angka_hilang": Bilingual(
        "dibulatkan oleh lembar kerja; angka-angkanya hilang, kirim sebagai teks",
        "rounded by a spreadsheet; its digits are gone, send it as text",
    ),
    "galat_lembar_kerja": Bilingual("galat lembar kerja, bukan nilai", "an error of a spreadsheet, not a value"),
    "tanpa_jawaban": Bilingual("tanda tanpa jawaban", "a mark for no answer"),
    "tanggal_nol": Bilingual(
        "nol dari program, bukan tanggal: tidak ada yang mengisinya",
        "the zero of a program and no date: nobody entered one",
    ),
    "tanggal_tak_terbaca": Bilingual(
        "tanggal tidak terbaca; tulis YYYY-MM-DD atau DD/MM/YYYY",
        "not a readable date; write YYYY-MM-DD or DD/MM/YYYY",
    ),
}


@cache
def inline(macro: str, column: str = "nilai") -> str:
    """SQL of a macro of ``dbt_like_sql`` over one column; cached, since parsing SQL costs more than running it."""
    return "(" + expand(f"select {macro}({column})").removeprefix("SELECT ") + ")"


# A whole date and nothing else: no code, number, label, name or NIK is written so.
DATE_PATTERN = (
    r"^[ '']*((18|19|20)[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}|[0-9]{1,2}[-/][0-9]{1,2}[-/](18|19|20)[0-9]{2})"
    r"([ T][0-9:.]+Z?)? *$"
)


def has_rule(column: Column) -> bool:
    """Whether the contract has a rule for the values; of other columns ``suspect_sql`` finds all that can be wrong."""
    return column.type != "string" or column.length is not None or column.area


# Values of columns without a rule that need a look: wrapped, an error of a spreadsheet, or no answer. Most names, addresses and
# numbers need none, and gathering their distinct values would cost more than all the rules.
_SUSPECT_SQL = "regexp_matches({value}, '^[^0-9A-Za-z]|[^ -~]|\"|^(?i:err|error|galat|fehler|erreur):') or {no_answer}"
# The same for ids: what a spreadsheet leaves of a number.
_SPREADSHEET_NUMBER_SQL = "regexp_matches({value}, '[0-9][.,]0+ *$|^[^A-Za-z]+[Ee][+][0-9]+ *$')"


def suspect_sql(column: Column, *, is_id: bool) -> str:
    """SQL of whether a value needs a look, for a column without a rule (``has_rule``)."""
    value = quoted_name(column.name)
    condition = _SUSPECT_SQL.format(value=value, no_answer=inline("tanpa_jawaban", value))
    condition += f" or coalesce({value}, '') = ''" if column.required else ""
    return f"{condition} or {_SPREADSHEET_NUMBER_SQL.format(value=value)}" if is_id else condition


def repairs(column: Column, *, is_id: bool) -> list[tuple[str, str]]:
    """SQL that undoes what a spreadsheet did to a code: pairs over ``nilai`` of a condition and the value before, in their order.

    Only where all digits are there; a code of another length than the contract's stays as it is, and is broken.
    """
    if not (column.length or column.area or is_id) or column.type != "string":
        return []
    plain = inline("bersih")
    pairs = [(f"regexp_matches({plain}, '^[0-9]+[.,]0+$')", f"regexp_extract({plain}, '^[0-9]+')")]
    if column.area:
        digits = f"regexp_replace({plain}, '[^0-9]', '', 'g')"
        # 11.01.01.2001 and 1.206.062.017: points, dashes or blanks between whole groups, and as many digits as a code has.
        lengths = column.length or "2, 4, 6, 7, 10"
        grouped = f"regexp_matches({plain}, '^[0-9]{{1,6}}([-., /]+[0-9]{{2,4}})+$')"
        pairs.append((f"{grouped} and length({digits}) in ({lengths})", digits))
    if column.zeros:
        short = f"regexp_matches({plain}, '^[0-9]+$') and length({plain}) < {column.length}"
        pairs.append((short, f"lpad({plain}, {column.length}, '0')"))
    return pairs


def broken_rule_sql(column: Column, *, is_id: bool = False, month: str | None = None) -> str:
    """SQL of the code of the rule that a value breaks (a key of ``REASONS``), NULL where it breaks none.

    It reads the columns ``nilai`` (as ``buka`` and ``repairs`` leave it), ``tanda`` (macro ``tanda_isian``) and ``hari``
    (``day_sql``). ``month`` is the month of the delivery, after which nothing in it can have happened; None for reference data.
    A mark for no answer is 'tanpa_jawaban', or 'wajib_kosong' where the column is required.
    """
    missing, known = "'wajib_kosong'" if column.required else "null", _known_words_sql(column)
    cases = [
        f"when tanda = 'kosong' then {missing}",
        *([f"when {known} then null"] if known else []),
        *(["when tanda = 'tanpa_jawaban' then 'wajib_kosong'"] if column.required else []),
        "when tanda is not null then tanda",
        *(f"when {test} then '{reason}'" for test, reason in _tests_of_type(column, is_id)),
        *(_date_cases(column, month) if column.type == "date" else []),
    ]
    return f"case {' '.join(cases)} end"


def day_sql(column: Column) -> str:
    """SQL of the day in ``nilai``, which ``broken_rule_sql`` reads as ``hari``; NULL where the column holds no dates.

    A column of its own, because the SQL is long: planning it twice takes longer than reading a small file.
    """
    return inline("tanggal") if column.type == "date" else "cast(null as date)"


def _date_cases(column: Column, month: str | None) -> list[str]:
    """The WHENs of a CASE for a day that is unreadable or outside its bounds."""
    within = [f"hari >= date '{column.min}'"] if column.min is not None else []
    if column.max == "bulan_kirim":
        within += [f"hari <= last_day(date '{month}-01' + interval 1 month)"] if month else []
    elif column.max is not None:
        within.append(f"hari <= date '{column.max}'")
    outside = [f"when not ({' and '.join(within)}) then 'di_luar_batas'"] if within else []
    return ["when hari is null then 'tanggal_tak_terbaca'", *outside]


def _known_words_sql(column: Column) -> str | None:
    """SQL of whether a value is a known word of its list; such a word may elsewhere be a mark for no answer."""
    if column.type == "label":
        # Without the macro ``kosong``, which makes NULL of some of them.
        key = f"lower(replace({inline('bersih')}, ' ', ''))"
        return f"{key} in ({', '.join(map(text_literal, column.spellings))})"
    if column.type == "code" and not _has_numeric_codes(column):
        return f"lower({inline('bersih')}) in ({', '.join(text_literal(code.lower()) for code in column.codes)})"
    return None


def _has_numeric_codes(column: Column) -> bool:
    return all(code.isdigit() for code in column.codes)


def _tests_of_type(column: Column, is_id: bool) -> list[tuple[str, str]]:
    """Pairs of a condition in SQL and the reason it stands for, by the type of the column."""
    if column.type == "string":
        rounded = f"regexp_matches({inline('bersih')}, '^[0-9]([.,][0-9]+)?[Ee][+][0-9]+$')"
        tests = [(rounded, "angka_hilang")] if is_id or column.area or column.length else []
        return [*tests, (f"length({inline('kosong')}) <> {column.length}", "panjang")] if column.length else tests
    if column.type in ("integer", "decimal"):
        number = inline("bulat" if column.type == "integer" else "angka")
        limits = [f"{number} < {column.min}"] if column.min is not None else []
        limits += [f"{number} > {column.max}"] if column.max is not None else []
        return [(f"{number} is null", "bukan_bilangan"), *((limit, "di_luar_batas") for limit in limits)]
    if column.type == "code":
        if not _has_numeric_codes(column):
            return [("true", "kode_tidak_dikenal")]
        return [(f"coalesce({inline('kode')} not in ({', '.join(column.codes)}), true)", "kode_tidak_dikenal")]
    if column.type == "label":
        return [("true", "label_tidak_dikenal")]
    return [(inline("tanggal_nol"), "tanggal_nol")]


def canonical_key_sql(table: TableContract) -> list[str]:
    """SQL of the key's columns, by which two spellings of one key are equal."""
    read = {"date": "tanggal", "integer": "bulat", "decimal": "angka", "code": "kode"}
    return [inline(read.get(table.columns[name].type, "kosong"), quoted_name(name)) for name in table.key]


def explain_reason(reason: str, table: TableContract, column: str | None) -> Bilingual:
    """Explain a reason, with what was expected; ``column`` is None for a flaw of the row."""
    c = table.columns.get(column or "")
    bounds = limits(c) if c else same("")
    words = {
        "key": ", ".join(table.key),
        "parent": f"{table.source}.{table.parent.table}" if table.parent else "",
        "length": c and c.length,
        "number_id": "bulat" if c and c.type == "integer" else "desimal",
        "number_en": "whole" if c and c.type == "integer" else "decimal",
        "limits_id": bounds.id,
        "limits_en": bounds.en,
        "choices": c and ", ".join(c.codes or c.labels),
    }
    text = REASONS[reason]
    return Bilingual(text.id.format(**words), text.en.format(**words))


def limits(column: Column) -> Bilingual:
    """The smallest and the largest value of a column as a range."""
    late = Bilingual("akhir bulan sesudah bulan kirim", "the end of the month after the delivery's")
    end = late if column.max == "bulan_kirim" else same(_bound_text(column.max))
    return Bilingual(f"{_bound_text(column.min)}..{end.id}", f"{_bound_text(column.min)}..{end.en}")


def _bound_text(value: object) -> str:
    """A bound as a message writes it; empty where there is none."""
    return "" if value is None else f"{value:.15g}" if isinstance(value, float | int) else str(value)


def mask(value: str) -> str:
    """Mask a personal value: each digit becomes 9, each letter x; signs and blanks stay, so that damage shows."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))


def mask_sql(expression: str) -> str:
    """SQL of what ``mask`` does."""
    letters = r"[\p{L}\p{Nl}\p{No}]"
    return rf"regexp_replace(regexp_replace({expression}, '{letters}', 'x', 'g'), '\p{{Nd}}', '9', 'g')"


def text_literal(value: str) -> str:
    """The value as a text literal in SQL."""
    return "'" + value.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """The name as a quoted identifier in SQL."""
    return '"' + name.replace('"', '""') + '"'
