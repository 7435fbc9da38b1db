"""Figures of groups: what a bar or a cell stands for, and how groups beyond the first few are put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.renderers.site.language import Translate

Figure = Decimal | int | None
MAX_DESCRIBED = 8
"""How many groups a description names."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its label and its figure, None where it has none. `is_rest` marks the sum of several groups."""

    label: str
    value: Figure
    is_rest: bool = False


def format_figure(value: Figure) -> str:
    """Return a figure with the decimals that it has; a dash where there is none."""
    return "—" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def to_decimal(value: Figure) -> Decimal:
    """Return a figure as a decimal, zero where there is none."""
    return Decimal(value or 0)


def rest_label(count: int, text: Translate) -> str:
    """Return the label of the sum of several groups."""
    return text(f"其他（{count}项）", f"Other ({count})")


def join_rest(groups: Sequence[Group], max_groups: int, is_additive: bool, text: Translate) -> tuple[list[Group], int]:
    """Return at most `max_groups` groups, and the number of those that are left out.

    Of figures that can be added up, the groups behind the first are one, unless it would dwarf all others.
    """
    if len(groups) <= max_groups:
        return list(groups), 0
    shown, rest = groups[: max_groups - 1], groups[max_groups - 1 :]
    total = sum((to_decimal(group.value) for group in rest), Decimal(0))
    if not is_additive or not shown or total > max(to_decimal(group.value) for group in shown):
        return list(groups[:max_groups]), len(groups) - max_groups
    value = int(total) if all(isinstance(group.value, int) for group in rest) else total
    return [*shown, Group(rest_label(len(rest), text), value, is_rest=True)], 0


def describe_groups(groups: Sequence[Group], hidden: int, text: Translate) -> str:
    """Return groups and their figures as a sentence; `hidden` groups are not among them."""
    named = [f"{group.label} {format_figure(group.value)}" for group in groups[:MAX_DESCRIBED]]
    more = len(groups) - len(named) + hidden
    sentence = text("，", "; ").join(named)
    return sentence + (text(f"，另有{more}项", f"; and {more} more") if more else "")


def hidden_note(hidden: int, text: Translate) -> list[str]:
    """Return the note on groups that are not shown."""
    return [text(f"另有{hidden}项未画出。", f"And {hidden} more, not shown.")] if hidden else []
