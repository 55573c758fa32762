"""A key that is weak, garbled or open to others is refused, and none of its bytes is ever told."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import store
from dtsen_pipeline.storage import keys

MATERIAL = bytes(range(100, 132))
HEX = MATERIAL.hex()


def given(home: Path, key: str) -> Settings:
    return Settings(home=home, key=SecretStr(key))


def of_file(home: Path, content: str, mode: int = 0o600) -> Settings:
    path = home.parent / "kunci"
    path.write_text(content)
    path.chmod(mode)
    return Settings(home=home, key_file=path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param(HEX[:-2], id="31 bytes in hex"),
        pytest.param(base64.b64encode(MATERIAL[:31]).decode(), id="31 bytes in base64"),
        pytest.param(HEX[:48], id="24 bytes in hex, which are 36 in base64"),
        pytest.param(HEX + "a", id="half a byte"),
        pytest.param("rahasia! " * 8, id="words"),
        pytest.param("00" * 32, id="a placeholder"),
        pytest.param("A" * 44, id="a placeholder in base64"),
    ],
)
def test_what_is_no_key_is_refused_and_not_quoted(home: Path, key: str) -> None:
    for settings in (given(home, key), of_file(home, key)):
        with pytest.raises(InputError) as refused:
            keys.load(settings)
        assert "openssl rand -hex 32" in str(refused.value)
        assert not key or key.strip() not in str(refused.value)
    assert not home.exists(), "a wrong key is not replaced by a local one"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_others_may_read_is_refused(home: Path, mode: int) -> None:
    with pytest.raises(InputError, match="chmod 600"):
        keys.load(of_file(home, HEX, mode))


def test_a_key_file_that_is_not_there_is_refused(home: Path) -> None:
    with pytest.raises(InputError, match="DTSEN_KEY_FILE"):
        keys.load(Settings(home=home, key_file=home / "tidak-ada"))


def test_two_keys_are_refused(home: Path) -> None:
    settings = of_file(home, HEX).model_copy(update={"key": SecretStr(HEX)})
    with pytest.raises(InputError, match="DTSEN_KEY_FILE"):
        keys.load(settings)


def test_a_home_whose_key_is_missing_gets_no_new_one(home: Path) -> None:
    with store.open(given(home, HEX)):
        pass
    with pytest.raises(InputError, match="tanpanya data tak terbaca"):
        keys.load(Settings(home=home))
    assert not (home / ".kunci").exists()


def test_however_it_is_written_the_key_is_the_same(home: Path) -> None:
    written = (
        HEX,
        HEX.upper() + "\n",
        base64.b64encode(MATERIAL).decode(),
        base64.urlsafe_b64encode(MATERIAL).decode(),
    )
    assert len({keys.load(given(home, key)).id for key in written}) == 1
    assert keys.load(of_file(home, HEX)) == keys.load(given(home, HEX))


def test_each_purpose_has_a_key_of_its_own_and_none_is_the_master_key(home: Path) -> None:
    made = keys.load(given(home, HEX))
    subkeys = [made.subkey("gudang"), made.subkey("registri"), made.surrogate("person"), made.surrogate("family")]
    assert len({MATERIAL, *subkeys}) == 5
    assert {len(key) for key in subkeys} == {32}
    assert keys.load(given(home, MATERIAL[::-1].hex())).surrogate("person") not in subkeys


def test_a_key_shows_nothing_of_itself(home: Path) -> None:
    settings = given(home, HEX)
    made = keys.load(settings)
    shown = f"{settings!r} {made!r} {made.manifest_entry()}"
    secret = (HEX, str(MATERIAL), made.text("gudang"), made.subkey("gudang").hex(), repr(made._root))
    assert not [value for value in secret if value in shown]
    assert made.manifest_entry() == {"kunci": "luar", "id": made.id}


def test_without_a_key_one_is_made_beside_the_data_and_said_once(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        first = keys.load(Settings(home=home))
        assert keys.load(Settings(home=home)) == first
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "hanya layak untuk data simulasi" in caplog.text
    assert first.manifest_entry()["kunci"] == "lokal" and "simulated data only" in first.manifest_entry()["catatan"]
    assert (home / ".kunci").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == [".kunci"]
    assert keys.load(Settings(home=home.parent / "lain")).id != first.id
