"""What an explanation of a person consists of, and the words for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dtsen_pipeline.review.decisions import Decision

# What is shown of a record, in this order: its label, and whether a value that most records do not have is marked.
FACTS: Mapping[str, tuple[str, bool]] = {
    "nama_asal": ("nama di sumber / name as delivered", False),
    "nama": ("nama baku / standardised name", True),
    "nik": ("NIK", True),
    "nik_masalah": ("masalah NIK / fault of the NIK", False),
    "kk": ("kartu keluarga / family card", True),
    "tgl_lahir": ("tanggal lahir / birth date", True),
    "jenis_kelamin": ("jenis kelamin / sex", True),
    "tempat_lahir": ("tempat lahir / birthplace", True),
    "ibu": ("nama ibu / mother", True),
    "hubungan": ("hubungan / relation", True),
    "alamat": ("alamat / address", True),
    "desa": ("desa / village", True),
    "tanggal_amatan": ("tanggal wawancara / interview date", False),
    "asal": ("berkas:baris / file:line", False),
}

# Comparisons of the linkage model.
COLUMNS: Mapping[str, str] = {
    "nama": "nama / name",
    "tanggal_lahir": "tanggal lahir / birth date",
    "nik": "NIK",
    "jk": "jenis kelamin / sex",
    "keluarga": "keluarga dan tempat / family and place",
    "tempat_lahir": "tempat lahir / birthplace",
}

# Why two records of the person are linked.
KINDS: Mapping[str, str] = {
    "keputusan": "putusan peninjau / reviewer's decision",
    "langsung": "pasangan langsung / direct pair",
    "dalam_keluarga": "dalam keluarga yang sama / inside one family",
    "kelompok": "sama persis / exactly alike",
}

# Why a merge was refused (``linkage.tolakan``).
REASONS: Mapping[str, str] = {
    "keputusan": "peninjau: dua orang / reviewer: two persons",
    "roster": "dua baris satu daftar anggota / two rows of one roster",
    "bukti_lain": "catatan lain keduanya terlalu berbeda / their other records differ too much",
    "tanggal_lahir": "tanggal lahir berlainan / birth dates exclude each other",
}


# The grades of ``model`` in English; one that is not here is shown by its own name.
GRADES: Mapping[str, str] = {
    "sama": "same",
    "sama tanpa spasi atau urutan": "same but for spaces or order",
    "salah ketik": "slip of the pen",
    "sebagian nama": "part of the name",
    "mirip": "alike",
    "nama depan mirip": "first name alike",
    "hanya nama akhir sama": "last name alone is the same",
    "sama, tanggal tumpukan": "same, a heaped date",
    "hari dan bulan tertukar": "day and month swapped",
    "tahun sama, hari tidak diketahui": "same year, day not known",
    "satu bagian beda": "one part differs",
    "hari dan bulan sama, tahun beda": "day and month same, another year",
    "tahun berdekatan": "years next to each other",
    "salah ketik pada tanggal": "slip in the date",
    "salah ketik pada wilayah": "slip in the area",
    "salah ketik pada nomor urut": "slip in the serial",
    "beda": "different",
    "beda, salah satu tidak cocok dengan orangnya": "different, one does not fit its person",
    "kartu keluarga sama": "same family card",
    "alamat sama": "same address",
    "desa sama": "same village",
    "kecamatan sama": "same district",
    "kabupaten sama": "same regency",
}

# Events of the registry, told of the id itself.
EVENTS: Mapping[str, str] = {
    "created": "dibuat / created",
    "retired": "berhenti / retired",
    "merged_into": "dilebur ke / merged into",
    "split_from": "dipecah dari / split from",
}


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall: it leads from ``before`` to ``after`` (match weight so far, log2)."""

    column: str
    grade: str
    before: float
    after: float

    @property
    def weight(self) -> float:
        """What the column adds to the match weight (log2), below 0 where it speaks against the match."""
        return self.after - self.before


@dataclass(frozen=True)
class Link:
    """Two records that were compared.

    ``place`` is that of a record of this person in ``Explanation.records``, from 1; ``other`` is a place too, or for a record of
    somebody else 'source:record_id'. ``steps`` add up to ``weight`` (log2), and are empty where the records are exactly alike.
    ``why`` is one of KINDS or REASONS, '' for a pair below the threshold.
    """

    place: int
    other: int | str
    person_id: str
    weight: float | None
    why: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Explanation:
    """All that is known of why these records are one person."""

    month: str
    released: bool
    person_id: str
    families: tuple[str, ...]
    records: tuple[Mapping[str, str], ...]
    path: tuple[Link, ...]
    refused: tuple[Link, ...]
    near: tuple[Link, ...]
    decisions: tuple[Decision, ...]
    events: tuple[tuple[str, str, str], ...] = field(default=())
    """Month, what happened, to or from which id ('' for none)."""
    validity: tuple[tuple[str, str, str, str], ...] = field(default=())
    """Record, family, from which month, before which month ('' while it lasts)."""

    def outlier(self, name: str) -> tuple[bool, ...]:
        """Mark the records whose value of the fact ``name`` differs from one that more than half of the known values share."""
        values = [record[name] for record in self.records]
        known = Counter(value for value in values if value)
        if not FACTS[name][1] or len(known) < 2:
            return (False,) * len(values)
        most, times = known.most_common(1)[0]
        usual = most if 2 * times > known.total() else None
        return tuple(bool(value) and value != usual for value in values)


def signed(weight: float) -> str:
    """A weight with its sign and one decimal, as Indonesians write it."""
    return f"{weight:+.1f}".replace("-", "\u2212").replace(".", ",")


def scale(steps: Sequence[Step], width: float) -> list[tuple[float, float]]:
    """Start and length of the bar of each step on an axis of ``width``, and last those of the sum."""
    ends = [(0.0, 0.0 if not steps else steps[-1].after), *((step.before, step.after) for step in steps)]
    low, high = min(min(pair) for pair in ends), max(max(pair) for pair in ends)
    unit = width / ((high - low) or 1.0)
    bars = [((min(pair) - low) * unit, abs(pair[1] - pair[0]) * unit) for pair in ends]
    return [*bars[1:], bars[0]]
