"""Load the contracts, what the sources promised to deliver, from the YAML files of this folder as typed, frozen objects.

What belongs here: the shape of a contract, and nothing about delivered files. There is one YAML file a source::

    source: dtks                      # folder below landing/<YYYY-MM>/ and prefix of the raw tables
    name, english, owner              # for people
    delivery: bulanan                 # bulanan: required, latest month counts | referensi: landing/referensi | opsional
    berlaku_bulan: 3                  # for how many months a delivery may be used; without it for ever
    area_codes: bps                   # bps | kemendagri, where the source has area codes
    lists: {ya_tidak: {1: ya}}        # code or label lists that several columns share, named by `codes:` or `labels:`
    tables:
      anggota:
        files: anggota                # how the file names begin; by default the table's name
        key: [idartbdt]
        parent: {column: idbdt, table: rumah_tangga, key: idbdt}
        columns:
          jnskel: {type: code, codes: {1: laki-laki, 2: perempuan}, arti: Jenis kelamin, english: sex}
          _include: {table: regsosek.keluarga, first: .., last: ..}     # the same columns as another contract's

By type a column has:

- ``string``: a ``length``. An ``area`` code is the same with points, dashes or blanks between its parts. With ``zeros`` it may
  begin with zeros, which a spreadsheet drops and the reader restores.
- ``integer`` and ``decimal``: ``min`` and ``max`` (both inclusive; nothing in the country lies beyond them) and a ``unit``.
- ``date``: ``min`` and ``max`` as days; ``max: bulan_kirim`` is the last day of the month after the delivery's, since deliveries
  come late.
- ``code``: ``codes`` (code: meaning).
- ``label``: ``labels`` (label: its other spellings).

``pii`` marks personal data, whose values are never shown; ``sensitive`` what the law calls specific. A broken value costs its row
where it is ``required``, part of the key or the parent's; elsewhere it is emptied and noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import yaml

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.errors import DtsenError

ColumnType = Literal["string", "integer", "decimal", "code", "label", "date"]
DeliveryMode = Literal["bulanan", "referensi", "opsional"]


@dataclass(frozen=True)
class Column:
    """A column of a delivered table; its ``meaning`` stands in the contract as ``arti`` and ``english``."""

    name: str
    type: ColumnType
    meaning: Bilingual
    required: bool = False
    length: int | None = None
    zeros: bool = False
    area: bool = False
    min: float | date | None = None
    max: float | date | Literal["bulan_kirim"] | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str | None = None
    note: str | None = None
    pii: bool = False
    sensitive: bool = False
    header_aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> dict[str, str]:
        """The label of every accepted spelling; spellings are as the macro ``kunci_label`` makes them: lower case, no blanks."""
        return {
            "".join(spelling.split()).lower(): label
            for label, aliases in self.labels.items()
            for spelling in (label, *aliases)
        }


@dataclass(frozen=True)
class Parent:
    """A foreign key: ``column`` holds a value of ``table.key`` of the same source."""

    column: str
    table: str
    key: str


@dataclass(frozen=True)
class TableContract:
    """A delivered table: its columns in contract order, key, parent, and how its file names begin."""

    source: str
    name: str
    grain: str
    english: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    files: str
    parent: Parent | None = None

    @property
    def raw(self) -> str:
        """The warehouse table of the accepted rows."""
        return f"raw.{self.source}_{self.name}"

    @property
    def quarantine(self) -> str:
        """The warehouse table of the rejected rows."""
        return f"quarantine.{self.source}_{self.name}"

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that every file of the table must have."""
        return tuple(c.name for c in self.columns.values() if c.required or c.name in self.key)

    @property
    def ids(self) -> tuple[str, ...]:
        """Columns that identify a row and its parent."""
        return (*self.key, self.parent.column) if self.parent else self.key


@dataclass(frozen=True)
class SourceContract:
    """A source and its tables, parents before their children."""

    source: str
    name: str
    english: str
    owner: str
    delivery: DeliveryMode
    tables: Mapping[str, TableContract]
    berlaku_bulan: int | None = None
    area_codes: Literal["bps", "kemendagri"] | None = None


