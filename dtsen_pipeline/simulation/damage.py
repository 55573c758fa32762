"""What goes wrong between a person and a row: the rates, and the damage itself, vectorised.

Belongs here: the rates, the notes, damaged dates and answers. Damaged numbers and names belong in `tulisan`; which
persons a source sees, twice or not at all, in `pencacahan`. Every kind of damage has a name, and every damaged
value is noted under it, so that the truth can say which rows were spoilt and how.
"""

from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Booleans, Codes, Integers
from dtsen_pipeline.simulation.calendar import dmy, heaped_days, iso, to_days, year_month_day

EMPTY_DATES = np.array(
    [b"1899-12-30", b"1900-01-01", b"0", b"1", b"0000-00-00", b"00/00/0000", b"1970-01-01", b"1980-01-01"], "S12"
)


@dataclass(frozen=True)
class ErrorMix:
    """Shares of rows with each kind of damage, at average quality of work (rows of one clerk are good or bad
    together).

    The defaults put a readable, true NIK on some 90 % of the rows, as the match of DTKS with the population
    register had it.
    """

    nik_kosong: float = 0.030
    nik_pengganti: float = 0.021  # '-', 0000.., 9999.., 1234.., area and zeros
    nik_salah_digit: float = 0.016
    nik_tukar_digit: float = 0.007
    nik_panjang: float = 0.006  # 15 or 17 digits
    nik_huruf: float = 0.003  # O and I for 0 and 1
    nik_pemisah: float = 0.010  # spaces, dots, a leading apostrophe
    nik_ilmiah: float = 0.003  # 3.57301E+15
    nik_titik_nol: float = 0.004
    nik_akhir_nol: float = 0.005
    nik_kepala: float = 0.008  # the head's number on a member
    nik_sama_kk: float = 0.003
    nik_dua: float = 0.012  # a person with two numbers, here and there one or the other
    nik_bersama: float = 0.003  # a person with a neighbour\'s number, everywhere
    nama_ketik: float = 0.045  # one key wrong, missing, doubled
    nama_tukar_huruf: float = 0.009
    nama_singkat: float = 0.045  # M., ABD., ST., and other spellings of a word
    nama_gelar: float = 0.018
    nama_hilang: float = 0.022  # last word dropped, or only its initial
    nama_spasi: float = 0.011  # words run together, the space moved
    nama_ejaan_lama: float = 0.007
    nama_bin: float = 0.004
    tgl_tumpuk: float = 0.022
    tgl_tukar: float = 0.006  # day and month swapped
    tgl_tahun: float = 0.014
    tgl_hari: float = 0.010
    tgl_hanya_tahun: float = 0.008
    tgl_kosong: float = 0.012
    tgl_excel: float = 0.003
    tgl_mustahil: float = 0.001  # 31/02/1980
    tgl_nol: float = 0.003  # what stands where nothing was entered: 1899-12-30, 0, 0000-00-00, an office's own day
    tempat_kosong: float = 0.015
    tempat_lain: float = 0.09
    kk_kosong: float = 0.055
    kk_serial: float = 0.030  # last four digits of another card
    kk_salah_digit: float = 0.015
    kk_pemisah: float = 0.006
    jk_salah: float = 0.009
    hubungan_salah: float = 0.012
    ibu_kosong: float = 0.20  # DTKS only
    ibu_salah: float = 0.07
    sifat_salah: float = 0.045  # a housing answer or an asset
    wilayah_lama: float = 0.20  # of rows in areas that have an old code
    roster_ganda: float = 0.022
    orang_ganda: float = 0.006
    rusak: float = 1 / 5000  # rows that break the contract

    def without_damage(self) -> "ErrorMix":
        """A mix with every rate at zero: clean sources, for tests of what comes after."""
        return ErrorMix(**{f.name: 0.0 for f in fields(self)})


@dataclass
class Notes:
    """Damage done so far: row numbers by kind."""

    by_kind: dict[str, list[Integers]] = field(default_factory=dict)

    def add(self, kind: str, rows: Integers) -> None:
        if len(rows):
            self.by_kind.setdefault(kind, []).append(np.asarray(rows))


@dataclass
class Damager:
    """Damage for the rows of one table: their quality (1 on average, higher is worse), a stream, and the notes."""

    mix: ErrorMix
    quality: NDArray[np.float64]
    rng: np.random.Generator
    notes: Notes

    def hit(self, kind: str, possible: Booleans | None = None) -> Integers:
        """Rows hit by one kind of damage, among those where it can happen."""
        struck = self.rng.random(len(self.quality)) < getattr(self.mix, kind) * self.quality
        at = np.flatnonzero(struck if possible is None else struck & possible)
        self.notes.add(kind, at)
        return at

    def hit_one_of(self, *kind: str) -> dict[str, Integers]:
        """Rows hit by kinds that exclude each other."""
        bounds = np.cumsum([getattr(self.mix, j) for j in kind])
        choice = np.searchsorted(
            bounds, self.rng.random(len(self.quality)) / np.maximum(self.quality, 1e-9), side="right"
        )
        result: dict[str, Integers] = {j: np.flatnonzero(choice == i) for i, j in enumerate(kind)}
        for j, at in result.items():
            self.notes.add(j, at)
        return result


