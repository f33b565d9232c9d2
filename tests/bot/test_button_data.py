"""What buttons carry. The strings here stand in people's chats: a change of one breaks every button that holds it."""

import pytest

from bot.handlers.lists import PageData, _fitted
from bot.handlers.menus import LanguageData
from bot.handlers.pictures import ChartData
from bot.view.button_data import MOST_DATA, ButtonData
from bot.view.buttons import AskedBackData, FollowUpData, TranslationData

ON_THE_WIRE: dict[str, ButtonData] = {
    "e:fr:morocco-staff": AskedBackData("fr", "morocco-staff"),
    "r:en:klarna_700": FollowUpData("en", "klarna_700"),
    "t:fr:intelcia-revenue+group-revenue": TranslationData("fr", "intelcia-revenue+group-revenue"),
    "p:figure:1:fr:2a:": PageData("figure", 1, "fr", "2a", ""),
    "p:quotation:12:en:0:l'ia : qui ?\nici": PageData("quotation", 12, "en", "0", "l'ia : qui ?\nici"),
    "g:fr:staff:1f": ChartData("fr", "staff", "1f"),
    "l:en": LanguageData("en"),
}
KINDS = {type(data) for data in ON_THE_WIRE.values()}


@pytest.mark.parametrize(("data", "value"), ON_THE_WIRE.items())
def test_a_button_carries_the_same_bytes_as_ever_and_is_read_back(data: str, value: ButtonData) -> None:
    assert value.pack() == data
    assert [kind.unpack(data) for kind in KINDS if kind.unpack(data)] == [value]


@pytest.mark.parametrize("data", [
    None, "", "x", "e:fr", "e:de:klarna", "e:fr:a+b", "e:fr:klarna\n", "r:fr:../../etc/passwd", "t:en:'; --",
    "E:fr:klarna",
    "p:figure:1:fr:2a", "p:figure:1000:fr:2a:", "p:figure:-1:fr:2a:", "p:digest:1:fr:2a:", "p:figure:1:fr:é:",
    "g:fr:staff:", "g:fr:staff:1f:", "l:", "l:fr:", " l:fr",
])  # fmt: skip
def test_what_no_button_carries_is_nothing(data: str | None) -> None:
    assert [kind for kind in KINDS if kind.unpack(data)] == []


@pytest.mark.parametrize("words", ["", "Élan", "é" * 100, "a" * 100])
def test_a_list_s_filter_is_cut_to_what_its_button_holds_on_every_page(words: str) -> None:
    first, later = (_fitted(PageData("quotation", page, "fr", "1ffffffff", words)) for page in (1, 12))
    assert first.words == later.words
    assert len(later.pack().encode()) <= MOST_DATA
    assert PageData.unpack(later.pack()) == later
