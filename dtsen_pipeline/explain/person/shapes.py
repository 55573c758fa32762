"""What an explanation of a person consists of, and the words for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dtsen_pipeline.bilingual import Bilingual, same
from dtsen_pipeline.review.decisions import Decision

# What is shown of a record, in this order: its label, and whether a value that most records do not have is marked.
FACTS: Mapping[str, tuple[Bilingual, bool]] = {
    "nama_asal": (Bilingual("nama di sumber", "name as delivered"), False),
    "nama": (Bilingual("nama baku", "standardised name"), True),
    "nik": (same("NIK"), True),
    "nik_masalah": (Bilingual("masalah NIK", "fault of the NIK"), False),
    "kk": (Bilingual("kartu keluarga", "family card"), True),
    "tgl_lahir": (Bilingual("tanggal lahir", "birth date"), True),
    "jenis_kelamin": (Bilingual("jenis kelamin", "sex"), True),
    "tempat_lahir": (Bilingual("tempat lahir", "birthplace"), True),
    "ibu": (Bilingual("nama ibu", "mother"), True),
    "hubungan": (Bilingual("hubungan", "relation"), True),
    "alamat": (Bilingual("alamat", "address"), True),
    "desa": (Bilingual("desa", "village"), True),
    "tanggal_amatan": (Bilingual("tanggal wawancara", "interview date"), False),
    "asal": (Bilingual("berkas:baris", "file:line"), False),
}

# Comparisons of the linkage model.
COLUMNS: Mapping[str, Bilingual] = {
    "nama": Bilingual("nama", "name"),
    "tanggal_lahir": Bilingual("tanggal lahir", "birth date"),
    "nik": same("NIK"),
    "jk": Bilingual("jenis kelamin", "sex"),
    "keluarga": Bilingual("keluarga dan tempat", "family and place"),
    "tempat_lahir": Bilingual("tempat lahir", "birthplace"),
}

# Why two records of the person are linked.
KINDS: Mapping[str, Bilingual] = {
    "keputusan": Bilingual("putusan peninjau", "reviewer's decision"),
    "langsung": Bilingual("pasangan langsung", "direct pair"),
    "dalam_keluarga": Bilingual("dalam keluarga yang sama", "inside one family"),
    "kelompok": Bilingual("sama persis", "exactly alike"),
}

# Why a merge was refused (``linkage.tolakan``).
REASONS: Mapping[str, Bilingual] = {
    "keputusan": Bilingual("peninjau: dua orang", "reviewer: two persons"),
    "roster": Bilingual("dua baris satu daftar anggota", "two rows of one roster"),
    "bukti_lain": Bilingual("catatan lain keduanya terlalu berbeda", "their other records differ too much"),
    "tanggal_lahir": Bilingual("tanggal lahir berlainan", "birth dates exclude each other"),
}


# The grades of ``model``; one that is not here is shown by its own name.
GRADES: Mapping[str, Bilingual] = {
    "sama": Bilingual("sama", "same"),
    "sama tanpa spasi atau urutan": Bilingual("sama tanpa spasi atau urutan", "same but for spaces or order"),
    "salah ketik": Bilingual("salah ketik", "slip of the pen"),
    "sebagian nama": Bilingual("sebagian nama", "part of the name"),
    "mirip": Bilingual("mirip", "alike"),
    "nama depan mirip": Bilingual("nama depan mirip", "first name alike"),
    "hanya nama akhir sama": Bilingual("hanya nama akhir sama", "last name alone is the same"),
    "sama, tanggal tumpukan": Bilingual("sama, tanggal tumpukan", "same, a heaped date"),
    "hari dan bulan tertukar": Bilingual("hari dan bulan tertukar", "day and month swapped"),
    "tahun sama, hari tidak diketahui": Bilingual("tahun sama, hari tidak diketahui", "same year, day not known"),
    "satu bagian beda": Bilingual("satu bagian beda", "one part differs"),
    "hari dan bulan sama, tahun beda": Bilingual("hari dan bulan sama, tahun beda", "day and month same, another year"),
    "tahun berdekatan": Bilingual("tahun berdekatan", "years next to each other"),
    "salah ketik pada tanggal": Bilingual("salah ketik pada tanggal", "slip in the date"),
    "salah ketik pada wilayah": Bilingual("salah ketik pada wilayah", "slip in the area"),
    "salah ketik pada nomor urut": Bilingual("salah ketik pada nomor urut", "slip in the serial"),
    "beda": Bilingual("beda", "different"),
    "beda, salah satu tidak cocok dengan orangnya": Bilingual(
        "beda, salah satu tidak cocok dengan orangnya", "different, one does not fit its person"
    ),
    "kartu keluarga sama": Bilingual("kartu keluarga sama", "same family card"),
    "alamat sama": Bilingual("alamat sama", "same address"),
    "desa sama": Bilingual("desa sama", "same village"),
    "kecamatan sama": Bilingual("kecamatan sama", "same district"),
    "kabupaten sama": Bilingual("kabupaten sama", "same regency"),
}

# Events of the registry, told of the id itself.
EVENTS: Mapping[str, Bilingual] = {
    "created": Bilingual("dibuat", "created"),
    "retired": Bilingual("berhenti", "retired"),
    "merged_into": Bilingual("dilebur ke", "merged into"),
    "split_from": Bilingual("dipecah dari", "split from"),
}


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall: it leads from ``before`` to ``after`` (match weight so far, log2)."""

    column: Bilingual
    grade: Bilingual
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
    events: tuple[tuple[str, Bilingual, str], ...] = field(default=())
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
