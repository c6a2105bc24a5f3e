"""What a report labels is found by how it is labelled, whatever the report."""

from __future__ import annotations

from dataclasses import replace

import pages
import pytest

from assistant.records import Correction, Finding, Kind, Reading, Shape
from assistant.understanding import cues, families
from assistant.understanding.corrections import corrected, read_corrections
from assistant.understanding.families import Kin
from assistant.understanding.findings import findings_of
from assistant.understanding.lists import lists_of

H, P, ITEM, R = Shape.HEADING, Shape.PARAGRAPH, Shape.ITEM, Shape.ROW


def found(made: Reading, kind: Kind | None = None) -> list[Finding]:
    return [each for each in findings_of(made).findings if kind in (None, each.kind)]


def test_numbered_recommendations_carry_the_addressee_of_the_heading_above_them() -> None:
    made = pages.reading(
        (H, "RECOMMENDATIONS"),
        (H, "FOR THE MINISTRY OF WORKS"),
        (ITEM, "1. Repair the wells: Replace every broken pump before the dry season."),
        (ITEM, "2. Train more mechanics in each district."),
        (H, "DONORS"),
        (ITEM, "3. Pay for spare parts for three more years."),
        (H, "ANNEX A. METHODOLOGY"),
        (ITEM, "1. Interviews were held in nine villages."),
    )
    entries = found(made, Kind.RECOMMENDATION)
    assert [(e.number, e.addressee) for e in entries] == [
        ("1", "MINISTRY OF WORKS"),
        ("2", "MINISTRY OF WORKS"),
        ("3", "DONORS"),
    ]
    assert entries[0].title == "Repair the wells"


def test_a_label_may_say_to_whom_how_urgent_and_until_when() -> None:
    made = pages.reading(
        (H, "Recommendation 3 (to UNDP, high priority, by 2027)"),
        (P, "Strengthen the land registry and publish its data every year."),
    )
    [entry] = found(made)
    assert (entry.number, entry.addressee, entry.priority, entry.timeframe) == ("3", "UNDP", "high", "by 2027")


def test_a_sentence_that_recommends_names_who_should_act() -> None:
    made = pages.reading(
        (H, "Recommendations for Executive Action"),
        (
            P,
            "Costs keep rising. We are therefore recommending that the Director of ABC publish all costs. "
            "We further recommend that ABC train its staff. The agency agreed with our report.",
        ),
    )
    entries = found(made, Kind.RECOMMENDATION)
    assert [e.addressee for e in entries] == ["Director of ABC", "ABC"]
    assert entries[1].text == "We further recommend that ABC train its staff."


def test_a_labelled_lesson_keeps_what_explains_it_also_over_a_page_break() -> None:
    made = pages.reading(
        (H, "LESSON LEARNED NO. 2: Pumps last only where villages own them."),
        (P, "Where the village held the key, nine of ten pumps still worked."),
        (P, "---"),
        (P, "Elsewhere most were broken within a year."),
        (H, "NEXT CHAPTER"),
        (P, "Something else is told here."),
    )
    [lesson] = found(made)
    assert (lesson.kind, lesson.number, lesson.page, lesson.page_end) == (Kind.LESSON, "2", 1, 2)
    assert lesson.text.endswith("broken within a year.")


def test_words_that_are_not_on_the_page_end_the_text_of_a_finding() -> None:
    made = pages.reading(
        (H, "LESSONS LEARNED"),
        (ITEM, "1. Wells need owners. Money alone is not enough."),
        (ITEM, "2. Start early with training."),
    )
    page = made.pages[0]
    torn = Reading((type(page)(1, "1", 612.0, 792.0, page.text.replace("Money alone", "Money never")),), made.blocks)
    assert [e.text for e in found(torn)] == ["1. Wells need owners.", "2. Start early with training."]


