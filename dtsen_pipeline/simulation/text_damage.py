"""Damage NIK, KK and names: digits, letters, words, spellings.

Belongs here: what happens to the text. Rates, notes and damaged dates belong in `damage`.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Codes, Integers, zero_padded
from dtsen_pipeline.simulation.damage import Damager, to_arrow
from dtsen_pipeline.simulation.names import NO_WORD, names_as_text, vocabulary

# Longest name in bytes; longer ones are cut.
NAME_WIDTH = 64
LETTERS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)


def damage_nik(damager: Damager, nik: Codes, head_nik: Codes, kk: Codes) -> Codes:
    """Return NIKs as delivered, dtype S24."""
    result = nik.astype("S24")
    rng = damager.rng
    hit = damager.hit_one_of(
        "nik_kosong",
        "nik_pengganti",
        "nik_salah_digit",
        "nik_tukar_digit",
        "nik_panjang",
        "nik_huruf",
        "nik_pemisah",
        "nik_ilmiah",
        "nik_titik_nol",
        "nik_akhir_nol",
        "nik_kepala",
        "nik_sama_kk",
    )
    result[hit["nik_kosong"]] = b""
    at = hit["nik_pengganti"]
    choice = rng.choice(6, len(at), p=[0.26, 0.26, 0.24, 0.06, 0.12, 0.06])
    substitutes = np.array([b"-", b"0" * 16, b"9" * 16, b"1234567890123456", b"", b""])[choice].astype("S24")
    substitutes[choice == 4] = np.char.add(nik[at[choice == 4]].astype("S6"), b"0" * 10)
    substitutes[choice == 5] = np.repeat(nik[at[choice == 5]].astype("S1").view(np.uint8), 16).view("S16")
    result[at] = substitutes
    result[hit["nik_salah_digit"]] = _change_digit(nik[hit["nik_salah_digit"]], rng)
    result[hit["nik_tukar_digit"]] = _swap_digits(nik[hit["nik_tukar_digit"]], rng)
    at = hit["nik_panjang"]
    result[at] = np.where(rng.random(len(at)) < 0.6, _drop_digit(nik[at], rng), _double_digit(nik[at], rng))
    at = hit["nik_huruf"]
    digits = _digits(nik[at])
    digits[digits == ord("0")] = ord("O")
    digits[digits == ord("1")] = ord("I")
    result[at] = digits.view("S16").ravel()
    at = hit["nik_pemisah"]
    x, choice = nik[at], rng.integers(0, 4, len(at))
    parts = [x.astype("S6"), _digits_between(x, 6, 12), _digits_between(x, 12, 16)]
    result[at] = np.select(
        [choice == 0, choice == 1, choice == 2],
        [_joined(parts, b" "), _joined(parts, b"."), np.char.add(b"'", x)],
        np.char.add(b" ", x),
    )
    at = hit["nik_ilmiah"]
    result[at] = _joined([nik[at].astype("S1"), np.char.add(_digits_between(nik[at], 1, 6), b"E+15")], b".")
    result[hit["nik_titik_nol"]] = np.char.add(nik[hit["nik_titik_nol"]], b".0")
    result[hit["nik_akhir_nol"]] = np.char.add(nik[hit["nik_akhir_nol"]].astype("S15"), b"0")
    result[hit["nik_kepala"]] = head_nik[hit["nik_kepala"]]
    result[hit["nik_sama_kk"]] = kk[hit["nik_sama_kk"]]
    return result


def damage_kk(damager: Damager, kk: Codes) -> Codes:
    """Return KK numbers as delivered, dtype S24."""
    result = kk.astype("S24")
    hit = damager.hit_one_of("kk_kosong", "kk_serial", "kk_salah_digit", "kk_pemisah")
    result[hit["kk_kosong"]] = b""
    at = hit["kk_serial"]
    tail = zero_padded(damager.rng.integers(100, 9990, len(at)), 4)
    result[at] = np.char.add(kk[at].astype("S12"), tail)
    result[hit["kk_salah_digit"]] = _change_digit(kk[hit["kk_salah_digit"]], damager.rng)
    at = hit["kk_pemisah"]
    result[at] = np.where(damager.rng.random(len(at)) < 0.5, np.char.add(b"'", kk[at]), np.char.add(kk[at], b" "))
    return result


def damage_names(damager: Damager, names: NDArray[np.int32]) -> pa.Array:
    """Return names as delivered. Words are damaged first, then letters."""
    rng, vocab = damager.rng, vocabulary()
    words = np.concatenate(
        [np.full((len(names), 1), NO_WORD, np.int32), names, np.full((len(names), 1), NO_WORD, np.int32)], axis=1
    )
    count = (names >= 0).sum(1)
    at = damager.hit("nama_singkat")
    has_variant = np.zeros(len(vocab.words), bool)
    has_variant[list(vocab.variants)] = True
    column = np.argmax(has_variant[np.maximum(names[at], 0)] & (names[at] >= 0), axis=1)
    original_word = names[at, column]
    for k, variants in vocab.variants.items():
        of_word = np.flatnonzero(original_word == k)
        words[at[of_word], column[of_word] + 1] = rng.choice(variants, len(of_word))
    at = damager.hit("nama_gelar")
    in_front = rng.random(len(at)) < 0.72
    words[at[in_front], 0] = rng.choice(vocab.front_titles, int(in_front.sum()))
    words[at[~in_front], -1] = rng.choice(vocab.back_titles, int((~in_front).sum()))
    at = damager.hit("nama_hilang")
    at = at[count[at] > 1]
    last = count[at]
    shortened = rng.random(len(at)) < 0.45
    last_words = words[at, last].copy()
    words[at, last] = NO_WORD
    text = names_as_text(words)
    if shortened.any():
        initial = pc.binary_join_element_wise(
            pc.take(text, pa.array(at[shortened])),
            pc.utf8_slice_codeunits(pc.take(vocab.words, pa.array(last_words[shortened])), 0, 1),
            " ",
        )
        dot = pa.array(np.where(rng.random(int(shortened.sum())) < 0.6, ".", "").tolist(), pa.string())
        text = _put(text, at[shortened], pc.binary_join_element_wise(initial, dot, ""))
    # A title such as ", S.PD" must not follow a space.
    text = pc.replace_substring(text, " ,", ",")
    at = damager.hit("nama_ejaan_lama")
    old_spelling = pc.replace_substring_regex(pc.take(text, pa.array(at)), "U", "OE")
    more = rng.random(len(at)) < 0.35
    old_spelling = pc.if_else(
        pa.array(more),
        pc.replace_substring_regex(pc.replace_substring_regex(old_spelling, "J", "DJ"), "C", "TJ"),
        old_spelling,
    )
    text = _put(text, at, old_spelling)
    at = damager.hit("nama_bin")
    father = (
        pc.take(vocab.words, pa.array(names[rng.permutation(len(names))[: len(at)], 0]))
        if len(at)
        else pa.array([], pa.string())
    )
    bin_word = pa.array(np.where(rng.random(len(at)) < 0.5, "BIN", "BINTI").tolist(), pa.string())
    text = _put(text, at, pc.binary_join_element_wise(pc.take(text, pa.array(at)), bin_word, father, " "))
    # Letters are moved as bytes, so only names in ASCII qualify.
    hit = {
        j: d[pc.string_is_ascii(pc.take(text, pa.array(d))).to_numpy(zero_copy_only=False)]
        for j, d in damager.hit_one_of("nama_ketik", "nama_tukar_huruf", "nama_spasi").items()
    }
    at = hit["nama_ketik"]
    text = _put(text, at, _mistype(pc.take(text, pa.array(at)), rng))
    at = hit["nama_tukar_huruf"]
    text = _put(text, at, _swap_letters(pc.take(text, pa.array(at)), rng))
    at = hit["nama_spasi"]
    return _put(text, at, _move_space(pc.take(text, pa.array(at)), rng))


def _put(texts: pa.Array, at: Integers, substitutes: pa.Array) -> pa.Array:
    """Replace the texts in the rows `at`."""
    if not len(at):
        return texts
    mask = np.zeros(len(texts), bool)
    mask[at] = True
    return pc.replace_with_mask(texts, pa.array(mask), substitutes)


def _letter_matrix(text: pa.Array) -> tuple[NDArray[np.uint8], Integers]:
    """Return texts as a matrix of bytes padded with zeros, and their lengths."""
    s = np.array(text.cast(pa.binary()).to_pylist() or [b""], dtype=f"S{NAME_WIDTH}")[: len(text)]
    m = s.view(np.uint8).reshape(len(s), NAME_WIDTH).copy()
    return m, np.char.str_len(s)


def _from_matrix(m: NDArray[np.uint8]) -> pa.Array:
    """Return a matrix of bytes as texts."""
    return to_arrow(np.ascontiguousarray(m).view(f"S{m.shape[1]}").ravel())


def _letter_position(m: NDArray[np.uint8], rng: np.random.Generator) -> Integers:
    """Draw the position of a letter in each text, not the first."""
    weight = rng.random(m.shape) * ((m >= 65) & (m <= 90))
    weight[:, 0] = 1e-9
    return np.asarray(np.argmax(weight, axis=1))


def _mistype(text: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Replace, drop, double or insert one letter of each text."""
    m, _ = _letter_matrix(text)
    n = len(m)
    at = _letter_position(m, rng)
    rows = np.arange(n)
    choice = rng.choice(3, n, p=[0.45, 0.30, 0.25])
    columns = np.arange(NAME_WIDTH)
    taken = np.where(
        (choice == 1)[:, None] & (columns >= at[:, None]),
        columns + 1,
        np.where((choice == 2)[:, None] & (columns > at[:, None]), columns - 1, columns),
    ).clip(0, NAME_WIDTH - 1)
    result = np.take_along_axis(m, taken, axis=1)
    changed = choice == 0
    result[rows[changed], at[changed]] = rng.choice(LETTERS, int(changed.sum()))
    inserted = (choice == 2) & (rng.random(n) < 0.5)
    result[rows[inserted], at[inserted]] = rng.choice(LETTERS, int(inserted.sum()))
    result[:, -1] = 0
    return _from_matrix(result)