@cache
def load() -> dict[str, SourceContract]:
    """Load all contracts, by source. Raises DtsenError where a contract contradicts itself or has a key that nothing reads."""
    folder = files("dtsen_pipeline.contracts")
    documents = [
        yaml.safe_load(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    ]
    by_source = {document["source"]: document for document in documents}
    return {source: _source(document, by_source) for source, document in by_source.items()}


def _source(document: dict[str, Any], all_documents: dict[str, dict[str, Any]]) -> SourceContract:
    """Build the contract of one source from its YAML; ``all_documents`` are those of every source."""
    source = document["source"]
    tables: dict[str, TableContract] = {}
    for name, body in document["tables"].items():
        columns = {
            c.name: c for c in _columns(f"{source}.{name}", body["columns"], document.get("lists", {}), all_documents)
        }
        parent = Parent(**body["parent"]) if "parent" in body else None
        table = TableContract(
            source=source,
            name=name,
            grain=body["grain"],
            english=body["english"],
            key=tuple(body["key"]),
            columns=MappingProxyType(columns),
            files=body.get("files", name),
            parent=parent,
        )
        if unknown := set(table.key) - set(columns):
            raise DtsenError(f"contract {source}.{name}: the key names columns that are not there: {sorted(unknown)}")
        if parent and (
            parent.column not in columns or parent.table not in tables or parent.key not in tables[parent.table].columns
        ):
            raise DtsenError(f"contract {source}.{name}: its parent must stand before it and have the column it names")
        tables[name] = table
    head = {key: value for key, value in document.items() if key not in ("tables", "lists")}
    return SourceContract(**head, tables=MappingProxyType(tables))


def _columns(
    where: str, columns: dict[str, Any], lists: dict[str, Any], all_documents: dict[str, dict[str, Any]]
) -> Iterator[Column]:
    """Yield the columns of a table; ``where`` names the table in errors, ``lists`` are the shared lists of its file."""
    known = {f.name for f in fields(Column)} - {"meaning"} | {"arti", "english"}
    for name, body in columns.items():
        if name == "_include":
            source, table = body["table"].split(".")
            document = all_documents[source]
            included = document["tables"][table]["columns"]
            names = list(included)
            chosen = names[names.index(body["first"]) : names.index(body["last"]) + 1]
            yield from _columns(
                body["table"], {n: included[n] for n in chosen}, document.get("lists", {}), all_documents
            )
            continue
        if unknown := set(body) - known:
            raise DtsenError(f"contract {where}.{name}: nobody reads {sorted(unknown)}")
        values = dict(body)
        for attribute in ("codes", "labels"):
            if isinstance(values.get(attribute), str):
                values[attribute] = lists[values[attribute]]
        values["codes"] = MappingProxyType({str(code): text for code, text in values.get("codes", {}).items()})
        values["labels"] = MappingProxyType({text: tuple(more) for text, more in values.get("labels", {}).items()})
        values["meaning"] = Bilingual(values.pop("arti"), values.pop("english"))
        values["header_aliases"] = tuple(values.get("header_aliases", ()))
        column = Column(name=name, **values)
        if bool(column.codes) != (column.type == "code") or bool(column.labels) != (column.type == "label"):
            raise DtsenError(f"contract {where}.{name}: codes go with type code and labels with type label")
        if (column.zeros and not column.length) or ((column.zeros or column.area) and column.type != "string"):
            raise DtsenError(f"contract {where}.{name}: an area code is a string, and zeros need one of a known length")
        yield column


def normal_label(label: str) -> str:
    """A label of a header as labels are compared: lower case, with ``_`` for blanks and signs."""
    return re.sub(r"[^0-9a-z]+", "_", label.strip().lower()).strip("_")


def columns_by_label(table: TableContract) -> dict[str, str]:
    """The column that each label of a header stands for, by the ``normal_label`` of its name and aliases."""
    return {
        normal_label(alias): column.name
        for column in table.columns.values()
        for alias in (column.name, *column.header_aliases)
    }