def test_ratings_are_data_with_the_scale_that_the_sentence_beside_the_table_names() -> None:
    labels = ("", "RELEVANCE", "EFFICIENCY")
    made = pages.reading(
        (H, "PERFORMANCE RATINGS"),
        (R, ("OUTCOME 1: More wells are used.", "High", "Low"), labels),
        (R, ("OUTCOME 2: Fewer people fall ill.", "Low", "Moderate"), labels),
        (P, "The rating scale has three steps: Low, Moderate, and High."),
    )
    cells = [(e.number, e.criterion, e.value) for e in found(made, Kind.RATING)]
    assert cells == [
        ("OUTCOME 1", "Relevance", "High"),
        ("OUTCOME 1", "Efficiency", "Low"),
        ("OUTCOME 2", "Relevance", "Low"),
        ("OUTCOME 2", "Efficiency", "Moderate"),
    ]
    assert {e.scale for e in found(made, Kind.RATING)} == {"Low, Moderate, and High"}


def test_change_statements_have_their_code_and_projects() -> None:
    labels = ("#", "Change Statement", "Contributing Projects")
    made = pages.reading(
        (H, "ANNEX G"), (R, ("3b*", "In 2023 the court cleared its backlog.", "ALPHA; BETA project"), labels)
    )
    [entry] = found(made)
    assert (entry.kind, entry.number, entry.projects) == (Kind.OUTCOME, "3b*", ("ALPHA", "BETA"))
    assert entry.title == "In 2023 the court cleared its backlog"


def test_a_story_of_change_opens_with_its_statement_and_has_code_and_name_of_its_heading_and_projects_of_its_row() -> (
    None
):
    made = pages.reading(
        (H, "ANNEX G. STORIES"),
        (R, ("2b*", "In 2023, mills paid for gloves.", "ALPHA"), ("#", "Change Statement", "Projects")),
        (H, "SIGNIFICANT CHANGE STORY 2B – SAFER MILLS"),
        (P, "Location(s): the valley, the delta and the two northern districts around the old harbour town."),
        (P, "In 2023, four mills in the valley began to pay for gloves, boots and rest breaks of their cutters."),
        (P, "Several factors contributed to this change, among them the visits of inspectors and a rise in wages."),
        (H, "ANNEX H. RANKING"),
        (P, "Those who ranked the stories of change gave most weight to what the cutters had told them."),
    )
    [_, entry] = found(made, Kind.OUTCOME)
    assert (entry.number, entry.title, entry.projects) == ("2B", "SAFER MILLS", ("ALPHA",))
    assert entry.text.startswith("In 2023, four mills")
    assert entry.text.endswith("of their cutters.")


def test_the_dates_before_a_result_in_a_table_are_not_its_name() -> None:
    labels = ("Contributions", "Sub-outcome")
    made = pages.reading(
        (H, "OUTCOME 1. FASTER COURTS"),
        (R, ("ALPHA. Training of clerks.", "2019-2021: The court cleared its backlog."), labels),
    )
    assert found(made, Kind.OUTCOME)[-1].title == "The court cleared its backlog"


def test_key_findings_are_told_by_the_criterion_that_leads_in() -> None:
    made = pages.reading(
        (H, "KEY EVALUATION RESULTS"),
        (P, "RELEVANCE - The pumps met a need in every village that was visited."),
        (P, "SUSTAINABILITY- Spare parts are hard to come by in all districts."),
    )
    assert [e.criterion for e in found(made, Kind.KEY_FINDING)] == ["relevance", "sustainability"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("As one teacher noted,", "The rest follows."),
        ("Voices from the field.", "Teacher in a rural school"),
    ],
)
def test_somebody_s_words_are_attributed_to_who_spoke(before: str, after: str) -> None:
    made = pages.reading((P, before), (P, "“We never had so many children in class as we have this year.”"), (P, after))
    [entry] = found(made, Kind.TESTIMONY)
    assert "teacher" in entry.title.lower()


def test_a_chapter_of_recommendations_without_any_is_a_warning() -> None:
    made = pages.reading(
        (H, "RECOMMENDATIONS"), (P, "See the table in the separate volume."), (H, "REFERENCES"), (P, "None.")
    )
    assert findings_of(made).warnings == ((1, "the chapter “RECOMMENDATIONS” was found, but no recommendations in it"),)


def test_what_a_heading_lists_is_told_from_its_words() -> None:
    assert cues.chapter_kind("5.2. RECOMMENDATIONS") is Kind.RECOMMENDATION
    assert cues.chapter_kind("Lecciones aprendidas") is Kind.LESSON
    assert cues.chapter_kind("5. LESSONS LEARNED AND RECOMMENDATIONS") is None
    assert cues.chapter_kind("Status of previous recommendations") is None
    assert cues.chapter_kind("What lessons were learned?") is None