def _swap_letters(text: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Swap two neighbouring letters of each text."""
    m, length = _letter_matrix(text)
    at = np.minimum(_letter_position(m, rng), np.maximum(length - 2, 0))
    rows = np.arange(len(m))
    m[rows, at], m[rows, at + 1] = m[rows, at + 1].copy(), m[rows, at].copy()
    empty = m[:, 0] == 0
    m[empty, 0], m[empty, 1] = m[empty, 1], 0
    return _from_matrix(m)


def _move_space(text: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Drop the first space of each text or move it by one letter."""
    m, length = _letter_matrix(text)
    n = len(m)
    has_space = (m == 32).any(1)
    at = np.argmax(m == 32, axis=1)
    removed = has_space & (rng.random(n) < 0.5)
    columns = np.arange(NAME_WIDTH)
    taken = np.where(removed[:, None] & (columns >= at[:, None]), columns + 1, columns).clip(0, NAME_WIDTH - 1)
    result = np.take_along_axis(m, taken, axis=1)
    direction = np.where(rng.random(n) < 0.5, -1, 1)
    moved = np.flatnonzero(has_space & ~removed & (at + direction > 0) & (at + direction < length - 1))
    from_at, to_at = at[moved], at[moved] + direction[moved]
    result[moved, from_at], result[moved, to_at] = result[moved, to_at].copy(), result[moved, from_at].copy()
    # Names of one word get a space inside.
    single_names = np.flatnonzero(~has_space & (length > 5))
    middle = length[single_names] // 2
    inserted = np.where(columns > middle[:, None], columns - 1, columns)
    result[single_names] = np.take_along_axis(m[single_names], inserted, axis=1)
    result[single_names, middle] = 32
    return _from_matrix(result)


def _digits(code: Codes) -> NDArray[np.uint8]:
    """Return codes of 16 digits as a matrix of bytes."""
    return code.astype("S16").view(np.uint8).reshape(len(code), 16).copy()


def _change_digit(code: Codes, rng: np.random.Generator) -> Codes:
    m = _digits(code)
    at = rng.integers(0, 16, len(m))
    rows = np.arange(len(m))
    m[rows, at] = (m[rows, at] - 48 + rng.integers(1, 10, len(m))) % 10 + 48
    return m.view("S16").ravel()


def _swap_digits(code: Codes, rng: np.random.Generator) -> Codes:
    m = _digits(code)
    differing = (m[:, :-1] != m[:, 1:]) * rng.random((len(m), 15))
    at = np.argmax(differing, axis=1)
    rows = np.arange(len(m))
    m[rows, at], m[rows, at + 1] = m[rows, at + 1].copy(), m[rows, at].copy()
    return m.view("S16").ravel()


def _drop_digit(code: Codes, rng: np.random.Generator) -> Codes:
    m, at = _digits(code), rng.integers(6, 16, len(code))
    columns = np.arange(15)
    return np.take_along_axis(m, np.where(columns >= at[:, None], columns + 1, columns), axis=1).view("S15").ravel()


def _double_digit(code: Codes, rng: np.random.Generator) -> Codes:
    m, at = _digits(code), rng.integers(6, 16, len(code))
    columns = np.arange(17)
    return np.take_along_axis(m, np.where(columns > at[:, None], columns - 1, columns), axis=1).view("S17").ravel()


def _digits_between(code: Codes, start: int, stop: int) -> Codes:
    return np.ascontiguousarray(_digits(code)[:, start:stop]).view(f"S{stop - start}").ravel()


def _joined(parts: list[Codes], delimiter: bytes) -> Codes:
    result = parts[0]
    for b in parts[1:]:
        result = np.char.add(np.char.add(result, delimiter), b)
    return result
