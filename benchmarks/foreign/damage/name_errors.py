"""How clerks write names: abbreviated, misheard, cut, with titles, and with slips of the finger.

What belongs here: what becomes of a name's words (numpy, by word number) and then of its letters (SQL).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.country.lexicon import ABBREVIATED, lexicon
from benchmarks.foreign.country.names import left_packed
from benchmarks.foreign.damage.hand import Hand

_TITLES_BEFORE = ("H. ", "HJ. ", "DRS. ", "IR. ", "R. ", "IBU ", "BPK ", "HJ ", "ALM. ", "ALMH. ")
_TITLES_BEHIND = (", S.PD", " S.PD", ", S.E.", " SH", " ALM", " (ALM)", ", A.MD", " S.AG", " ALMH")
# Slips of the finger and how often, numbered from 1 in ``slip_sql``.
_SLIPS = {"wrong": 4, "left out": 3, "double": 2, "turned": 2.5, "blank": 0.8}
# For each key, the one to the right and the one beside it on the row above or to the left.
_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM"
_KEY_RIGHT = "WERTYUIOPOSDFGHJKLKXCVBNMN"
_KEY_BESIDE = "AQWERTYUIOQAZSXDCFVZXCVBGH"
_UNLIMITED = 99


def write_names(
    con: duckdb.DuckDBPyConnection, hand: Hand, names: Array, father: Array, male: Array, limit: Array
) -> pa.ChunkedArray:
    """Write names as somebody spelled them. ``names`` and ``father`` are [n, 4] word numbers, ``limit`` letters fit (0: all)."""
    con.register("written", _draw_errors(hand, names, father, male, limit))
    spelled = con.sql(
        f"""
        with joined as (
            select
                *, case when run_together then concat(word1, word2) else concat_ws(' ', word1, word2) end as beginning,
                concat_ws(' ', beginning, word3, word4) as name
            from written
        ),
        slipped as (select *, {slip_sql("name", "slip", "slip_at")} as once from joined),
        slipped_again as (select *, {slip_sql("once", "second_slip", "second_slip_at")} as twice from slipped)
        select trim(left(
            concat(title_before, twice, case when father is not null then son_of || father end, title_behind), letters
        )) as name from slipped_again
        """
    ).to_arrow_table()
    con.unregister("written")
    return spelled.column("name")


def _draw_errors(hand: Hand, names: Array, father: Array, male: Array, limit: Array) -> pa.Table:
    """Draw what each writer did to a name: the words that are left, titles, and slips of the finger.

    Columns: ``word1`` to ``word4`` (``run_together``: the first two are), titles, ``father`` behind ``son_of`` where he is named,
    ``slip``/``second_slip`` (0: none) and where they are (a share of the length), and how many ``letters`` fit.
    """
    words, rng, n = lexicon(), hand.rng, len(names)
    names = _drop_and_swap(hand, _respell(hand, names))
    count = (names >= 0).sum(axis=1)
    has_father = father[:, 0] >= 0
    his = father.clip(0)[:, 0]
    adds = np.flatnonzero((count < 4) & has_father & hand.errs(0.008))
    names[adds, count[adds]] = his[adds]
    run_together = (count > 1) & hand.errs(0.011)
    before, behind = np.full(n, -1), np.full(n, -1)
    titled = hand.errs(0.014)
    usual = np.where(male, 0, 1)
    before[titled] = np.where(rng.random(n) < 0.6, usual, rng.integers(2, len(_TITLES_BEFORE), n))[titled]
    titled = hand.errs(0.008)
    behind[titled] = rng.integers(0, len(_TITLES_BEHIND), n)[titled]
    names_father = has_father & hand.errs(0.010)
    slip = np.where(hand.errs(0.038), 1 + hand.kinds(_SLIPS), 0)
    second_slip = np.where((slip > 0) & (hand.broken | hand.errs(0.05)), 1 + rng.integers(0, 4, n), 0)
    return pa.table(
        {
            **{f"word{k + 1}": pc.take(words.text, pa.array(names[:, k], mask=names[:, k] < 0)) for k in range(4)},
            "run_together": run_together,
            "title_before": pc.take(pa.array(_TITLES_BEFORE), pa.array(before, mask=before < 0)),
            "title_behind": pc.take(pa.array(_TITLES_BEHIND), pa.array(behind, mask=behind < 0)),
            "father": pc.take(words.text, pa.array(his, mask=~names_father)),
            "son_of": np.where(male, " BIN ", " BINTI "),
            "slip": slip.astype(np.int8),
            "second_slip": second_slip.astype(np.int8),
            "slip_at": rng.random(n),
            "second_slip_at": rng.random(n),
            "letters": np.where(limit > 0, limit, _UNLIMITED).astype(np.int32),
        }
    )


def _respell(hand: Hand, names: Array) -> Array:
    """Abbreviate, mishear or spell in the old way single words; returns a copy."""
    words, rng, n = lexicon(), hand.rng, len(names)
    names = names.copy()
    last = ((names >= 0).sum(axis=1) - 1).clip(0)
    shortenable = [words.number[word] for word in ABBREVIATED if word in words.number]
    for column in range(4):
        word = names[:, column]
        safe = word.clip(0)
        is_word = word >= 0
        new = word
        abbreviated = np.isin(word, shortenable) & hand.errs(0.09)
        new = np.where(abbreviated, words.short[safe, rng.integers(0, 9, n)], new)
        new = np.where(is_word & hand.errs(0.022), words.misheard[safe, rng.integers(0, 3, n)], new)
        new = np.where(is_word & hand.errs(0.004, np.where(column < 2, 1, 0.5)), words.old[safe], new)
        is_last = is_word & (column == last) & (column > 0)
        to_initial = is_last & hand.errs(0.014)
        new = np.where(to_initial, np.where(rng.random(n) < 0.5, words.initial[safe], words.letter[safe]), new)
        new = np.where(is_word & (column > 0) & ~is_last & hand.errs(0.006), words.initial[safe], new)
        names[:, column] = new
    return names


def _drop_and_swap(hand: Hand, names: Array) -> Array:
    """Leave out words, all but the last, or swap the first with the last; returns a left-packed copy."""
    rng, n = hand.rng, len(names)
    count = (names >= 0).sum(axis=1)
    last, rows = (count - 1).clip(0), np.arange(n)
    several = count > 1
    only_last = several & hand.errs(0.006)
    last_alone = np.stack([names[rows, last], *[np.full(n, -1)] * 3], axis=1)
    names = np.where(only_last[:, None], last_alone, names)
    several &= ~only_last
    drop = several & hand.errs(0.022)
    at = np.where(rng.random(n) < 0.7, last, rng.integers(0, 4, n) % count.clip(1))
    names[rows[drop], at[drop]] = -1
    swap = np.flatnonzero(several & ~drop & hand.errs(0.009))
    first = names[swap, 0].copy()
    names[swap, 0] = names[swap, last[swap]]
    names[swap, last[swap]] = first
    return left_packed(names)


def slip_sql(text: str, slip: str, at: str) -> str:
    """Write the SQL of ``text`` after one ``slip`` (1-5) at the share ``at`` of its length, at any letter but the last.

    1 wrong key, 2 left out, 3 double, 4 turned with the next, 5 a blank behind.
    """
    p = f"(1 + cast(floor({at} * greatest(length({text}) - 1, 0)) as integer))"
    letter = f"substr({text}, {p}, 1)"
    return f"""case {slip}
        when 1 then substr({text}, 1, {p} - 1) || translate({letter}, '{_KEYS}', case when {at} * 1000 % 2 < 1 then '{_KEY_RIGHT}'
            else '{_KEY_BESIDE}' end) || substr({text}, {p} + 1)
        when 2 then case when length({text}) > 3 then substr({text}, 1, {p} - 1) || substr({text}, {p} + 1) else {text} end
        when 3 then substr({text}, 1, {p}) || substr({text}, {p})
        when 4 then substr({text}, 1, {p} - 1) || substr({text}, {p} + 1, 1) || {letter} || substr({text}, {p} + 2)
        when 5 then substr({text}, 1, {p}) || ' ' || substr({text}, {p} + 1)
        else {text} end"""
