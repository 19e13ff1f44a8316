"""Numbers, dates, places, nations and speakers in sentences."""

from __future__ import annotations

import pytest

from startex.foundation.nations import nation_names
from startex.reports.attribution import speakers
from startex.reports.dates import dates
from startex.reports.drafts import Context
from startex.reports.numbers import number_of
from startex.reports.origins import Origins
from startex.reports.parties import codes_in, participants, parties, slug
from startex.reports.places import places
from startex.reports.quantities import quantities
from startex.reports.rules import Rules
from startex.reports.sentences import Span, sentences
from startex.reports.text import ReportText
from startex.sources.claims import Origin


def whole(text: str) -> Span:
    return Span(0, len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("more than 50,000 troops", (50_000, None, None, "more than", "person")),
        ("More than 50,000 of Putin’s soldiers", (50_000, None, None, "more than", "person")),
        ("up to 400 personnel", (400, None, None, "up to", "person")),
        ("as many as 400 personnel", (400, None, None, "up to", "person")),
        ("no fewer than 20 crews", (20, None, None, "at least", "crew")),
        ("no more than 20 crews", (20, None, None, "up to", "crew")),
        ("fewer than fifteen ships", (15, None, None, "less than", "ship")),
        ("some two hundred and fifty sailors", (250, None, None, "about", "person")),
        ("nearly 2,000 vehicles", (2000, None, None, "about", "vehicle")),
        ("300 or more vehicles", (300, None, None, "at least", "vehicle")),
        ("300+ vehicles", (300, None, None, "at least", "vehicle")),
        ("40 or so trucks", (40, None, None, "about", "vehicle")),
        ("between 10 and 12 ships", (None, 10, 12, "between", "ship")),
        ("10-12 ships", (None, 10, 12, "between", "ship")),
        ("ten to twelve guided-missile frigates", (None, 10, 12, "between", "ship")),
        ("a dozen boats", (12, None, None, "exactly", "ship")),
        ("half a dozen tanks", (6, None, None, "exactly", "vehicle")),
        ("thousands of soldiers", (None, 1000, None, "exactly", "person")),
        ("a 10,000-strong force", (10_000, None, None, "exactly", "person")),
        ("1.5 million rounds", (1_500_000, None, None, "exactly", "round")),
        ("50 000 troops", (50_000, None, None, "exactly", "person")),
        ("seven firing ranges", (7, None, None, "exactly", "range")),
        ("240 nautical miles", (240, None, None, "exactly", "nmi")),
        ("12 per cent", (12, None, None, "exactly", "percent")),
        ("a five-day exercise", (5, None, None, "exactly", "d")),
        ("one frigate", (1, None, None, "exactly", "ship")),
    ],
)
def test_quantities_with_their_bounds(text: str, expected: tuple[object, ...]) -> None:
    (found,) = quantities(text, whole(text))
    assert (found.value, found.low, found.high, found.bound, found.unit) == expected
    assert found.number.of(text) in found.span.of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Su-35 fighters", "in 2022 nine", "at 14:30 hours", "the 3rd Brigade", "hull 548",
        "Army-2022 exercises", "one of the ships", "no one", "the first ship", "T-72 tanks",
        "three weeks ago", "300 roses",
    ],
)  # fmt: skip
def test_what_is_no_quantity(text: str) -> None:
    assert quantities(text, whole(text)) == []


def test_a_list_gives_each_of_its_quantities() -> None:
    text = "and 5,000 vehicles including 140 warplanes and 60 warships, two, three corvettes"
    found = [(each.value, each.field) for each in quantities(text, whole(text))]
    assert found == [(5000, "vehicles"), (140, "aircraft"), (60, "ships"), (3, "corvettes")]


