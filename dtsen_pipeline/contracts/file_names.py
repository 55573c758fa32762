"""Mask the names of delivered files, which may name a person: harmless words stay, the rest becomes a pattern.

What belongs here: which endings and words a file name may have in a message, a table or a page, and the mask over the others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from dtsen_pipeline.contracts.model import load

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")
# Digits in a row, and in all: more than a date and a code have together may be a NIK in pieces.
LONGEST_NUMBER, MOST_DIGITS = 8, 14

# Words that name nobody; every other word of a file name is masked. ``_known_words`` adds the words of the contracts.
PUBLIC_WORDS = """
    catatan bagian bag part batch tahap data final rev revisi copy salinan baru lama susulan perbaikan koreksi lengkap hasil
    kiriman unduhan ekspor export master tabel table file berkas folder lembar sheet no nomor dan of to
    kab kabupaten kota prov provinsi kec kecamatan desa kel kelurahan wilayah nasional pusat daerah
    januari februari maret april mei juni juli agustus september oktober november desember jan feb mar apr jun jul agu agt aug sep
    okt oct nov des dec bulan tahun tanggal tgl triwulan semester
    aceh sumatera sumatra utara barat selatan timur tengah tenggara riau jambi bengkulu lampung kepulauan bangka belitung dki
    jakarta jawa di diy yogyakarta banten bali nusa kalimantan sulawesi gorontalo maluku papua pegunungan daya
    csv gz parquet xlsx xls xlsm xlsb ods zip rar tar txt pdf doc docx md json xml sav dta dbf sql bak old filepart crdownload tmp
    partial readme checksums checksum sha selesai kebenaran usul usulan sanggah sanggahan musdes muskel verifikasi
"""


_SEPARATORS = "-_ .,()+"


def public_name(name: str, beside: Collection[str]) -> str:
    """The name of a delivered file or folder as it may be shown: only what cannot name a person is kept.

    Each other word, long numbers and every odd character become a ``*``, so that the result is a pattern by which a shell finds the
    file. ``beside`` are all names in the folder: ``anggota_*~2.csv`` is the second of them, in the order of their bytes, that fits
    ``anggota_*.csv``.
    """
    runs = [run for run in re.findall("[0-9]+", name) if len(run) <= LONGEST_NUMBER]
    numbers = sum(map(len, runs)) <= MOST_DIGITS
    kept = []
    for token in _token_pattern().finditer(name):
        word = token[0]
        letter = len(word) == 1 and word.isascii() and word.isalpha()  # bagian A, bagian B
        harmless = letter or word in _SEPARATORS or (numbers and word in runs) or word.lower() in _known_words()
        kept.append(word if harmless else "*")
    pattern = re.sub(rf"\*(?:[{re.escape(_SEPARATORS)}]*\*)+", "*", "".join(kept))
    if "*" not in pattern:
        return pattern
    places = _places_by_name(pattern, tuple(beside))
    if len(places) < 2:
        return pattern
    # Before the ending, where no digit follows: *~1123.csv could be the first of *123.csv and the eleventh of *23.csv.
    longest_first = sorted(SUFFIXES, key=len, reverse=True)
    ending = next((suffix for suffix in longest_first if pattern.lower().endswith(suffix)), "")
    cut = len(pattern) - len(ending) if ending else max(pattern.rfind("."), 0) or len(pattern)
    return f"{pattern[:cut]}~{places[name]}{pattern[cut:]}"


@lru_cache(maxsize=64)  # a folder of thousands of files has few patterns
def _places_by_name(pattern: str, names: tuple[str, ...]) -> dict[str, int]:
    """The ``names`` that fit ``pattern`` as in a shell, with their places (from 1) in the order of their bytes."""
    hidden = pattern.startswith(".")
    begin, _, rest = pattern.partition("*")
    end = rest.rpartition("*")[2]
    fits = [
        name
        for name in names
        # The two ends first: that is much faster and refuses nearly all names.
        if name.startswith(begin)
        and name.endswith(end)
        and fnmatchcase(name, pattern)
        and name.startswith(".") == hidden
    ]
    return {name: place for place, name in enumerate(sorted(fits, key=os.fsencode), start=1)}


@cache
def _known_words() -> frozenset[str]:
    """Words that stay in a shown name: PUBLIC_WORDS, the sources, and the prefixes of their files."""
    return frozenset((*PUBLIC_WORDS.split(), *load(), *_file_prefixes()))


def _file_prefixes() -> list[str]:
    """How the file names of the tables of all contracts begin, the longest first."""
    prefixes = {table.files for contract in load().values() for table in contract.tables.values() if table.files}
    return sorted(prefixes, key=len, reverse=True)


@cache
def _token_pattern() -> re.Pattern[str]:
    """What cuts a name into words, numbers and single characters."""
    # Words of the contracts first: they may run into another word, as in anggotabaru.csv.
    own = "|".join(map(re.escape, (*_file_prefixes(), *load())))
    return re.compile(f"(?:{own})|[A-Za-z]+|[0-9]+|.", re.DOTALL | re.IGNORECASE)


def letters_and_digits(name: str) -> str:
    """The name in lower case, without all other characters."""
    return re.sub("[^a-z0-9]", "", name.casefold())