def row_quality(group: Integers, rng: np.random.Generator) -> NDArray[np.float64]:
    """Quality of rows, correlated within a group (one clerk's family): a gamma for the group times a gamma for the
    row.
    """
    shared = rng.gamma(1.6, 1 / 1.6, int(group.max(initial=0)) + 1)
    return np.minimum(shared[group] * rng.gamma(2.5, 1 / 2.5, len(group)), 6.0)


def damage_dates(p: Damager, birth_day: Integers, slashed_share: float) -> tuple[pa.Array, Integers]:
    """Birth dates as delivered, and the day the row believes in; `miring` is the share written DD/MM/YYYY."""
    rng = p.rng
    days = birth_day.copy()
    hit = p.hit_one_of(
        "tgl_tumpuk",
        "tgl_tukar",
        "tgl_tahun",
        "tgl_hari",
        "tgl_hanya_tahun",
        "tgl_kosong",
        "tgl_excel",
        "tgl_mustahil",
        "tgl_nol",
    )
    at = hit["tgl_tumpuk"]
    days[at] = heaped_days(days[at], [0.62, 0.26, 0.12], rng)
    at = hit["tgl_tukar"]
    year, month, day = year_month_day(days[at])
    swappable = day <= 12
    days[at] = np.where(swappable, to_days(year, np.where(swappable, day, 1), month), days[at])
    at = hit["tgl_tahun"]
    shift = rng.choice(
        np.array([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10]),
        len(at),
        p=[0.05, 0.08, 0.08, 0.12, 0.2, 0.2, 0.1, 0.07, 0.06, 0.04],
    )
    year, month, day = year_month_day(days[at])
    day = np.where(month == 2, np.minimum(day, 28), day)
    # Nobody is entered with a year to come: those that would be are that much too old instead.
    forward, backward = to_days(year + shift, month, day), to_days(year - shift, month, day)
    days[at] = np.where(forward > birth_day.max(initial=0), backward, forward)
    at = hit["tgl_hari"]
    days[at] += rng.choice(np.array([-20, -10, -3, -2, -1, 1, 2, 3, 10, 20]), len(at))
    text = iso(days).astype("S12")
    slashed = rng.random(len(days)) < slashed_share
    text[slashed] = dmy(days[slashed], b"/")
    dashed = slashed & (rng.random(len(days)) < 0.06)
    text[dashed] = dmy(days[dashed], b"-")
    at = hit["tgl_hanya_tahun"]
    year_text = iso(days[at]).astype("S4")
    choice = rng.integers(0, 3, len(at))
    text[at] = np.select(
        [choice == 0, choice == 1], [year_text, np.char.add(year_text, b"-00-00")], np.char.add(b"00/00/", year_text)
    )
    at = hit["tgl_mustahil"]
    text[at] = np.char.add(b"31/02/", iso(days[at]).astype("S4"))
    at = hit["tgl_excel"]
    # Spreadsheets count from 1899-12-30.
    serial = (days[at] + 25_569).clip(1).astype("S8")
    text[at] = np.where(rng.random(len(at)) < 0.3, np.char.add(serial, b".0"), serial)
    at = hit["tgl_kosong"]
    text[at] = b""
    at = hit["tgl_nol"]
    # Each source has its own habits. The age beside it was asked, and stays.
    text[at] = rng.choice(EMPTY_DATES, len(at), p=rng.dirichlet(np.full(len(EMPTY_DATES), 1.5)))
    return to_arrow(text), days


def damage_codes(p: Damager, kind: str, values: Integers, options: tuple[int, ...]) -> Integers:
    """Replace some codes by another of the list."""
    result = values.copy()
    at = p.hit(kind)
    result[at] = p.rng.choice(np.array(options), len(at))
    return result


def swapped(p: Damager, values: NDArray[np.integer], chance: float | None = None) -> NDArray[np.integer]:
    """Answers with some replaced by another family's: wrong, but as common as the right ones."""
    rate = p.mix.sifat_salah if chance is None else chance
    wrong = p.rng.random(len(values)) < rate * p.quality
    result = values.copy()
    result[wrong] = p.rng.permutation(values)[wrong]
    return result


def to_arrow(text: Codes) -> pa.Array:
    return pa.array(text, pa.binary()).cast(pa.string())
