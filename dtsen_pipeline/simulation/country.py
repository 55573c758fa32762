"""Build the simulated country: provinsi, kabupaten, kecamatan and desa in both code systems, with their history.

Belongs here: the area tables and the reference feed made of them. The names of provinsi and kabupaten are
real, those of kecamatan and desa are made up. The country does not depend on the seed of a simulation, so two
simulations or two months can be compared. People belong in `population`.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Codes, position_in_group, zero_padded

COUNTRY_SEED = 2022_07_25
# Kecamatan whose last villages got new numbers in 2022: as many as official lists show between two years.
SPLIT_KECAMATAN = 40
KECAMATAN_PER_KABUPATEN = (10, 23)
KECAMATAN_PER_KOTA = (4, 9)
DESA_PER_KECAMATAN = (7, 17)


@dataclass(frozen=True)
class Country:
    """Four area tables, each a dict of columns.

    `parent` is the position in the table one level up. `code` (Kemendagri) and `bps` are byte strings of 2, 4, 6 or 7,
    and 10 digits. `old_code` and `old_bps` are the codes before a split or recode, empty where nothing changed; `since`
    is the day from which the present code holds (days since 1970). `weight` is relative size, `level` the log distance
    from the national spending a head, `urban` whether the area counts as a town.
    """

    provinsi: dict[str, NDArray[Any]]
    kabupaten: dict[str, NDArray[Any]]
    kecamatan: dict[str, NDArray[Any]]
    desa: dict[str, NDArray[Any]]
    ethnicities: tuple[str, ...]
    ethnicity_mix: NDArray[np.float64]  # provinsi x ethnicity, rows sum to 1

    def kabupaten_of_desa(self, desa: NDArray[np.integer]) -> NDArray[np.integer]:
        """Return positions in `kabupaten` of positions in `desa`."""
        return np.asarray(self.kecamatan["parent"][self.desa["parent"][desa]])

    def provinsi_of_desa(self, desa: NDArray[np.integer]) -> NDArray[np.integer]:
        """Return positions in `provinsi` of positions in `desa`."""
        return np.asarray(self.kabupaten["parent"][self.kabupaten_of_desa(desa)])


def read_data(name: str) -> Any:
    """Read one YAML file of this package."""
    return yaml.safe_load(resources.files(__package__).joinpath(name).read_text("utf-8"))


@lru_cache(maxsize=1)
def build_country() -> Country:
    """Build the country: 38 provinsi, 514 kabupaten, some 7,200 kecamatan and 84,000 desa."""
    rng = np.random.default_rng(COUNTRY_SEED)
    provinces = read_data("provinces.yaml")
    ethnicities = tuple(read_data("names.yaml")["suku"])
    mix = np.array([[p["suku"].get(s, 0.0) for s in ethnicities] for p in provinces])
    provinsi = {
        "code": _bytes([p["kode"] for p in provinces]),
        "bps": _bytes([p["bps"] for p in provinces]),
        "name": np.array([p["nama"] for p in provinces]),
        "since": np.array([_day_number(p.get("dari", "2010-01-01")) for p in provinces]),
        "population": np.array([p["penduduk"] for p in provinces]),
        "level": np.array([p["taraf"] for p in provinces]),
        "urban_share": np.array([p["kota_pct"] for p in provinces]),
    }
    kabupaten = _kabupaten(provinces, rng)
    kecamatan = _kecamatan(kabupaten, rng)
    desa = _desa(provinsi, kabupaten, kecamatan, rng)
    return Country(provinsi, kabupaten, kecamatan, desa, ethnicities, mix)


def reference_table(w: Country, used_kecamatan: NDArray[np.integer] | None = None) -> pa.Table:
    """Return the reference feed `wilayah` of the contract: one row an area and period of validity.

    `used_kecamatan` limits the desa to those of these kecamatan (small simulations). Every higher level is complete.
    """
    d = w.desa
    chosen = np.arange(len(d["code"]))
    if used_kecamatan is not None:
        chosen = chosen[np.isin(d["parent"], used_kecamatan)]
    parts = []
    for tier, area_table in (
        (1, w.provinsi),
        (2, w.kabupaten),
        (3, w.kecamatan),
        (4, {k: v[chosen] for k, v in d.items()}),
    ):
        if "old_code" in area_table:
            replaced = area_table["old_code"] != b""
            parts.append(
                (
                    tier,
                    area_table["old_code"][replaced],
                    area_table["old_bps"][replaced],
                    area_table["name"][replaced],
                    np.full(replaced.sum(), _day_number("2010-01-01")),
                    area_table["since"][replaced] - 1,
                    area_table["code"][replaced],
                )
            )
        n = len(area_table["code"])
        parts.append(
            (
                tier,
                area_table["code"],
                area_table["bps"],
                area_table["name"],
                area_table["since"],
                np.full(n, -1),
                np.full(n, b"", dtype="S10"),
            )
        )
    columns: dict[str, pa.Array] = {
        "tingkat": pa.array(np.concatenate([np.full(len(b[1]), b[0]) for b in parts]).astype(str).tolist()),
        "kode_kemendagri": _text(np.concatenate([b[1] for b in parts])),
        "kode_bps": _text(np.concatenate([b[2] for b in parts])),
        "nama": pa.array(np.concatenate([b[3] for b in parts]).tolist(), pa.string()),
        "berlaku_dari": _date_text(np.concatenate([b[4] for b in parts])),
        "berlaku_sampai": _date_text(np.concatenate([b[5] for b in parts])),
        "kode_kemendagri_baru": _text(np.concatenate([b[6] for b in parts])),
    }
    return pa.table(columns)


def _kabupaten(provinces: list[dict[str, Any]], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    rows: list[tuple[int, str, str, str, str, str, bool, str]] = []
    for i, p in enumerate(provinces):
        since = p.get("dari", "2010-01-01")
        for code, bps, name, old_code, old_bps in p.get("eksplisit", []):
            rows.append(
                (i, code, bps, name, old_code, old_bps, int(code[2:]) > 70, since if old_code else "2010-01-01")
            )
        n = len(p.get("kabupaten", []))
        for j, name in enumerate(p.get("kabupaten", [])):
            bps_number = (j + 1) % n + 1 if p.get("geser") else j + 1
            rows.append(
                (i, f"{p['kode']}{j + 1:02d}", f"{p['bps']}{bps_number:02d}", name, "", "", False, "2010-01-01")
            )
        for j, name in enumerate(p.get("kota", [])):
            rows.append((i, f"{p['kode']}{71 + j}", f"{p['bps']}{71 + j}", name, "", "", True, "2010-01-01"))
    urban = np.array([b[6] for b in rows])
    return {
        "parent": np.array([b[0] for b in rows]),
        "code": _bytes([b[1] for b in rows]),
        "bps": _bytes([b[2] for b in rows]),
        "name": np.array([("Kota " if b[6] else "Kabupaten ") + b[3] for b in rows]),
        "short_name": np.array([b[3] for b in rows]),
        "old_code": _bytes([b[4] for b in rows]),
        "old_bps": _bytes([b[5] for b in rows]),
        "since": np.array([_day_number(b[7]) for b in rows]),
        "urban": urban,
        "weight": rng.lognormal(0.0, 0.55, len(rows)) * np.where(urban, 0.8, 1.0),
        "level": rng.normal(0.0, 0.10, len(rows)) + np.where(urban, 0.16, -0.04),
    }


def _kecamatan(kab: dict[str, NDArray[Any]], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    count = np.where(
        kab["urban"],
        rng.integers(*KECAMATAN_PER_KOTA, len(kab["code"])),
        rng.integers(*KECAMATAN_PER_KABUPATEN, len(kab["code"])),
    )
    parent = np.repeat(np.arange(len(count)), count)
    number = 1 + position_in_group(parent)
    code = np.char.add(kab["code"][parent], zero_padded(number, 2))
    # BPS numbers in tens to leave room for later splits: some kecamatan end in a 1.
    bps = np.char.add(kab["bps"][parent], zero_padded(number * 10 + np.where(rng.random(len(parent)) < 0.06, 1, 0), 3))
    old_code = np.where(
        kab["old_code"][parent] != b"", np.char.add(kab["old_code"][parent], zero_padded(number, 2)), b""
    )
    old_bps = np.where(
        kab["old_code"][parent] != b"", np.char.add(kab["old_bps"][parent], zero_padded(number * 10, 3)), b""
    )
    return {
        "parent": parent,
        "code": code.astype("S6"),
        "bps": bps.astype("S7"),
        "name": _place_names(kab["code"][parent], rng),
        "old_code": old_code.astype("S6"),
        "old_bps": old_bps.astype("S7"),
        "since": kab["since"][parent],
    }


def _desa(
    prov: dict[str, NDArray[Any]], kab: dict[str, NDArray[Any]], kec: dict[str, NDArray[Any]], rng: np.random.Generator
) -> dict[str, NDArray[Any]]:
    count = rng.integers(*DESA_PER_KECAMATAN, len(kec["code"]))
    parent = np.repeat(np.arange(len(count)), count)
    number = 1 + position_in_group(parent)
    urban_chance = np.where(kab["urban"], 0.95, np.clip(prov["urban_share"][kab["parent"]] * 0.85 - 0.05, 0.04, 1))
    urban_chance = np.where(prov["code"][kab["parent"]] == b"31", 1.0, urban_chance)
    urban = rng.random(len(parent)) < urban_chance[kec["parent"][parent]]
    kelurahan = urban & (rng.random(len(parent)) < np.where(kab["urban"][kec["parent"][parent]], 0.95, 0.12))
    # In a third of the kecamatan the Kemendagri serial has run ahead of the BPS one, as it does after mergers.
    jump = np.where(rng.random(len(count)) < 0.3, rng.integers(1, 5, len(count)), 0)[parent]
    jump = np.where(number > 2, jump, 0)
    tail = zero_padded(np.where(kelurahan, 1000, 2000) + number + jump, 4)
    code = np.char.add(kec["code"][parent], tail).astype("S10")
    bps = np.char.add(kec["bps"][parent], zero_padded(number, 3)).astype("S10")
    old_code = np.where(kec["old_code"][parent] != b"", np.char.add(kec["old_code"][parent], tail), b"").astype("S10")
    old_bps = np.where(
        kec["old_code"][parent] != b"", np.char.add(kec["old_bps"][parent], zero_padded(number, 3)), b""
    ).astype("S10")
    since = kec["since"][parent].copy()
    # Split (pemekaran) below the kabupaten: the last desa of a kecamatan had another serial before 2022.
    split = np.isin(parent, rng.choice(np.flatnonzero(kec["old_code"] == b""), SPLIT_KECAMATAN, replace=False))
    split &= (number > count[parent] - 3) & (old_code == b"")
    old_code[split] = np.char.add(kec["code"][parent[split]], zero_padded(2900 + number[split], 4))
    old_bps[split] = np.char.add(kec["bps"][parent[split]], zero_padded(900 + number[split], 3))
    since[split] = _day_number("2022-01-01")
    name = _place_names(kab["code"][kec["parent"][parent]], rng)
    return {
        "parent": parent,
        "code": code,
        "bps": bps,
        "name": name,
        "old_code": old_code,
        "old_bps": old_bps,
        "since": since,
        "urban": urban,
        "weight": rng.lognormal(0.0, 0.6, len(parent)) * np.where(urban, 2.0, 1.0),
        "level": rng.normal(0.0, 0.10, len(parent)),
    }


def _place_names(kabupaten_code: Codes, rng: np.random.Generator) -> NDArray[np.str_]:
    """Draw place names by island. The words are few, so names repeat inside a kabupaten as real ones do."""
    result = np.empty(len(kabupaten_code), dtype="U28")
    provinsi = kabupaten_code.astype("S2").astype("U2")
    for island in read_data("places.yaml").values():
        at = np.flatnonzero(np.isin(provinsi, island["provinsi"]))
        n = len(at)
        joined, apart = island["rapat"], island["lepas"]
        one_word = np.char.add(_draw_words(joined["depan"], n, rng), _draw_words(joined["belakang"], n, rng))
        two_words = np.char.add(
            np.char.add(_draw_words(apart["depan"], n, rng), " "), _draw_words(apart["belakang"], n, rng)
        )
        names = np.where(rng.random(n) < 0.5, one_word, two_words)
        direction = np.char.add(" ", rng.choice(np.array(island["arah"]), n))
        result[at] = np.where(rng.random(n) < 0.45, np.char.add(names, direction), names)
    return result


def _draw_words(words: str, n: int, rng: np.random.Generator) -> NDArray[np.str_]:
    return rng.choice(np.array(words.split()), n)


def _bytes(values: list[str]) -> Codes:
    return np.array(values, dtype="S")


def _day_number(date: str) -> int:
    return int(np.datetime64(date, "D").astype(int))


def _text(values: Codes) -> pa.Array:
    return pa.array(values).cast(pa.string())


def _date_text(days: NDArray[np.integer]) -> pa.Array:
    """Write days as YYYY-MM-DD, '' for negative ones."""
    text = np.datetime_as_string(np.maximum(days, 0).astype("datetime64[D]")).astype("U10")
    return pa.array(np.where(days < 0, "", text).tolist(), pa.string())
