"""How clerks write birthplaces: left out, another level of the same place, abbreviated or misspelled.

What belongs here: the draw of what was written, and the SQL that writes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.country.people import People
from benchmarks.foreign.country.places import Places
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.damage.name_errors import slip_sql
from benchmarks.foreign.listing import Listing

BIRTHPLACE_SQL = f"""case birthplace_style when 1 then 'KAB. ' || birthplace when 2 then left(birthplace, 3)
    when 3 then {slip_sql("birthplace", "2", "slip_at")}
    when 4 then replace(birthplace, ' ', '') when 5 then {slip_sql("birthplace", "1", "slip_at")} else birthplace end"""


def draw_birthplaces(hand: Hand, rows: Listing, people: People, places: Places) -> dict[str, Any]:
    """Draw the columns that ``BIRTHPLACE_SQL`` reads: the name, the style in which it is written, and where a slip is."""
    n = len(rows.person)
    place = people.birth_place[rows.person]
    village = people.birth_village[rows.person]
    is_other = hand.errs(0.07)
    place = np.where(is_other, np.where(hand.rng.random(n) < 0.6, places.kab_name[village], village), place)
    return {
        "birthplace": pc.take(places.names, pa.array(place, mask=hand.errs(0.03))),
        "birthplace_style": np.where(hand.errs(0.12), 1 + hand.rng.integers(0, 5, n), 0),
        "slip_at": hand.rng.random(n),
    }
