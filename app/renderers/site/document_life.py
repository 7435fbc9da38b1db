"""The life of a document in words: its status on a day, and the days that decide it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.datasets.documents import DocumentStatus
from app.model.rows import Record
from app.renderers.site.days import day_in_words
from app.renderers.site.language import Language, Text

REPEALS = "repeals"


@dataclass(frozen=True, slots=True)
class Repeal:
    """The first repeal of a document: the day from which it works, and the document that says so."""

    day: str
    document: Record

    @property
    def name(self) -> str:
        """Return the number of the repealing document, or its title where it has none."""
        return str(self.document["document_number"] or f"《{self.document['title']}》")


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A day in the life of a document. `kind` is a key of `EVENT_LABELS`, or `chosen` for the day asked for."""

    kind: str
    day: str
    label: str
    is_past: bool
    """Whether the day is not after the day asked for."""


STATUS_PHRASES: Mapping[tuple[DocumentStatus, str], Text] = {
    (DocumentStatus.not_yet_in_force, ""): Text("{effective}起施行", "in force from {effective}"),
    (DocumentStatus.in_force, "expires"): Text(
        "{effective}起施行，有效期至{expires}", "from {effective} until {expires}"
    ),
    (DocumentStatus.in_force, ""): Text(
        "{effective}起施行，原文未载明有效期", "from {effective}; no last day is printed"
    ),
    (DocumentStatus.expired, ""): Text("有效期至{expires}", "in force until {expires}"),
    (DocumentStatus.repealed, "repeal"): Text("自{repealed}起由{repealing}废止", "by {repealing} from {repealed}"),
    (DocumentStatus.repealed, ""): Text("", ""),
    (DocumentStatus.unknown, ""): Text("原文没有写明施行日期", "the print does not say from when it applies"),
}
"""Why a document has a status. The second part of the key is what else has to be known for the phrase."""
UNKNOWN_STATUS = Text("效力未载明", "status not stated")
"""How the sentence calls a status that the print does not let anybody tell."""
EVENT_LABELS: Mapping[str, Text] = {
    "signed": Text("成文", "Signed"),
    "published": Text("公报刊登", "Printed in the gazette"),
    "effective": Text("施行", "In force"),
    "expires": Text("有效期最后一日", "Last day in force"),
    "repealed": Text("废止", "Repealed"),
}
"""The events of a life, in the order in which those of one day are told."""


def first_repeal(incoming: Iterable[tuple[Record, Record]]) -> Repeal | None:
    """Return the first repeal among the relations of other documents to one, each with the other document.

    A repeal works from the day on which the repealing document takes effect.
    """
    repeals = [
        Repeal(other["effective_on"], other)
        for relation, other in incoming
        if relation["relation"] == REPEALS and other["effective_on"]
    ]
    return min(repeals, key=lambda repeal: (repeal.day, repeal.document["id"]), default=None)


def status_sentence(document: Record, day: str, today: str, repeal: Repeal | None, language: Language) -> str:
    """Return the status on a day, such as `2024年6月10日：已失效（有效期至2024年6月9日）`.

    `document` has the status of that day.
    """
    status = DocumentStatus.of(document["status"])
    is_chinese, in_words = language == "zh", day_in_words(day, language)
    if day == today:
        in_words = f"今天（{in_words}）" if is_chinese else f"Today, {in_words}"
    reason = _status_phrase(status, document, repeal).in_language(language).format(**_words(document, repeal, language))
    label = Text(status.label_zh, status.label_en.lower())
    if status is DocumentStatus.unknown:
        label = UNKNOWN_STATUS
    if is_chinese:
        return f"{in_words}：{label.zh}{f'（{reason}）' if reason else ''}"
    return f"{in_words}: {label.en}{f' ({reason})' if reason else ''}"


def _status_phrase(status: DocumentStatus, document: Record, repeal: Repeal | None) -> Text:
    known = {"expires": document["expires_on"], "repeal": repeal}
    for (key, condition), phrase in STATUS_PHRASES.items():
        if key == status and (not condition or known[condition]):
            return phrase
    return Text("", "")


def _words(document: Record, repeal: Repeal | None, language: Language) -> dict[str, str]:
    days = {
        "effective": document["effective_on"],
        "expires": document["expires_on"],
        "repealed": repeal.day if repeal else None,
    }
    words = {name: day_in_words(day, language) if day else "" for name, day in days.items()}
    return {**words, "repealing": repeal.name if repeal else ""}


def life_events(document: Record, day: str, repeal: Repeal | None, language: Language) -> Sequence[LifeEvent]:
    """Return the days in a document's life in their order, with the day asked for among them."""
    days = {
        "signed": document["signed_on"],
        "published": document["published_on"],
        "effective": document["effective_on"],
        "expires": document["expires_on"],
        "repealed": repeal.day if repeal else None,
    }
    events = [
        LifeEvent(kind, days[kind], label.in_language(language), days[kind] <= day)
        for kind, label in EVENT_LABELS.items()
        if days[kind]
    ]
    chosen = LifeEvent("chosen", day, "", True)
    return [
        *sorted((event for event in events if event.is_past), key=lambda event: event.day),
        chosen,
        *sorted((event for event in events if not event.is_past), key=lambda event: event.day),
    ]