def findings_under(name: str, made: Reading) -> list[Finding]:
    return [replace(each, document=name, id=f"{name}-{each.id}") for each in findings_of(made).findings]


def kin(name: str, made: Reading, title: str) -> Kin:
    return Kin(name, title, len(made.pages), "2024", families.opening_words(made.pages[0].text))


def test_what_report_and_brief_of_one_evaluation_say_is_one_finding() -> None:
    report = pages.reading(
        (H, "RECOMMENDATIONS"),
        (ITEM, "1. Repair the wells: The ministry should replace every broken pump before the dry season."),
        (ITEM, "2. Train mechanics: Courses for mechanics should be held in each district town."),
    )
    brief = pages.reading(
        (H, "RECOMMENDATIONS"),
        (ITEM, "1) Repair the wells before the dry season."),
        (ITEM, "2) Train mechanics in each district."),
    )
    title = "Evaluation of Rural Water Supply in Coastal Provinces"
    documents = [kin("report.pdf", report, title), kin("brief.pdf", brief, f"{title}: brief")]
    pairs = families.tied(documents, (), ())
    assert pairs == [("brief.pdf", "report.pdf")]
    assert [len(family) for family in families.families(documents, pairs)] == [2]
    found = families.groups([*findings_under("report.pdf", report), *findings_under("brief.pdf", brief)])
    assert [[each.document for each in group] for group in found] == [["report.pdf", "brief.pdf"]] * 2


def test_findings_of_strangers_are_never_one() -> None:
    made = pages.reading(
        (H, "LESSONS LEARNED"),
        (ITEM, "1. Start early with training."),
        (ITEM, "2. Wells need owners in every village."),
    )
    strangers = [kin("a.pdf", made, "Evaluation of School Meals"), kin("b.pdf", made, "Review of Fisheries Policy")]
    assert families.tied(strangers, (), ()) == []


def test_corrections_follow_the_text_and_those_that_fit_nothing_are_told() -> None:
    [one, two] = findings_under(
        "a.pdf",
        pages.reading(
            (H, "LESSONS LEARNED"), (ITEM, "1. Start early with training."), (ITEM, "2. Wells need owners here.")
        ),
    )
    kept, unused = corrected(
        [one, two],
        [
            Correction("a.pdf", "1. Start early", Kind.RECOMMENDATION, addressee="Ministry"),
            Correction("a.pdf", "2. Wells need", dropped=True),
            Correction("a.pdf", "Nothing begins like this"),
        ],
    )
    assert [(each.kind, each.addressee) for each in kept] == [(Kind.RECOMMENDATION, "Ministry")]
    assert [each.first_words for each in unused] == ["Nothing begins like this"]


def test_the_corrections_file_is_checked_and_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert read_corrections(tmp_path) == ()
    header = "document,first_words,kind,addressee,title,not_a_finding\n"
    (tmp_path / "corrections.csv").write_text(
        f'{header}a.pdf,"1. Start, early",lesson,,,\nb.pdf,Wells need owners,,,,yes\n', "utf-8"
    )
    first, second = read_corrections(tmp_path)
    assert (first.first_words, first.kind, second.dropped) == ("1. Start, early", Kind.LESSON, True)
    (tmp_path / "corrections.csv").write_text(f"{header}a.pdf,Start early please,advice,,,\n", "utf-8")
    with pytest.raises(Exception, match="'advice' is no kind"):
        read_corrections(tmp_path)


def test_lists_are_items_below_a_lead_in_headings_below_a_heading_and_paragraphs_with_one_label() -> None:
    made = pages.reading(
        (H, "Factors"),
        (P, "Limiting Factor: Roads are bad in the rains"),
        (P, "Limiting Factor: Fuel is dear everywhere"),
        (P, "The centers included:"),
        (ITEM, "North center, since 2020."),
        (ITEM, "South center, since 2021."),
    )
    assert [(each.lead, len(each.items)) for each in lists_of(made)] == [
        ("The centers included:", 2),
        ("Limiting Factor", 2),
    ]
