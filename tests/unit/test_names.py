"""Names as people and clerks write them, brought to one form without breaking the names that are fine as they are."""

from __future__ import annotations

from functools import cache

import pytest
from raw_fixture import records, warehouse

MODEL = "intermediate.int_nama__baku"

STANDARD = {
    # titles, in front and behind; a letter or degree inside a name is no title
    "H. MUHAMMAD GUNAWAN": "MUHAMMAD GUNAWAN",
    "Hj. R. Siti Aminah": "SITI AMINAH",
    "DRS. H. ELI RAJASA, M.Pd": "ELI RAJASA",
    "ELISABETH PRADIPTA, S.PD": "ELISABETH PRADIPTA",
    "BUDI SANTOSO S.E": "BUDI SANTOSO",
    "BUDI SANTOSO SE": "BUDI SANTOSO",
    "DEWI, S.KOM, M.M": "DEWI",
    "BAPAK CECEP": "CECEP",
    "ALM. SLAMET": "SLAMET",
    "SLAMET (ALM)": "SLAMET",
    "SITI H": "SITI H",
    "RINA M.": "RINA M",
    "IBU": "IBU",
    # bin and binti
    "GALUR HUTAPEA BIN ": "GALUR HUTAPEA",
    "SITI BINTI SALEH": "SITI SALEH",
    # Muhammad and the others that everybody writes in another way
    "MOCH. RIZKY": "MUHAMMAD RIZKY",
    "M. Rizky": "MUHAMMAD RIZKY",
    "MOHAMMAD RIZKY": "MUHAMMAD RIZKY",
    "MUH RIZKY": "MUHAMMAD RIZKY",
    "RIZKY M": "RIZKY M",
    "M": "M",
    "ACHMAD FAUZI": "AHMAD FAUZI",
    "ABD. RAHMAN": "ABDUL RAHMAN",
    "ST. AMINAH": "SITI AMINAH",
    "AMINAH ST": "AMINAH",
    # old spelling
    "SOEKARNO": "SUKARNO",
    "TJOKRO": "COKRO",
    "DJOKO": "JOKO",
    "NOER HAYATI": "NUR HAYATI",
    "JUSUF": "YUSUF",
    "TJAHJO": "CAHYO",
    "MOELJONO": "MULYONO",
    # modern names that only look old
    "JOKO": "JOKO",
    "JULIA": "JULIA",
    "ANJANI": "ANJANI",
    "NOEL": "NOEL",
    "RACHEL": "RACHEL",
    # marks
    "MA'RUF": "MARUF",
    "  ANI   LESTARI ": "ANI LESTARI",
    "JOSÉ-MARIA": "JOSE MARIA",
}


@cache
def _standard() -> dict[str, dict[str, object]]:
    people = [{"id_anggota": f"A{n}", "nama": name} for n, name in enumerate({*STANDARD, *_PAIRS, "12345", "W. SITI"})]
    with warehouse({"regsosek_anggota": people}, models=[MODEL]) as con:
        return {str(row["nama_asal"]): row for row in records(con, f"select * from {MODEL}")}


def _of(name: str) -> dict[str, object]:
    return _standard()[name.strip()]


# spellings of one name, which must meet in one block
PAIRS = [
    ("GANGSAR", "GNAGSAR"),
    ("FITRI", "PITRI"),
    ("HALIMAH", "HALIMA"),
    ("YUSNIDAR", "YUSNIDDAR"),
    ("MUHAMMAD RAMADAN", "RAMADAN"),
    ("SITI ZAHRA", "ZAHRA"),
    ("KHOIRIYAH", "KOIRIYAH"),
    ("SYAIFUL", "SAIFUL"),
    ("HENDRI", "ENDRI"),
    ("RIZKY", "RISKY"),
    ("ZAENAB", "JAENAB"),
]
_PAIRS = {name for pair in PAIRS for name in pair}


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_a_name_has_one_standard_form(name: str) -> None:
    assert _of(name)["nama"] == STANDARD[name]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_spellings_of_one_name_share_their_key(left: str, right: str) -> None:
    assert _of(left)["nama_kunci"] == _of(right)["nama_kunci"]


@pytest.mark.parametrize(("left", "right"), [("JOKO", "ANJANI"), ("FITRI", "HALIMAH"), ("SOEKARNO", "TJOKRO")])
def test_other_names_have_other_keys(left: str, right: str) -> None:
    assert _of(left)["nama_kunci"] != _of(right)["nama_kunci"]


def test_a_single_name_has_no_last_word() -> None:
    row = _of("JOKO")
    assert (row["nama_depan"], row["nama_akhir"], row["jumlah_kata"]) == ("JOKO", None, 1)


def test_words_are_counted_and_sorted_after_the_titles_are_gone() -> None:
    row = _of("Hj. R. Siti Aminah")
    assert (row["nama_depan"], row["nama_akhir"], row["jumlah_kata"], row["nama_urut"]) == (
        "SITI",
        "AMINAH",
        2,
        "AMINAH SITI",
    )


def test_an_initial_stays_a_word_of_the_name() -> None:
    assert _of("W. SITI")["nama_urut"] == "SITI W"


def test_a_name_without_a_letter_has_no_standard_form() -> None:
    assert "12345" not in _standard()