def test_words_of_numbers() -> None:
    assert number_of("three thousand two hundred and five") == 3205
    assert number_of("twenty-four") == 24
    assert number_of("a hundred") == 100
    with pytest.raises(ValueError, match="'ship'"):
        number_of("two ship")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 29 August", ("2022-08-29",)),
        ("on Aug. 29, 2021", ("2021-08-29",)),
        ("scheduled for Aug. 30-Sept. 5", ("2022-08-30", "2022-09-05")),
        ("from 1 to 7 September", ("2022-09-01", "2022-09-07")),
        ("September 1-7", ("2022-09-01", "2022-09-07")),
        ("from 28 December to 3 January 2023", ("2022-12-28", "2023-01-03")),
        ("in late August", ("2022-08-21/2022-08-31",)),
        ("in July 2022", ("2022-07",)),
        ("noted in June", ("2022-06",)),
        ("in 2018", ("2018",)),
        ("today", ("2022-08-29",)),
        ("next month", ("2022-09",)),
        ("three weeks ago", ("2022-08-08~",)),
        ("two days ago", ("2022-08-27",)),
        ("said on Wednesday", ("2022-08-24",)),
        ("will begin on Wednesday", ()),
        ("later this week", ()),
        ("last week", ()),
        ("days after", ()),
        ("31 September", ()),
    ],
)
def test_dates_are_read_or_left_undated(text: str, expected: tuple[str, ...]) -> None:
    (found,) = dates(text, whole(text), "2022-08-29")
    assert found.edtf == expected


@pytest.mark.parametrize(
    ("reported", "text", "expected"),
    [
        ("2022-12-20", "January 10", ("2023-01-10",)),
        ("2023-01-05", "December 28", ("2022-12-28",)),
        ("", "29 August", ()),
        ("", "29 August 2022", ("2022-08-29",)),
        ("", "next month", ()),
        ("2022", "next month", ()),
        ("2022", "29 August", ("2022-08-29",)),
        ("2022-08", "next month", ("2022-09",)),
        ("2022-08-17/2022-08-18", "said on Wednesday", ("2022-08-17",)),
        ("2022-08-17/2022-08-18", "yesterday", ()),
        ("../2022-08", "29 August", ()),
        ("2022-08-29", "29 February", ()),
    ],
)
def test_the_date_of_the_report_gives_the_year_and_no_more(reported, text, expected) -> None:
    (found,) = dates(text, whole(text), reported)
    assert found.edtf == expected


def test_verbs_are_no_months() -> None:
    text = "They may come and march in step; august guests decamp."
    assert dates(text, whole(text), "2022-08-29") == []


def test_nations_by_name_adjective_and_seat() -> None:
    text = "Beijing said Russian and U.S. forces, the PLA and Viet Nam’s navy met in Türkiye."
    assert codes_in(text) == ("CHN", "RUS", "USA", "VNM", "TUR")
    assert codes_in("Chinatown and Nigeria, not Niger") == ("NGA", "NER")


def test_every_word_for_a_nation_is_of_a_nation_that_is_known() -> None:
    from startex.reports.parties import _words

    assert {code for code, _ in _words().values()} == set(nation_names())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It will engage troops from China, India and Syria.", ["China", "India", "Syria"]),
        ("Russia and China will carry out drills.", ["Russia", "China"]),
        ("The drills see the participation of India, Laos and other countries.",
         ["India", "Laos", "other countries"]),
        ("Drills in Russia begin.", []),
        ("China stayed neutral on the war in Ukraine.", []),
        ("China sends troops to Russia.", ["China"]),
    ],
)  # fmt: skip
def test_who_takes_part(text: str, names: list[str]) -> None:
    found = participants(text, whole(text), parties(text))
    assert [name for _, name in found] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Drills in the Sea of Japan and across Russia’s Far East",
         ["Sea of Japan", "Russia’s Far East"]),
        ("troops arriving in Moscow for drills", ["Moscow"]),
        ("at the Bradshaw training area, 240 km away", ["Bradshaw training area"]),
        ("a brigade marched to Vilnius", ["Vilnius"]),
        ("in Russian hands, on Monday, in September, to President Xi, in Exercise Red Reef", []),
        ("seven ranges in far eastern Russia", ["far eastern Russia"]),
    ],
)  # fmt: skip
def test_where(text: str, names: list[str]) -> None:
    assert [name for _, name in places(text, whole(text), parties(text))] == names


def test_places_of_the_scenario_are_found_wherever_they_stand() -> None:
    text = "Sergeyevsky opened; Sergeyevskyites cheered."
    assert [s.start for s, _ in places(text, whole(text), [], ["Sergeyevsky"])] == [0]


