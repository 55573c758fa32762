"""Open the archive of an XLSX workbook, and read its parts within the bounds of ``Settings``.

What belongs here: the ZIP file and the XML of its parts, not what they say of sheets and cells (``workbook``).

What a workbook can be made to cost is bounded: a part is read in pieces, and refused where its pieces come to too much, where one
of its words does not end, or where elements are nested without end. A document type is refused too: no spreadsheet writes one, and
through it one letter can become a million.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.files import encrypted_workbook_error
from dtsen_pipeline.contracts.streams import EXPANSION_FROM, check_expansion, too_large_error

_CHUNK = 1 << 16

# Elements within each other; real parts have a dozen.
DEEPEST = 200

# Different names of elements and attributes; a real part has dozens, and expat keeps each.
_MOST_NAMES = 10_000

# What reading a workbook raises where the file is damaged, beside ``zlib.error`` and OSError.
DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    KeyError,  # a part that is not there
    expat.ExpatError,
    ValueError,
    NotImplementedError,  # a way of packing that Python does not know
    EOFError,
)


class Archive:
    """The archive of a workbook. Raises what ``DAMAGE`` lists where the file is no workbook, is cut off or damaged."""

    def __init__(self, path: Path, name: str, bounds: Settings) -> None:
        self.name, self._bounds = name, bounds
        # Bytes of the file; bytes and letters read of it so far, and up to the last piece.
        self._packed, self._unpacked, self._unpacked_before = path.stat().st_size, 0, 0
        self._zip = zipfile.ZipFile(path)
        # Writers disagree on capitals and on the slash.
        self._parts = {part.replace("\\", "/").lower(): part for part in self._zip.namelist()}

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def count_letters(self, letters: int, line: int) -> None:
        """Count the letters of a row of a sheet; raises InputError where one piece expands into too many, by repeated texts."""
        self._unpacked += letters
        if self._unpacked - self._unpacked_before > EXPANSION_FROM:
            check_expansion(self.name, self._bounds, 0, self._unpacked, line)

    def related(self, part: str, kind: str) -> dict[str, str]:
        """The parts of this kind that ``part`` refers to, by id."""
        folder, _, file = part.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels".lstrip("/")
        if relations not in self:
            return {}
        return {
            node.get("Id", ""): _resolved(folder, node.get("Target", ""))
            for _, _, node in self.nodes(relations, "Relationship")
            if node.get("Type", "").endswith(f"/{kind}")
        }

    def nodes(self, part: str, *kinds: str) -> list[tuple[str, str, dict[str, str]]]:
        """The elements of these kinds in a part that is not a table: kind, kind of the element around it, attributes."""
        nodes: list[tuple[str, str, dict[str, str]]] = []
        above = [""]
        parser = new_parser("}")

        def start(tag: str, attributes: dict[str, str]) -> None:
            kind = local_name(tag)
            if kind in kinds:
                nodes.append((kind, above[-1], attributes))
            above.append(kind)
            if len(above) > DEEPEST:
                raise ValueError("elements without end")

        parser.StartElementHandler = start
        parser.EndElementHandler = lambda tag: above.pop()
        # A lower bound, because nodes are kept as Python objects, which are larger than their text.
        for _ in self.feed(part, parser, [], self._bounds.max_texts // 32):
            pass
        return nodes

    def feed(self, part: str, parser: expat.XMLParserType, held: list[str], most: int | None = None) -> Iterator[None]:
        """Feed the part to the parser, piece by piece. ``held`` is the text of a cell that has not ended yet.

        Raises InputError where the part is larger than ``most`` bytes, where the archive expands too much, or where something that
        has begun does not end.
        """
        info = self._zip.getinfo(self._parts[part.lower()])
        if info.flag_bits & 1:
            raise encrypted_workbook_error(self.name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError  # Python unpacks pieces of other kinds whole, however large they become
        fed = 0
        with self._zip.open(info) as file:
            while chunk := file.read(_CHUNK):
                fed += len(chunk)
                self._unpacked_before = self._unpacked = self._unpacked + len(chunk)
                check_expansion(self.name, self._bounds, self._packed, self._unpacked)
                if most is not None and fed > most:
                    raise too_large_error(
                        self.name,
                        "tabel teks atau gaya terlalu besar / the table of texts, or of styles, is too large",
                        f"{most} byte",
                        "max_texts",
                    )
                parser.Parse(chunk, False)
                if max(fed - parser.CurrentByteIndex - _CHUNK, sum(map(len, held))) > self._bounds.max_line:
                    raise too_large_error(
                        self.name,
                        "satu sel lebih panjang dari batasnya / one cell is longer than the bound",
                        f"{self._bounds.max_line} huruf/letters",
                        "max_line",
                    )
                if len(parser.intern) > _MOST_NAMES:
                    raise ValueError("names without end")
                yield
            parser.Parse(b"", True)


def other_archive(path: Path) -> str | None:
    """What an archive is where it holds no XLSX workbook; None where it holds one, or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.lower() for part in archive.namelist()}
    except zipfile.BadZipFile:
        return None
    if any(part.endswith("workbook.xml") for part in parts):
        return None
    if any(part.endswith("workbook.bin") for part in parts):
        return "XLSB"
    return (
        "an OpenDocument or Numbers file"
        if parts & {"content.xml", "mimetype", "index/document.iwa"}
        else "a ZIP archive"
    )


def new_parser(namespaces: str | None = None) -> expat.XMLParserType:
    """A parser that refuses document types; with ``namespaces``, names are their namespace, this character and the name."""

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator=namespaces)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag[tag.rfind("}") + 1 :]


def _resolved(folder: str, target: str) -> str:
    """The path of a part that is named relative to ``folder``."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target[1:]
    places = folder.split("/") if folder else []
    for place in target.split("/"):
        if place == "..":
            places = places[:-1]
        elif place != ".":
            places.append(place)
    return "/".join(places)
