"""The data dictionary of a dataset, from its declaration."""

from typing import Any

from app.model.dataset import SOURCE_MEMBERS, Choice, Dataset


def data_dictionary(dataset: Dataset) -> list[dict[str, Any]]:
    """Return one entry for each member of a row: name, type, labels, unit, enumeration, operators."""
    kinds = {"prose": "string", "month": "string", "objects": "list of objects", "list": "list of strings"}
    extra = {"source": ("来源", "Source"), "printed": ("原文", "As printed")}
    entries = []
    for name in dataset.members:
        spec = dataset.fields_by_name.get(name)
        enum = spec.info.enum if spec else None
        entries.append(
            {
                "name": name,
                "type": kinds.get(spec.kind, spec.kind) if spec else "object",
                "label_zh": spec.info.label_zh if spec else extra[name][0],
                "label_en": spec.info.label_en if spec else extra[name][1],
                "unit": spec.info.unit if spec else None,
                "enum": [_choice(member) for member in enum] if enum else None,
                "ops": list(spec.operators) if spec else [],
                "sortable": spec.sortable if spec else False,
                "editorial": spec.info.editorial if spec else False,
                "nullable": spec.nullable if spec else name == "printed",
                "members": list(spec.info.members) if spec and spec.info.members else _members(dataset, name),
                "references": spec.info.references if spec else None,
            }
        )
    return entries


def _choice(member: Choice) -> dict[str, str]:
    return {"value": member.value, "label_zh": member.label_zh, "label_en": member.label_en}


def _members(dataset: Dataset, name: str) -> list[str] | None:
    return list(SOURCE_MEMBERS) if name == "source" else list(dataset.printed_fields) if name == "printed" else None
