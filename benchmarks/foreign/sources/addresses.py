"""Addresses and area codes as interviewers write them.

What belongs here: streets, the styles of an address and of a neighbourhood (SLS) in SQL, and which code of a village is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.country.places import PLACE_TAILS, Places
from benchmarks.foreign.listing import Listing

_STREET_NAMES = (
    "MERDEKA;SUDIRMAN;DIPONEGORO;PAHLAWAN;MAWAR;MELATI;ANGGREK;KENANGA;FLAMBOYAN;CEMPAKA;PASAR;MASJID RAYA;GEREJA;PELITA;"
    "VETERAN;AHMAD YANI;GATOT SUBROTO;KARTINI;IMAM BONJOL;TEUKU UMAR;HASANUDDIN;PATTIMURA;SAWAH LEGA;KEBUN JERUK;STASIUN;"
    "PELABUHAN;POROS DESA;TRANS;LINTAS TIMUR;KOLAM;GARUDA;RAJAWALI;NANGKA;RAMBUTAN;MANGGA DUA;SEMERU;MERAPI;KELUD;SETIABUDI"
)
_DUSUN_NAMES = ", ".join(f"'{name}'" for name in PLACE_TAILS.split())
_DUSUN = f"list_extract([{_DUSUN_NAMES}], cast(1 + dusun % 25 as integer))"
ADDRESS_SQL = f"""case address_style
    when 0 then 'JL. ' || street || ' NO. ' || house when 1 then 'Jalan ' || street || ' No.' || house
    when 2 then 'JLN ' || street || ' ' || house when 3 then 'DUSUN ' || {_DUSUN}
    when 4 then 'DSN. ' || {_DUSUN} || ' RT ' || rt || ' RW ' || rw
    when 5 then 'JL ' || street || ' RT.' || printf('%02d', rt) || '/' || printf('%02d', rw)
    when 6 then 'KP. ' || {_DUSUN} || ' ' || rt || '/' || rw
    when 7 then street || ' GG. ' || (1 + dusun % 9) when 8 then '' else lower('jl. ' || street || ' no ' || house) end"""
SLS_SQL = """case sls_style when 0 then printf('RT %03d/RW %03d', rt, rw) when 1 then 'RT ' || rt || ' RW ' || rw
    when 2 then printf('RT.%02d RW.%02d', rt, rw) when 3 then printf('%03d/%03d', rt, rw) when 4 then ''
    else 'RT' || rt || '/' || rw end"""


def draw_addresses(rng: np.random.Generator, rows: Listing) -> dict[str, Any]:
    """Draw, by roster, the columns that ``ADDRESS_SQL`` and ``SLS_SQL`` read.

    The street is the family's in every source, how it is written the visit's.
    """
    rosters = len(rows.family)
    names = _STREET_NAMES.split(";")
    street = (rows.family * 2654435761 + rows.village * 40503) % (1 << 31)
    return {
        "street": pc.take(pa.array(names), pa.array(street % len(names))),
        "house": 1 + street // 64 % 140,
        "rt": 1 + street // 4096 % 9,
        "rw": 1 + street // 65536 % 12,
        "dusun": street // 7 % 100,
        "address_style": rng.choice(10, rosters, p=[0.24, 0.12, 0.1, 0.08, 0.08, 0.12, 0.06, 0.06, 0.08, 0.06]),
        "sls_style": rng.choice(6, rosters, p=[0.5, 0.15, 0.1, 0.1, 0.05, 0.1]),
    }


def bps_codes(places: Places, village: Array, from_old_list: Array) -> Array:
    """Give BPS codes; visits numbered ``from_old_list`` have the code before the split, where there was one."""
    old = places.old_bps[village]
    return np.where(from_old_list & (old > 0), old, places.bps[village])


def bps_columns_sql(provinsi: str, kabupaten: str, kecamatan: str, desa: str) -> dict[str, str]:
    """Write the SQL of four columns of these names, which cut ``bps_code``."""
    cuts = ((provinsi, 1, 2), (kabupaten, 3, 2), (kecamatan, 5, 3), (desa, 8, 3))
    return {column: f"substr(cast(bps_code as varchar), {begin}, {length})" for column, begin, length in cuts}
