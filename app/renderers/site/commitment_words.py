"""A commitment in words: how much, by when, how firmly."""

from dataclasses import dataclass

from app.datasets.commitments import CommitmentKind, Comparator
from app.model.rows import Record
from app.renderers.site.cells import format_number
from app.renderers.site.days import span_in_words
from app.renderers.site.language import Language, Text

COMPARATOR_PHRASES = {
    Comparator.eq: Text("{value}", "{value}"),
    Comparator.gte: Text("不少于{value}", "at least {value}"),
    Comparator.lte: Text("不超过{value}", "at most {value}"),
    Comparator.range: Text("{value}至{value_to}", "{value} to {value_to}"),
}
"""What a figure has to be: `不少于90%`."""
CERTAINTY_PHRASES = {"firm": Text("确定", "firm"), "strive": Text("力争", "to be striven for")}
SIGNS = ("%", "‰", "℃", "°")
"""Units that follow a figure without a space, in English too."""


@dataclass(frozen=True, slots=True)
class CommitmentWords:
    """The parts of a commitment. A part that the document does not set is empty."""

    subject: str
    is_subject_ours: bool
    """Whether the subject is our translation."""
    kind: str
    figure: str
    due: str
    certainty: str
    is_past: bool
    """Whether its last day lies before the day that was asked for. It says nothing of whether it was kept."""


def commitment_in_words(row: Record, language: Language, day: str | None = None) -> CommitmentWords:
    """Return a commitment in words, as seen on a day (ISO 8601). Without a day nothing is past."""
    in_english = language == "en" and row["subject_en"]
    kind = CommitmentKind.of(row["kind"])
    return CommitmentWords(
        subject=row["subject_en"] if in_english else row["subject_zh"] or "",
        is_subject_ours=bool(in_english),
        kind=kind.label_zh if language == "zh" else kind.label_en,
        figure=figure_in_words(row, language),
        due=span_in_words(row["due_from"], row["due_to"], language),
        certainty=CERTAINTY_PHRASES[row["certainty"]].in_language(language),
        is_past=bool(day and row["due_to"] and row["due_to"] < day),
    )


def figure_in_words(row: Record, language: Language) -> str:
    """Return comparator, value and unit, such as `不少于90%`; empty if there is no value."""
    if row["value"] is None:
        return ""
    unit = row["unit"] or ""
    space = "" if language == "zh" or unit in ("", *SIGNS) else " "
    value, value_to = (format_number(each) if each is not None else "" for each in (row["value"], row["value_to"]))
    comparator = Comparator.of(row["comparator"] or Comparator.eq)
    phrase = COMPARATOR_PHRASES[comparator].in_language(language).format(value=value, value_to=value_to)
    return f"{phrase}{space}{unit}"