@pytest.mark.parametrize(
    ("text", "name", "via"),
    [
        ("Ten ships sail, the Ministry of Defence of Norway said.",
         "the Ministry of Defence of Norway", ""),
        ("Ten ships sail, according to Gen. Ivan Petrov.", "Gen. Ivan Petrov", ""),
        ("“Ten ships sail,” said Adm. Hassan bin Omar.", "Adm. Hassan bin Omar", ""),
        ("TASS reported ten ships, citing the Foreign Ministry.", "the Foreign Ministry", "TASS"),
        ("The baker, Ona Petraitienė, says ten ships sail.", "Ona Petraitienė", ""),
        ("But US officials say ten ships sail.", "US officials", ""),
    ],
)  # fmt: skip
def test_who_says_so(text: str, name: str, via: str) -> None:
    (speaker,) = speakers(text, sentences(text))
    assert speaker is not None
    assert (speaker.name, speaker.via) == (name, via)
    assert speaker.words.of(text) in text


def test_he_and_the_ministry_are_who_was_named_before() -> None:
    text = (
        "Norway’s Ministry of Defence announced a drill. General Eirik Haugen said it was large. "
        "The ministry said that ten ships sail. “All is well,” he said. “We go. It is time.” "
        "Rain fell. Haugen said so."
    )
    found = [s.name if s else "" for s in speakers(text, sentences(text))]
    ministry = "Norway’s Ministry of Defence"
    general = "General Eirik Haugen"
    assert found == [ministry, general, ministry, general, general, general, "", general]


def test_a_ministry_of_a_nation_is_the_known_origin_whatever_it_is_called() -> None:
    known = {
        "ru": Origin(origin="ru", name="Ministry of Defence of Russia", kind="m", nation="RUS"),
        "cn": Origin(origin="cn", name="Ministry of National Defense of China", kind="m"),
        "wh": Origin(origin="wh", name="White House", kind="government", nation="USA"),
        "pr": Origin(origin="pr", name="President of Russia", kind="government", nation="RUS"),
    }
    origins = Origins(known)
    for words, name in [
        ("Russia’s Defense Ministry", "ru"), ("the Russian MoD", "ru"), ("China’s MND", "cn"),
        ("the White House", "wh"), ("Russian President Vladimir Putin", "pr"),
        ("President Xi Jinping", ""), ("the Defence Ministry", ""), ("a baker", ""),
        ("the Ministry of Defence of Norway", ""),
    ]:  # fmt: skip
        assert origins.guess(words) == name, words


def test_what_was_coded_before_teaches_names() -> None:
    from startex.sources.claims import Claim

    known = {"kremlin": Origin(origin="kremlin", name="Office of the head of state", kind="g")}
    claim = Claim.model_validate(
        {"claim": "c", "kind": "source", "class": "fact", "quote": "q", "said_by": "Putin",
         "source": "s", "origin": "kremlin", "says": [{"subject": "a", "field": "b", "text": "c"}]}
    )  # fmt: skip
    assert Origins(known).guess("Putin") == ""
    assert Origins(known, [claim]).guess("putin") == "kremlin"


def test_a_sentence_becomes_statements_that_claims_hold() -> None:
    text = "China will send more than 2,000 troops to the exercise from 1 to 7 September."
    (draft,) = Rules().extract(ReportText("a", "text", text), Context("2022-08-29", "paper"))
    said = [(s.subject, s.field, str(s), s.counting_rule) for s in draft.says]
    assert said == [
        ("china", "persons", "more than 2,000 persons", "announced_national"),
        ("exercise", "active_phase_start", "2022-09-01", ""),
        ("exercise", "active_phase_end", "2022-09-07", ""),
        ("exercise", "participants", "China", ""),
    ]
    assert (draft.class_, draft.origin) == ("fact", "paper")


def test_sentences_that_carry_nothing_are_not_proposed() -> None:
    text = "The morning was cool. Bring a hat. Nobody answered. He had seven cats in 1990s."
    assert Rules().extract(ReportText("a", "text", text), Context()) == []


def test_ids_of_anything() -> None:
    assert slug("the Ministry’s Côte d’Ivoire") == "the-ministry-cote-d-ivoire"
    assert slug("国防部") == "unnamed"
