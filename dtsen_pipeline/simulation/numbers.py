"""Issue NIK and KK numbers that follow the rules.

NIK: 6 digits of the kecamatan where the person was first registered, DDMMYY of birth (day + 40 for women), a serial
of 4 digits, never 0000. KK: 6 digits of the kecamatan, DDMMYY of issue, a serial of 4 digits. Belongs here: the rules
only. Damaged numbers belong in `text_damage`.
"""

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Codes, Integers, zero_padded
from dtsen_pipeline.simulation.country import Country
from dtsen_pipeline.simulation.people import Keluarga, Persons

# Share of twins registered on one visit.
REGISTERED_TOGETHER = 0.8


def issue_numbers(
    area: Codes,
    days: Integers,
    female: NDArray[np.bool_],
    rng: np.random.Generator,
    highest_serial: int,
    after: Integers | None = None,
) -> Codes:
    """Return numbers of 16 digits: area (6), DDMMYY of `days`, a serial unique within area and day. Dtype S16.

    `after` holds the index of the element that came just before at the same counter (a twin's elder); the element's
    own index where there is none. Serials start at random from 1 to `highest_serial`.
    """
    month = days.astype("datetime64[D]").astype("datetime64[M]")
    day_of_month = days - month.astype("datetime64[D]").astype(np.int64) + 1 + 40 * female
    months = month.astype(np.int64)
    birth_part = day_of_month * 10_000 + (months % 12 + 1) * 100 + (1970 + months // 12) % 100
    key = area.astype(np.int64) * 1_000_000 + birth_part
    # Low serials are the common ones: offices count up from 1 each day.
    candidate = 1 + (highest_serial * rng.random(len(area)) ** 1.6).astype(np.int64)
    if after is not None:
        candidate = candidate[after] + (np.arange(len(candidate)) - after)
    order = np.lexsort((candidate, key))
    k, s = key[order], candidate[order]
    new_key = np.r_[True, k[1:] != k[:-1]]
    start = np.maximum.accumulate(np.where(new_key, np.arange(len(k)), 0))
    nth = np.arange(len(k)) - start
    # Make serial minus rank non-decreasing within the group: then serials rise strictly and stay unique.
    base = s - nth
    block = np.cumsum(new_key)
    base = np.maximum.accumulate(base + block * 100_000) - block * 100_000
    serial = np.empty_like(candidate)
    serial[order] = np.maximum(base, 1) + nth
    return zero_padded(key * 10_000 + np.minimum(serial, 9999), 16)


def set_nik(
    w: Country, k: Keluarga, o: Persons, second_nik_share: float, shared_nik_share: float, rng: np.random.Generator
) -> None:
    """Set `nik`, `second_nik` and `shared_nik` of all persons.

    `second_nik_share` is the share of persons with two numbers, `shared_nik_share` of those who got somebody else's. Areas that
    were split later keep the code they had when the NIK was issued.
    """
    n = len(o.birth_day)
    kec = o.birth_kecamatan
    old_area = w.kecamatan["old_code"][kec]
    area = np.where((old_area != b"") & (o.birth_day < w.kecamatan["since"][kec]), old_area, w.kecamatan["code"][kec])
    # Registered on one visit, twins have serials that follow each other.
    together = np.where(rng.random(n) < REGISTERED_TOGETHER, o.first_born, np.arange(n))
    o.nik = issue_numbers(area, o.official_birth_day, o.female, rng, 45, together)
    second = np.flatnonzero(rng.random(n) < second_nik_share)
    new_area = np.where(
        rng.random(len(second)) < 0.5, w.kecamatan["code"][w.desa["parent"][k.desa[o.keluarga[second]]]], area[second]
    )
    o.second_nik = np.full(n, b"", "S16")
    # Serials from 5001 on cannot collide with those of a first registration.
    o.second_nik[second] = zero_padded(
        issue_numbers(new_area, o.official_birth_day[second], o.female[second], rng, 45).astype(np.int64) + 5000, 16
    )
    o.shared_nik = np.zeros(n, bool)
    misnumbered = np.flatnonzero((rng.random(n) < shared_nik_share) & (o.relation > 1))
    # The number went to a neighbour: the person some places on in the village's list.
    o.nik[misnumbered] = o.nik[np.minimum(misnumbered + rng.integers(4, 60, len(misnumbered)), n - 1)]
    o.shared_nik[misnumbered] = True


def set_kk(w: Country, k: Keluarga, o: Persons, today: int, rng: np.random.Generator) -> None:
    """Set `kk`, `old_kk` and `kk_day`, the day the card changed (move, split, marriage, or a plain re-issue)."""
    n = len(k.desa)
    none_female = np.zeros(n, bool)
    earliest_issue = int(np.datetime64("2005-06-01", "D").astype(int))
    adult_day = o.birth_day[k.first_person] + int(21 * 365.25)
    # The old card was issued before the sources, over at least 1,000 days, so that young heads' days do not heap.
    end = today - 1500
    start = np.minimum(np.maximum(adult_day, earliest_issue), end - 1000)
    old_issue = (start + (end - start) * rng.random(n)).astype(np.int64)
    changed = np.where(k.move_day >= 0, _day_after(k.move_day, 120, today, rng), -1)
    changed = np.where(k.split_day >= 0, _day_after(k.split_day, 200, today, rng), changed)
    plain = (changed < 0) & (rng.random(n) < 0.07)
    changed = np.where(plain, rng.integers(today - 1400, today, n), changed)
    old_code = w.kecamatan["code"][w.desa["parent"][k.old_desa]]
    k.old_kk = issue_numbers(old_code, old_issue, none_female, rng, 60)
    new = issue_numbers(
        w.kecamatan["code"][w.desa["parent"][k.desa]], np.where(changed >= 0, changed, old_issue), none_female, rng, 60
    )
    # A re-issue inside the district often kept the first twelve digits and got a new serial.
    serial_only = plain & (rng.random(n) < 0.5)
    tail = rng.integers(100, 9000, n)
    new = np.where(serial_only, zero_padded(k.old_kk.astype(np.int64) // 10_000 * 10_000 + tail, 16), new)
    k.kk = np.where(changed >= 0, new, k.old_kk).astype("S16")
    k.kk_day = changed


def _day_after(event_day: Integers, longest: int, today: int, rng: np.random.Generator) -> Integers:
    """Return a day up to `longest` days after the event, today at the latest."""
    rest = np.minimum(longest, today - event_day + 1)
    return np.asarray(event_day + (rest * rng.random(len(event_day))).astype(np.int64))
