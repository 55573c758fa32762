"""How clerks write a NIK: left out, cut, formatted by a program, with wrong digits, or somebody else's.

What belongs here: the kinds of error and their shares; numbers that are computed (numpy) and texts that are cut (SQL).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.arrays import DAYS_A_YEAR, Array, first_of_group, year_month_day
from benchmarks.foreign.country.people import People
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.listing import Listing

# Kinds of error and how often; the last seven give another number, the others spoil the text (``_TEXT_SQL``).
_KINDS = {
    "empty": 2.6,
    "dash": 0.5,
    "zeros": 0.5,
    "one digit": 0.35,
    "1234": 0.12,
    "area and zeros": 0.45,
    "fifteen": 0.35,
    "seventeen": 0.3,
    "letters": 0.35,
    "blanks": 0.5,
    "dots": 0.35,
    "apostrophe": 0.6,
    "scientific": 0.3,
    "point zero": 0.5,
    "last zeroed": 0.45,
    "more zeroed": 0.2,
    "turned": 0.8,
    "one off": 1.3,
    "two off": 0.35,
    "head's": 0.7,
    "card": 0.35,
    "neighbour's": 0.25,
    "date": 0.5,
}
# ``nik`` is the number, ``n`` its text, ``p`` a place in it (7-14).
_TEXT_SQL = """case kind
    when 'empty' then '' when 'dash' then '-' when 'zeros' then '0000000000000000' when '1234' then '1234567890123456'
    when 'one digit' then repeat(cast(1 + nik % 9 as varchar), 16)
    when 'area and zeros' then left(n, 6) || '0000000000'
    when 'fifteen' then left(n, p) || substr(n, p + 2) when 'seventeen' then left(n, p) || substr(n, p)
    when 'letters' then replace(
        case when p % 3 < 2 then replace(n, '0', 'O') else n end, '1', case when p % 3 > 0 then 'I' else '1' end
    )
    when 'blanks' then left(n, 6) || ' ' || substr(n, 7, 6) || ' ' || right(n, 4)
    when 'dots' then left(n, 2) || '.' || substr(n, 3, 2) || '.' || substr(n, 5, 2) || '.' || substr(n, 7, 6) || '.' || right(n, 4)
    when 'apostrophe' then '''' || n when 'scientific' then left(n, 1) || '.' || substr(n, 2, 5) || 'E+15'
    when 'point zero' then n || '.0' when 'last zeroed' then left(n, 15) || '0' when 'more zeroed' then left(n, 13) || '000'
    else n end"""


def write_niks(
    con: duckdb.DuckDBPyConnection, hand: Hand, rows: Listing, people: People, card: Array, born: Array
) -> pa.ChunkedArray:
    """Write the NIK column as delivered; ``card`` and ``born`` are what stands beside it in the row."""
    rng, n = hand.rng, len(rows.person)
    has_second = rng.random(len(people.nik)) < 0.008 * min(hand.damage, 3)
    uses_second = has_second[rows.person] & (rng.random(n) < 0.5)
    own = np.where(uses_second, people.nik_second[rows.person], people.nik[rows.person])
    names = list(_KINDS)
    kind = hand.kinds(_KINDS)
    errs = hand.errs(0.092)
    # the card was not shown at this door, so nobody of the house has a number; and small children have none yet
    is_small = people.born[rows.person] > rows.day[rows.roster] - int(4 * DAYS_A_YEAR)
    not_shown = hand.roster_errs(0.018)[rows.roster] | (is_small & hand.errs(0.08))
    number = own
    for name, value in _wrong_numbers(rng, own, rows, card, born, people.male[rows.person]).items():
        number = np.where(errs & (kind == names.index(name)) & (value > 0), value, number)
    kind = np.where(not_shown, names.index("empty"), np.where(errs, kind, len(names)))
    con.register(
        "written",
        pa.table(
            {
                "nik": number,
                "p": rng.integers(7, 15, n),
                "kind": pc.take(pa.array([*names, "good"]), pa.array(kind)),
            }
        ),
    )
    column = con.sql(
        f"select nullif({_TEXT_SQL}, '') as nik from (select *, cast(nik as varchar) as n from written)"
    ).to_arrow_table()
    con.unregister("written")
    return column.column("nik")


def _wrong_numbers(
    rng: np.random.Generator, own: Array, rows: Listing, card: Array, born: Array, male: Array
) -> dict[str, Array]:
    """Draw, by kind of error, what number stands in each row if it errs in this way."""
    n = len(own)
    head = first_of_group(rows.roster)
    beside = (np.arange(n) + 1).clip(0, n - 1)
    beside = np.where(rows.roster[beside] == rows.roster, beside, head)
    power = 10 ** rng.integers(0, 15, n)
    low, high = own // power % 10, own // (power * 10) % 10
    turned = own + (low - high) * power * 10 + (high - low) * power
    one_off = _change_digit(
        rng, own, 10 ** np.where(rng.random(n) < 0.55, rng.integers(0, 4, n), rng.integers(0, 16, n))
    )
    one_off = np.where(one_off < 10**15, own + 1, one_off)
    two_off = _change_digit(rng, one_off, 10 ** rng.integers(0, 10, n))
    y, m, d = year_month_day(born)
    ddmmyy = (d + np.where(male, 0, 40)) * 10**4 + m * 100 + y % 100
    return {
        "turned": turned,
        "one off": one_off,
        "two off": two_off,
        "head's": own[head],
        "card": card,
        "neighbour's": own[beside],
        "date": (own // 10**10 * 10**6 + ddmmyy) * 10**4 + own % 10**4,
    }


def _change_digit(rng: np.random.Generator, number: Array, place: Array) -> Array:
    """Draw another digit at ``place`` (a power of ten) of each number."""
    digit = number // place % 10
    changed: Array = number + ((digit + rng.integers(1, 10, len(number))) % 10 - digit) * place
    return changed
