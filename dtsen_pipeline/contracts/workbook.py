"""Reading an XLSX workbook row by row, every cell as the text that the spreadsheet shows or holds.

What belongs here: the parts of a workbook and what a cell means. Which sheet and which row is whose is the reader's business.

Why a reader of our own, by CPU time on 200,000 rows of 24 columns: DuckDB's ``read_xlsx`` (11 s) takes the first shared string
for an empty typed cell, knows no 1904 and loses its connection on a bad index; calamine (4 s, the whole sheet in memory) takes the
first string for an index that is no number, makes nothing of ``#REF!`` and stops at an error it does not know; openpyxl (2.6 times
the time of this) says "list index out of range" for a broken index and stops at style sheets it does not like. Expat takes 18 s in
80 MB, and says which cell is broken.

What a workbook can be made to cost is bounded: a part is read in pieces, and refused where its pieces come to too much, one of its
words does not end, or its elements stand in each other without end. No spreadsheet writes a document type, through which one
letter becomes a million.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.parsers import expat

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.files import encrypted_workbook_error
from dtsen_pipeline.contracts.streams import EXPANSION_FROM, check_expansion, too_large_error
from dtsen_pipeline.errors import InputError

_CHUNK = 1 << 16
_DEEPEST = 200
_NAMES = 10_000  # of elements and attributes; a real part has dozens, and expat keeps each
_ROWS, _COLUMNS = 1 << 22, 1 << 14  # a spreadsheet has a quarter of these rows
_DIGITS = "0123456789"
# Number formats that every spreadsheet knows by number and that show a day: ECMA-376 18.8.30, with those of East Asia.
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
_NO_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LAST_DAY = 2_958_465  # 9999-12-31
_LAST_BARE_DAY = 60_000  # as the macro ``tanggal_lengkap``: what is longer is a date written as digits


@dataclass(frozen=True)
class Sheet:
    """A worksheet; ``number`` counts all sheets of the workbook from 1, ``part`` is its file in the archive."""

    number: int
    part: str


class Workbook:
    """An open workbook. ``sheets`` are its worksheets in order, hidden ones too; ``count`` is of sheets of every kind.

    Raises what ``DAMAGE`` lists where the file is no workbook, is cut off or damaged.
    """

    def __init__(self, path: Path, name: str, bounds: Settings) -> None:
        self.name, self._bounds = name, bounds
        self._packed, self._unpacked, self._before = path.stat().st_size, 0, 0
        self._archive = zipfile.ZipFile(path)
        # Writers disagree on capitals and on the slash.
        self._parts = {part.replace("\\", "/").lower(): part for part in self._archive.namelist()}
        try:
            main = next(iter(self._related("", "officeDocument").values()), "xl/workbook.xml")
            book = self._nodes(main, "sheet", "workbookPr")
            related = self._related(main, "worksheet")
            sheets = [node for kind, _, node in book if kind == "sheet"]
            self.count = len(sheets)
            self.sheets = [
                Sheet(number, part)
                for number, node in enumerate(sheets, start=1)
                if (part := related.get(next((v for k, v in node.items() if _local(k) == "id"), "")))
            ]
            properties: dict[str, str] = next((node for kind, _, node in book if kind == "workbookPr"), {})
            self.counts_from_1904 = properties.get("date1904") in ("1", "true", "on")
            self._days = self._day_styles(next(iter(self._related(main, "styles").values()), None))
            self._strings = self._shared(next(iter(self._related(main, "sharedStrings").values()), None))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def rows(
        self, sheet: Sheet, days: Collection[int] = (), numbers: Collection[int] = ()
    ) -> Iterator[tuple[int, dict[int, str]]]:
        """Row number (from 1) and text by column (from 0) of each row with a cell that is not blank, as the sheet has them.

        Whole numbers have no point and no exponent, dates are ISO, errors and truth values as the spreadsheet shows them. ``days``
        are columns of dates, whose bare numbers count from 1904 where the workbook does; ``numbers`` are columns in which a
        date's look means nothing. A number that could be a year (1800 to 2199), and one of the first two days, stays as it is.

        Raises InputError, naming sheet and cell, where a cell points to a text that is not there.
        """
        done: list[tuple[int, dict[int, str]]] = []
        held: list[str] = []
        parser = self._row_parser(sheet, done, held, frozenset(days) if self.counts_from_1904 else frozenset(), numbers)
        for _ in self._fed(sheet.part, parser, held):
            yield from done
            done.clear()
        yield from done

    def _row_parser(
        self,
        sheet: Sheet,
        done: list[tuple[int, dict[int, str]]],
        held: list[str],
        days: Collection[int],
        numbers: Collection[int],
    ) -> expat.XMLParserType:
        parser = _parser()
        columns: dict[str, int] = {}
        most_columns, longest_row = self._bounds.max_columns, int(self._bounds.max_line)
        strings, day_styles = self._strings, self._days
        number, at, kind, style, sound, filled = 0, -1, "n", "", False, False
        depth = size = 0
        row: dict[int, str] = {}
        row_tag = cell_tag = value_tag = text_tag = sound_tag = ""

        def root(tag: str, attributes: dict[str, str]) -> None:
            nonlocal row_tag, cell_tag, value_tag, text_tag, sound_tag, depth
            depth = 1
            prefix = tag[: tag.rfind(":") + 1]
            row_tag, cell_tag, value_tag, text_tag, sound_tag = (
                prefix + name for name in ("row", "c", "v", "t", "rPh")
            )
            parser.StartElementHandler = start

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal number, at, kind, style, sound, row, filled, depth, size
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("elements without end")
            if tag == cell_tag:
                if reference := attributes.get("r"):
                    letters = reference.rstrip(_DIGITS)
                    if letters not in columns:
                        columns[letters] = _index(letters)
                    at = columns[letters]
                else:
                    at += 1
                if at >= _COLUMNS:
                    raise ValueError("no column")
                kind = attributes.get("t", "n")
                style = attributes.get("s", "")
                if kind == "inlineStr":
                    held.append("")  # its text is here, if only an empty one
            elif tag == value_tag or (tag == text_tag and not sound):
                parser.CharacterDataHandler = held.append
            elif tag == row_tag:
                number = int(attributes.get("r", number + 1))
                if not 0 < number < _ROWS:
                    raise ValueError("no row")
                at, row, filled, size = -1, {}, False, 0
            elif tag == sound_tag:
                sound = True

        def end(tag: str) -> None:
            nonlocal sound, filled, depth, size
            depth -= 1
            if tag in (value_tag, text_tag):
                parser.CharacterDataHandler = None
            elif tag == cell_tag:
                if held:
                    value = "".join(held)
                    held.clear()
                    if kind == "s":
                        index = value.strip()
                        if not index.isdecimal() or strings is None or int(index) >= len(strings):
                            raise self._points_nowhere(sheet, number, at)
                        value = strings[int(index)]
                    elif kind == "n":
                        if style in day_styles and at not in numbers:
                            value = _day(_number(value), self.counts_from_1904, _LAST_DAY)
                        elif not value.isdecimal():
                            value = _number(value)
                    elif kind == "d":
                        value = re.sub("T00:00:00([.]0+)?$", "", value)
                    elif kind in ("str", "inlineStr") and "_x" in value:
                        value = _unescaped(value)
                    if at in days and kind != "d":
                        value = _day(value, True, _LAST_BARE_DAY)
                    row[at] = value
                    size += len(value)
                    if size > longest_row or (at >= most_columns and value.strip()):
                        raise self._row_too_large(sheet, number, at)
                    filled = filled or not (value == "" or value.isspace())
            elif tag == row_tag:
                if filled:
                    done.append((number, row))
                    self._unpacked += size
                    # Of one piece, by texts that come again and again.
                    if self._unpacked - self._before > EXPANSION_FROM:
                        check_expansion(self.name, self._bounds, 0, self._unpacked, number)
            elif tag == sound_tag:
                sound = False

        parser.StartElementHandler = root
        parser.EndElementHandler = end
        return parser

    def _row_too_large(self, sheet: Sheet, line: int, column: int) -> InputError:
        cell = f"lembar/sheet {sheet.number}, sel/cell {letters(column)}{line}"
        if column >= (most := self._bounds.max_columns):
            what = f"sel berisi di luar {most} kolom / a filled cell beyond {most} columns: {cell}"
            return too_large_error(self.name, what, f"{most} kolom/columns", "max_columns", line)
        most = self._bounds.max_line
        what = f"satu baris lebih panjang dari {most} huruf / one row is longer than {most} letters: {cell}"
        return too_large_error(self.name, what, f"{most} huruf/letters", "max_line", line)

    def _points_nowhere(self, sheet: Sheet, line: int, column: int) -> InputError:
        cell = f"lembar/sheet {sheet.number}, sel/cell {letters(column)}{line}"
        what = (
            "berkas tidak memuat tabel teks (sharedStrings) yang dirujuk / the table of texts that it refers to is missing"
            if self._strings is None
            else "sel merujuk teks yang tidak ada / a cell refers to a text that is not there"
        )
        return InputError(
            f"{what}: {cell}",
            file=self.name,
            line=line,
            expected="a whole XLSX file",
            action="buka dan simpan ulang di Excel atau minta dikirim ulang / open and save it again, or ask for it again",
        )

    def _shared(self, part: str | None) -> _Texts | None:
        if part is None or part.lower() not in self._parts:
            return None
        texts = _Texts()
        held: list[str] = []
        parser = _parser()
        sound = False
        depth = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal sound, depth
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("elements without end")
            tag = tag[tag.rfind(":") + 1 :]
            if tag == "t" and not sound:
                parser.CharacterDataHandler = held.append
            elif tag == "rPh":
                sound = True

        def end(tag: str) -> None:
            nonlocal sound, depth
            depth -= 1
            tag = tag[tag.rfind(":") + 1 :]
            if tag == "t":
                parser.CharacterDataHandler = None
            elif tag == "si":
                value = "".join(held)
                texts.append(_unescaped(value) if "_x" in value else value)
                held.clear()
            elif tag == "rPh":
                sound = False

        parser.StartElementHandler, parser.EndElementHandler = start, end
        for _ in self._fed(part, parser, held, self._bounds.max_texts):
            pass
        return texts

    def _day_styles(self, part: str | None) -> frozenset[str]:
        if part is None or part.lower() not in self._parts:
            return frozenset()
        nodes = self._nodes(part, "numFmt", "xf")
        own = {
            node.get("numFmtId"): _shows_day(node.get("formatCode", "")) for kind, _, node in nodes if kind == "numFmt"
        }
        used = [node for kind, above, node in nodes if kind == "xf" and above == "cellXfs"]
        return frozenset(
            str(i)
            for i, node in enumerate(used)
            if own.get(node.get("numFmtId"), node.get("numFmtId", "0") in {str(n) for n in _DAY_FORMATS})
        )

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """Parts that ``part`` names as of this kind, by id."""
        folder, _, file = part.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels".lstrip("/")
        if relations.lower() not in self._parts:
            return {}
        return {
            node.get("Id", ""): _resolved(folder, node.get("Target", ""))
            for _, _, node in self._nodes(relations, "Relationship")
            if node.get("Type", "").endswith(f"/{kind}")
        }

    def _nodes(self, part: str, *kinds: str) -> list[tuple[str, str, dict[str, str]]]:
        """The elements of these kinds in a part that is not a table: kind, kind of the element above, attributes."""
        nodes: list[tuple[str, str, dict[str, str]]] = []
        above = [""]
        parser = _parser("}")

        def start(tag: str, attributes: dict[str, str]) -> None:
            kind = _local(tag)
            if kind in kinds:
                nodes.append((kind, above[-1], attributes))
            above.append(kind)
            if len(above) > _DEEPEST:
                raise ValueError("elements without end")

        parser.StartElementHandler = start
        parser.EndElementHandler = lambda tag: above.pop()
        # Kept as objects of Python, which are larger than what they were written as.
        for _ in self._fed(part, parser, [], self._bounds.max_texts // 32):
            pass
        return nodes

    def _fed(self, part: str, parser: expat.XMLParserType, held: list[str], most: int | None = None) -> Iterator[None]:
        """Feed the part to the parser, piece by piece. ``held`` is the text of a cell that has not ended yet.

        Raises InputError where the part is larger than ``most``, or all that was read of the archive is for its size, or where
        what has begun does not end.
        """
        info = self._archive.getinfo(self._parts[part.lower()])
        if info.flag_bits & 1:
            raise encrypted_workbook_error(self.name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError  # of the others Python unpacks a piece whole, however large it becomes
        fed = 0
        with self._archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                fed += len(chunk)
                self._before = self._unpacked = self._unpacked + len(chunk)
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
                if len(parser.intern) > _NAMES:
                    raise ValueError("names without end")
                yield
            parser.Parse(b"", True)


class _Texts:
    """Texts in the memory that they take as UTF-8: a list of objects takes several times as much."""

    def __init__(self) -> None:
        self._content, self._ends = bytearray(), array("Q", [0])

    def append(self, text: str) -> None:
        self._content += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._content))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        return self._content[self._ends[index] : self._ends[index + 1]].decode("utf-8", "surrogatepass")


DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    KeyError,  # a part that is not there
    expat.ExpatError,
    ValueError,
    NotImplementedError,  # a way of packing that Python does not know
    EOFError,
)
"""What reading a workbook raises where the file is damaged, beside ``zlib.error`` and OSError."""


def other_archive(path: Path) -> str | None:
    """What an archive is that holds no XLSX workbook; None where it is one, or damaged."""
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


def letters(index: int) -> str:
    """The name of a column counted from 0: A, B, .. Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _index(name: str) -> int:
    index = 0
    for letter in name.upper():
        if not "A" <= letter <= "Z":
            raise ValueError("no column")
        index = index * 26 + ord(letter) - 64
    return index - 1


