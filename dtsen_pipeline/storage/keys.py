"""Load the one master key, and derive the keys for files at rest and for surrogate ids from it.

What belongs here: where the key comes from, which keys are refused, and deriving a separate key for each purpose (HMAC-SHA-256, as
HKDF does), so that a derived key that leaks opens nothing else. The master key itself encrypts nothing. What is encrypted stands
where the file is written: ``warehouse``, ``registry.store``, ``release.contents``.

A key from the environment (``DTSEN_KEY``, or ``DTSEN_KEY_FILE``) is kept apart from the data. Without one, a random key is made
beside the data, ``home/.kunci``: a month of simulated people must run out of the box, and nothing in a delivery proves that its
people are made up. Whoever takes the folder has that key too, so such a home is fit for simulated data only, and its manifests
say so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError

KEY_BYTES = 32
# 32 random bytes hold about 30 different values; a placeholder holds a few.
DIFFERENT_BYTES = 16

# Origin of a key, as manifests name it: made beside the data, or given by the environment.
LOCAL = "lokal"
EXTERNAL = "luar"
LOCAL_NOTE = "hanya layak untuk data simulasi / fit for simulated data only"

_EXPECTED = (
    f"{KEY_BYTES} bita acak atau lebih, heksadesimal atau base64 / {KEY_BYTES} random bytes or more, hex or base64"
)
_HOW_TO_MAKE = "buat dengan / make one: openssl rand -hex 32"


@dataclass(frozen=True)
class Keys:
    """The keys derived from one master key; ``origin`` is 'luar' (from the environment) or 'lokal' (made beside the data)."""

    origin: str
    _root: bytes = field(repr=False)

    def subkey(self, purpose: str) -> bytes:
        """Derive the 32 bytes of one purpose; the same master key and purpose always give the same bytes."""
        return hmac.digest(self._root, purpose.encode() + b"\x01", "sha256")

    def text(self, purpose: str) -> str:
        """The subkey as base64, as DuckDB takes the key of a file."""
        return base64.b64encode(self.subkey(purpose)).decode()

    def surrogate(self, entity: str) -> bytes:
        """The key of the surrogate ids of one kind ('person', 'family', 'nik'): ids of two kinds cannot be matched."""
        return self.subkey(f"surrogate:{entity}")

    @property
    def id(self) -> str:
        """Eight hex digits that tell keys apart and reveal nothing about them."""
        return self.subkey("id").hex()[:8]

    def manifest_entry(self) -> dict[str, str]:
        """What a manifest says of the key, which is never the key itself."""
        entry = {"kunci": self.origin, "id": self.id}
        return entry if self.origin == EXTERNAL else {**entry, "catatan": LOCAL_NOTE}


def hmac_sql(con: duckdb.DuckDBPyConnection, name: str, key: bytes) -> str:
    """SQL for the HMAC-SHA-256 of ``{text}`` under ``key``, in 64 hex digits.

    The key goes to ``con`` as variables called after ``name``: in the text of a query an error could show it.
    """
    block = key.ljust(64, b"\0")
    for side, pad in (("luar", 0x5C), ("dalam", 0x36)):
        con.execute(f"set variable {side}_{name} = ?", [bytes(byte ^ pad for byte in block)])
    inner = f"unhex(sha256(getvariable('dalam_{name}') || encode({{text}})))"
    return f"sha256(getvariable('luar_{name}') || {inner})"


def load(settings: Settings) -> Keys:
    """Load the keys of ``settings.home``; makes ``home/.kunci`` where no key is given and nothing is encrypted there yet.

    Raises InputError where the key is too short, garbled or readable by others, where both settings are given, and where the home
    was encrypted with a key that is now missing.
    """
    if settings.key is not None and settings.key_file is not None:
        raise InputError(
            "DTSEN_KEY dan DTSEN_KEY_FILE diisi bersamaan / are both set",
            expected="salah satu / one of the two",
            action="kosongkan salah satu / unset one",
        )
    if settings.key is not None:
        return _derive_keys(EXTERNAL, _decode_key(settings.key.get_secret_value(), "DTSEN_KEY"))
    if settings.key_file is not None:
        return _derive_keys(EXTERNAL, _read_key_file(settings.key_file))
    return _derive_keys(LOCAL, _read_key_file(_local_key_file(settings)))


def _derive_keys(origin: str, material: bytes) -> Keys:
    return Keys(origin, hmac.digest(b"dtsen-1", material, hashlib.sha256))


def _local_key_file(settings: Settings) -> Path:
    """The key file of the home, made where it is missing. Raises InputError where an encrypted registry lies there already."""
    path = settings.home / ".kunci"
    if path.exists():
        return path
    if settings.registry.exists() and not is_unencrypted(settings.registry):
        raise InputError(
            f"kunci tidak ada, padahal {settings.registry.name} sudah ada / no key, but there is a registry already",
            expected="DTSEN_KEY atau DTSEN_KEY_FILE yang dipakai ketika rumah ini dibuat / that of the first run",
            action="beri kunci itu; tanpanya data tak terbaca / give that key; without it the data cannot be read",
        )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".kunci.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link never replaces a file: of two runs that start at once, both use the key of the first.
        os.link(part, path)
    except FileExistsError:
        return path
    finally:
        part.unlink()
    logging.getLogger(__name__).warning(
        "Tidak ada DTSEN_KEY: kunci acak dibuat di %s, di samping datanya; %s. / No DTSEN_KEY: a random key was made there, beside "
        "the data.",
        path,
        LOCAL_NOTE,
    )
    return path


def is_unencrypted(database: Path) -> bool:
    """Whether ``database`` is a DuckDB file that is not encrypted: one of a version before there was a key."""
    if not database.is_file():
        return False
    # The first flag of its main header, after checksum, 'DUCK' and the version of the format.
    with database.open("rb") as file:
        header = file.read(21)
    return header[8:12] == b"DUCK" and header[20:] == b"\0"


def _read_key_file(path: Path) -> bytes:
    """The master key of a file."""
    return _decode_key(read_secret_file(path, "kunci", "the key file", "DTSEN_KEY_FILE"), str(path))


def read_secret_file(path: Path, indonesian: str, english: str, setting: str) -> str:
    """Read the file of a secret that ``setting`` names; ``indonesian`` and ``english`` are the words for it.

    Raises InputError where the file cannot be read, or where others can read it.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(4096)
    except OSError as error:
        raise InputError(
            f"berkas {indonesian} tidak terbaca / {english} cannot be read: {error.strerror}",
            file=path,
            action=f"periksa {setting} / check it",
        ) from error
    if mode & 0o077:
        raise InputError(
            f"berkas {indonesian} terbuka bagi pengguna lain / {english} is open to others: {mode:04o}",
            file=path,
            expected="0600",
            action=f"chmod 600 {path}",
        )
    return content.decode("ascii", errors="replace")


def _decode_key(text: str, place: str) -> bytes:
    """Decode a key written in hex or base64. Raises InputError that names ``place`` and never quotes the key."""
    compact = "".join(text.split())
    try:
        # Hex first: it is valid base64 as well, and would pass there at half its strength.
        material = bytes.fromhex(compact) if re.fullmatch("[0-9a-fA-F]*", compact) else _decode_base64(compact)
    except (binascii.Error, ValueError):
        material = None
    if material is None:
        raise InputError(f"{place}: kunci tidak terbaca / not a key", expected=_EXPECTED, action=_HOW_TO_MAKE) from None
    if len(material) < KEY_BYTES:
        raise InputError(
            f"{place}: kunci terlalu pendek / too short a key: {len(material)} bita/bytes",
            expected=_EXPECTED,
            action=_HOW_TO_MAKE,
        )
    if len(set(material)) < DIFFERENT_BYTES:
        raise InputError(f"{place}: kunci tidak acak / the key is not random", expected=_EXPECTED, action=_HOW_TO_MAKE)
    return material


def _decode_base64(text: str) -> bytes:
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
