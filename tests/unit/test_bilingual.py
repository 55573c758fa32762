"""A text in two languages is written as one string, and read back from it."""

from hypothesis import given
from hypothesis import strategies as st

from dtsen_pipeline.bilingual import Bilingual, from_stored, same

TEXTS = st.text().filter(lambda text: "/" not in text)


def test_both_languages_stand_in_one_string_and_a_text_that_is_the_same_in_both_stands_once() -> None:
    assert str(Bilingual("desa", "village")) == "desa / village"
    assert str(same("NIK")) == "NIK"


@given(TEXTS, TEXTS)
def test_what_was_stored_is_read_back(indonesian: str, english: str) -> None:
    text = Bilingual(indonesian, english)
    assert from_stored(str(text)) == text


def test_a_stored_text_that_has_no_two_halves_is_the_same_in_both_languages() -> None:
    assert from_stored("a / b / c") == same("a / b / c")
    assert from_stored("60+") == same("60+")