def _parser(namespaces: str | None = None) -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator=namespaces)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def _resolved(folder: str, target: str) -> str:
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


def _shows_day(code: str) -> bool:
    shown = _NO_FORMAT.sub("", code).lower()
    return shown != "general" and any(sign in shown for sign in ("d", "y", "mmm"))


def _unescaped(value: str) -> str:
    def sign(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return found[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)

    return _ESCAPED.sub(sign, value)


def _number(value: str) -> str:
    """A number as the spreadsheet keeps it: 15 digits behind the point's mess, a whole one in full."""
    try:
        exact = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not exact.is_finite() or abs(exact.adjusted()) > 20:
        return value
    if exact == exact.to_integral_value():
        return format(exact.to_integral_value(), "f")
    return format(Decimal(format(float(exact), ".15g")), "f")


def _day(value: str, counts_from_1904: bool, last: int) -> str:
    """ISO of a day number up to ``last``; the text as it is where it is none, a year, or a zero."""
    try:
        exact = float(value)
    except ValueError:
        return value
    if not 2 < exact <= last or 1800 <= exact < 2200 or (exact < 61 and not counts_from_1904):
        return value
    seconds = round((exact - int(exact)) * 86_400)
    moment = datetime(1904, 1, 1) if counts_from_1904 else datetime(1899, 12, 30)
    try:
        moment += timedelta(days=int(exact), seconds=seconds)
    except OverflowError:
        return value
    return moment.date().isoformat() if not seconds % 86_400 else str(moment)
