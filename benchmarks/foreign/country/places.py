"""Where people live: provinces, regencies, districts and villages with their codes in both numberings.

What belongs here: the map, the reference table ``wilayah`` that is delivered of it, and the draw of a neighbouring village.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from benchmarks.foreign.arrays import Array, day_number
from dtsen_pipeline.contracts import load

# By province: Kemendagri code, name, share of the population in percent, and which cultures live there in which parts.
PROVINCES: tuple[tuple[int, str, float, str], ...] = (
    (11, "ACEH", 2.0, "aceh:9 melayu:1"),
    (12, "SUMATERA UTARA", 5.4, "batak:6 melayu:2 jawa:2"),
    (13, "SUMATERA BARAT", 2.0, "minang:9 batak:1"),
    (14, "RIAU", 2.4, "melayu:5 minang:2 jawa:2 batak:1"),
    (15, "JAMBI", 1.3, "melayu:7 jawa:3"),
    (16, "SUMATERA SELATAN", 3.1, "melayu:7 jawa:3"),
    (17, "BENGKULU", 0.8, "melayu:7 jawa:3"),
    (18, "LAMPUNG", 3.3, "jawa:6 melayu:3 sunda:1"),
    (19, "KEPULAUAN BANGKA BELITUNG", 0.5, "melayu:9 jawa:1"),
    (21, "KEPULAUAN RIAU", 0.8, "melayu:5 jawa:3 batak:2"),
    (31, "DKI JAKARTA", 3.9, "betawi:4 jawa:4 sunda:1 batak:1"),
    (32, "JAWA BARAT", 17.8, "sunda:8 jawa:1 betawi:1"),
    (33, "JAWA TENGAH", 13.5, "jawa:1"),
    (34, "DI YOGYAKARTA", 1.4, "jawa:1"),
    (35, "JAWA TIMUR", 15.0, "jawa:8 madura:2"),
    (36, "BANTEN", 4.4, "sunda:6 betawi:2 jawa:2"),
    (51, "BALI", 1.6, "bali:9 jawa:1"),
    (52, "NUSA TENGGARA BARAT", 2.0, "sasak:9 bali:1"),
    (53, "NUSA TENGGARA TIMUR", 2.0, "ntt:1"),
    (61, "KALIMANTAN BARAT", 2.0, "dayak:4 melayu:5 madura:1"),
    (62, "KALIMANTAN TENGAH", 1.0, "dayak:5 melayu:5"),
    (63, "KALIMANTAN SELATAN", 1.5, "melayu:9 jawa:1"),
    (64, "KALIMANTAN TIMUR", 1.4, "melayu:4 bugis:3 jawa:2 dayak:1"),
    (65, "KALIMANTAN UTARA", 0.3, "bugis:4 dayak:3 melayu:3"),
    (71, "SULAWESI UTARA", 1.0, "manado:9 bugis:1"),
    (72, "SULAWESI TENGAH", 1.1, "bugis:6 manado:3 jawa:1"),
    (73, "SULAWESI SELATAN", 3.3, "bugis:1"),
    (74, "SULAWESI TENGGARA", 1.0, "bugis:9 maluku:1"),
    (75, "GORONTALO", 0.4, "bugis:6 manado:4"),
    (76, "SULAWESI BARAT", 0.5, "bugis:1"),
    (81, "MALUKU", 0.7, "maluku:9 bugis:1"),
    (82, "MALUKU UTARA", 0.5, "maluku:8 bugis:2"),
    (91, "PAPUA", 0.4, "papua:7 bugis:2 maluku:1"),
    (92, "PAPUA BARAT", 0.2, "papua:7 bugis:3"),
    (93, "PAPUA SELATAN", 0.2, "papua:8 jawa:2"),
    (94, "PAPUA TENGAH", 0.5, "papua:1"),
    (95, "PAPUA PEGUNUNGAN", 0.5, "papua:1"),
    (96, "PAPUA BARAT DAYA", 0.2, "papua:7 maluku:2 bugis:1"),
)
# BPS codes of provinces that Kemendagri numbers in another way.
_BPS_PROVINCE = {91: 94, 92: 91, 93: 95, 94: 96, 95: 97, 96: 92}

_PLACE_HEADS = (
    "SUKA KARANG TANJUNG MUARA SUMBER SIDO BANJAR KEDUNG LUBUK GUNUNG CI PADANG BATU REJO WONO PULAU RANTAU KALI KOTA TELUK "
    "MEKAR LABUHAN WATU SIMPANG TAMBAK PANDAN UJUNG BUKIT KAMPUNG PASIR"
)
PLACE_TAILS = (
    "MAJU SARI JAYA REJO MULYO BARU AGUNG ASRI INDAH LAWAS DADI HARJO MAKMUR RAYA TENGAH LOR KIDUL SETIA TANI KENCANA BARAT "
    "TIMUR ANYAR SENTOSA WANGI DATAR PUTIH HITAM PANJANG DALAM"
)

# The day on which some regencies were split and their villages got other codes.
SPLIT_DAY = day_number("2022-07-01")
_LAST_OLD_DATE, _SPLIT_DATE, _FIRST_DATE = "2022-06-30", "2022-07-01", "2010-01-01"


@dataclass(frozen=True)
class Places:
    """Villages by number: codes as integers, numbers of kecamatan and kabupaten, share of the people, how well off they are.

    ``old_kemendagri``/``old_bps`` is the code before the split of the regency in 2022, 0 where there was none. ``names`` holds
    the villages' names, then those of kecamatan and of kabupaten (``kec_name``, ``kab_name`` are numbers into it).
    """

    kemendagri: Array
    bps: Array
    old_kemendagri: Array
    old_bps: Array
    kec: Array
    kab: Array
    province: Array
    weight: Array
    prosperity: Array
    kec_name: Array
    kab_name: Array
    names: pa.Array
    wilayah: pa.Table


class _Village(NamedTuple):
    kemendagri: int
    bps: int
    old_kemendagri: int
    old_bps: int
    kec: int
    kab: int
    province: int
    weight: float
    name: str


@dataclass
class _Map:
    """What has been numbered so far. ``areas`` are the rows of ``wilayah``."""

    areas: list[tuple[int, str, str, str, str, str | None, str | None]] = field(default_factory=list)
    villages: list[_Village] = field(default_factory=list)
    kec_names: list[str] = field(default_factory=list)
    kab_names: list[str] = field(default_factory=list)

    def add(self, level: int, kemendagri: int, bps: int, name: str, begin: str = _FIRST_DATE) -> None:
        """Enter an area that still exists; ``level`` is 1 province, 2 kabupaten, 3 kecamatan, 4 desa."""
        self.areas.append((level, str(kemendagri), str(bps), name, begin, None, None))

    def add_former(self, level: int, kemendagri: int, bps: int, name: str, successor: int) -> None:
        """Enter a code that ended with the split."""
        self.areas.append((level, str(kemendagri), str(bps), name, _FIRST_DATE, _LAST_OLD_DATE, str(successor)))


def draw_places(rng: np.random.Generator, persons: int) -> Places:
    """Draw the map of a country of ``persons`` people."""
    drawn = _draw_map(rng)
    columns = list(zip(*drawn.villages, strict=True))
    kemendagri, bps, old_kemendagri, old_bps, kec, kab, province = (
        np.array(column, dtype=np.int64) for column in columns[:7]
    )
    weight = _settle(rng, np.array(columns[7]), province, persons)
    header = load()["referensi"].tables["wilayah"].columns
    n = len(drawn.villages)
    return Places(
        kemendagri=kemendagri,
        bps=bps,
        old_kemendagri=old_kemendagri,
        old_bps=old_bps,
        kec=kec,
        kab=kab,
        province=province,
        weight=weight,
        prosperity=rng.normal(0, 0.4, len(PROVINCES))[province],
        kec_name=n + kec,
        kab_name=n + len(drawn.kec_names) + kab,
        names=pa.array([*columns[8], *drawn.kec_names, *drawn.kab_names]),
        wilayah=pa.table({c: pa.array(v) for c, v in zip(header, zip(*drawn.areas, strict=True), strict=True)}),
    )


def _draw_map(rng: np.random.Generator) -> _Map:
    drawn = _Map()
    heads, tails = _PLACE_HEADS.split(), PLACE_TAILS.split()
    names = (
        f"{heads[i % len(heads)]} {tails[i // len(heads)]}" for i in rng.integers(0, len(heads) * len(tails), 20_000)
    )
    for p, (code, province, share, _) in enumerate(PROVINCES):
        bps_province = _BPS_PROVINCE.get(code, code)
        drawn.add(1, code, bps_province, province)
        regencies = round(3 + share / 1.6)
        # BPS and Kemendagri number the regencies of some provinces differently from some regency on
        shifted_from = int(rng.integers(1, regencies + 1)) if rng.random() < 0.6 else 99
        for r in range(1, regencies + 1):
            is_town = r == regencies and regencies > 3
            kab = code * 100 + (71 if is_town else r)
            bps_kab = bps_province * 100 + (71 if is_town else r + (r >= shifted_from))
            bps_neighbour = bps_province * 100 + r - 1 + (r - 1 >= shifted_from)
            drawn.kab_names.append(next(names))
            drawn.add(2, kab, bps_kab, ("KOTA " if is_town else "") + drawn.kab_names[-1])
            # a regency that grew out of its neighbour in 2022 has villages whose codes changed
            former_bps_kab = bps_neighbour if not is_town and r > 1 and rng.random() < 0.06 else 0
            _draw_regency(rng, drawn, names, p, kab, bps_kab, former_bps_kab, is_town, share / regencies)
    return drawn


def _draw_regency(
    rng: np.random.Generator,
    drawn: _Map,
    names: Iterator[str],
    province: int,
    kab: int,
    bps_kab: int,
    former_bps_kab: int,
    is_town: bool,
    share: float,
) -> None:
    """Add the districts and villages of one regency; ``former_bps_kab`` is the regency they were split from, 0 for none."""
    for k in range(1, int(rng.integers(3, 7)) + 1):
        kec, bps_kec = kab * 100 + k, bps_kab * 1000 + k * 10
        former_kec = (kab - 1) * 100 + k + 20 if former_bps_kab else 0
        former_bps_kec = former_bps_kab * 1000 + (k + 20) * 10
        begin = _SPLIT_DATE if former_bps_kab else _FIRST_DATE
        drawn.kec_names.append(next(names))
        if former_bps_kab:
            drawn.add_former(3, former_kec, former_bps_kec, drawn.kec_names[-1], kec)
        drawn.add(3, kec, bps_kec, drawn.kec_names[-1], begin)
        for v in range(1, int(rng.integers(4, 9)) + 1):
            tail = (1000 if is_town else 2000) + v
            code, bps = kec * 10_000 + tail, bps_kec * 1000 + v
            former, former_bps = 0, 0
            name = next(names)
            if former_bps_kab:
                former, former_bps = former_kec * 10_000 + tail, former_bps_kec * 1000 + v
                drawn.add_former(4, former, former_bps, name, code)
            drawn.add(4, code, bps, name, begin)
            weight = share * float(rng.lognormal(0, 0.9)) * (2 if is_town else 1)
            kec_number, kab_number = len(drawn.kec_names) - 1, len(drawn.kab_names) - 1
            drawn.villages.append(
                _Village(code, bps, former, former_bps, kec_number, kab_number, province, weight, name)
            )


def _settle(rng: np.random.Generator, weight: Array, province: Array, persons: int) -> Array:
    """Give each village its share of the people, 0 where nobody lives.

    A small country lives in fewer villages, or nobody would have a neighbour; but in every province.
    """
    heaviest = np.lexsort((-weight, province))[np.searchsorted(np.sort(province), np.arange(len(PROVINCES)))]
    lived_in = rng.random(len(weight)) < max(40, persons / 120) / len(weight)
    lived_in[heaviest] = True
    weight = np.where(lived_in, weight, 0)
    of_province = np.array([share for _, _, share, _ in PROVINCES]) / np.bincount(province, weight)
    weight *= of_province[province]
    # and four villages are towns of their own
    weight[np.argsort(weight)[-4:]] = weight.sum() * np.array([0.02, 0.03, 0.05, 0.08])
    share: Array = weight / weight.sum()
    return share


def draw_nearby(rng: np.random.Generator, places: Places, village: Array, far: float) -> Array:
    """Draw another village: of the same regency, or with the share ``far`` any other."""
    anywhere = rng.choice(len(places.weight), len(village), p=places.weight)
    lived_in = np.flatnonzero(places.weight > 0)
    at = np.searchsorted(lived_in, village).clip(0, len(lived_in) - 1)
    beside = lived_in[(at + rng.integers(-6, 7, len(village))).clip(0, len(lived_in) - 1)]
    same = (rng.random(len(village)) >= far) & (places.kab[beside] == places.kab[village])
    return np.where(same, beside, anywhere)
