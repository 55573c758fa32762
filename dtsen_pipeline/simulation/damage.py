"""Damage what is written of a person: the rates, the notes, and damaged dates and answers.

Every kind of damage has a name, and every damaged value is noted under it, so the truth says which rows were damaged
and how. Damaged numbers and names belong in `text_damage`. Who is listed twice or not at all belongs in `enumeration`.
"""

from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Booleans, Codes, Integers
from dtsen_pipeline.simulation.calendar import dmy, heaped_days, iso, to_days, year_month_day

# What sources hold where no date was entered.
EMPTY_DATES = np.array(
    [b"1899-12-30", b"1900-01-01", b"0", b"1", b"0000-00-00", b"00/00/0000", b"1970-01-01", b"1980-01-01"], "S12"
)


@dataclass(frozen=True)
class ErrorMix:
    """Shares of rows with each kind of damage, for a clerk of average quality.

    The names of the fields are the kinds that are written into the truth. The defaults leave a readable, true NIK on
    some 90 % of the rows, as in the match of DTKS with the population register.
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
    nik_bersama: float = 0.003  # a person with a neighbour's number, everywhere
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
        """Return a mix with every rate at zero, for clean sources."""
        return ErrorMix(**{f.name: 0.0 for f in fields(self)})


@dataclass
class Notes:
    """The damage done so far, as row numbers by kind."""

    by_kind: dict[str, list[Integers]] = field(default_factory=dict)

    def add(self, kind: str, rows: Integers) -> None:
        """Note rows damaged in one way."""
        if len(rows):
            self.by_kind.setdefault(kind, []).append(np.asarray(rows))


@dataclass
class Damager:
    """Chooses the rows of one table to damage and notes them. `quality` is 1 on average; higher is worse."""

    mix: ErrorMix
    quality: NDArray[np.float64]
    rng: np.random.Generator
    notes: Notes

    def hit(self, kind: str, possible: Booleans | None = None) -> Integers:
        """Draw and note the rows hit by one kind of damage, among those where it is possible."""
        struck = self.rng.random(len(self.quality)) < getattr(self.mix, kind) * self.quality
        at = np.flatnonzero(struck if possible is None else struck & possible)
        self.notes.add(kind, at)
        return at

    def hit_one_of(self, *kinds: str) -> dict[str, Integers]:
        """Draw and note the rows hit by each of several kinds that exclude each other."""
        bounds = np.cumsum([getattr(self.mix, kind) for kind in kinds])
        choice = np.searchsorted(
            bounds, self.rng.random(len(self.quality)) / np.maximum(self.quality, 1e-9), side="right"
        )
        result: dict[str, Integers] = {kind: np.flatnonzero(choice == i) for i, kind in enumerate(kinds)}
        for kind, at in result.items():
            self.notes.add(kind, at)
        return result


def row_quality(group: Integers, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the quality of rows, correlated within a group (a family, which one clerk wrote down).

    It is a gamma for the group times a gamma for the row, 6 at most.
    """
    shared = rng.gamma(1.6, 1 / 1.6, int(group.max(initial=0)) + 1)
    return np.minimum(shared[group] * rng.gamma(2.5, 1 / 2.5, len(group)), 6.0)


def damage_dates(damager: Damager, birth_day: Integers, slashed_share: float) -> tuple[pa.Array, Integers]:
    """Return birth dates as delivered, and the day that each row assumes. `slashed_share` are written DD/MM/YYYY."""
    rng = damager.rng
    days = birth_day.copy()
    hit = damager.hit_one_of(
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
    # No birth lies in the future: shift those the other way.
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
    # Spreadsheets count days from 1899-12-30.
    serial = (days[at] + 25_569).clip(1).astype("S8")
    text[at] = np.where(rng.random(len(at)) < 0.3, np.char.add(serial, b".0"), serial)
    at = hit["tgl_kosong"]
    text[at] = b""
    at = hit["tgl_nol"]
    # Each source has its own habits. The age was asked separately, so `days` stays.
    text[at] = rng.choice(EMPTY_DATES, len(at), p=rng.dirichlet(np.full(len(EMPTY_DATES), 1.5)))
    return to_arrow(text), days


def damage_codes(damager: Damager, kind: str, values: Integers, options: tuple[int, ...]) -> Integers:
    """Replace some codes by one of `options`."""
    result = values.copy()
    at = damager.hit(kind)
    result[at] = damager.rng.choice(np.array(options), len(at))
    return result


def swapped(damager: Damager, values: NDArray[np.integer], chance: float | None = None) -> NDArray[np.integer]:
    """Replace some answers by another row's: wrong, but as common as the right ones. `chance` overrides the mix."""
    rate = damager.mix.sifat_salah if chance is None else chance
    wrong = damager.rng.random(len(values)) < rate * damager.quality
    result = values.copy()
    result[wrong] = damager.rng.permutation(values)[wrong]
    return result


def to_arrow(text: Codes) -> pa.Array:
    """Convert byte strings to an Arrow array of text."""
    return pa.array(text, pa.binary()).cast(pa.string())
