"""The data dictionary of a dataset, from its declaration."""

from typing import Any

from app.model.dataset import SOURCE, Choice, Dataset


def dictionary(dataset: Dataset) -> list[dict[str, Any]]:
    """Every member of a row: name, type, labels, unit, enumeration, operators."""
    described = {spec.name: spec for spec in dataset.fields}
    kinds = {"prose": "string", "month": "string", "objects": "list of objects", "list": "list of strings"}
    extra = {"source": ("来源", "Source"), "printed": ("原文", "As printed")}
    entries = []
    for name in dataset.members:
        spec = described.get(name)
        enum = spec.fact.enum if spec else None
        entries.append(
            {
                "name": name,
                "type": kinds.get(spec.kind, spec.kind) if spec else "object",
                "label_zh": spec.fact.zh if spec else extra[name][0],
                "label_en": spec.fact.en if spec else extra[name][1],
                "unit": spec.fact.unit if spec else None,
                "enum": [_choice(member) for member in enum] if enum else None,
                "ops": list(spec.ops) if spec else [],
                "sortable": spec.sortable if spec else False,
                "editorial": spec.fact.editorial if spec else False,
                "nullable": spec.nullable if spec else name == "printed",
                "members": list(spec.fact.members) if spec and spec.fact.members else _members(dataset, name),
                "references": spec.fact.references if spec else None,
            }
        )
    return entries


def _choice(member: Choice) -> dict[str, str]:
    return {"value": member.value, "label_zh": member.label_zh, "label_en": member.label_en}


def _members(dataset: Dataset, name: str) -> list[str] | None:
    return list(SOURCE) if name == "source" else list(dataset.printed) if name == "printed" else None
