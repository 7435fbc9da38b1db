"""Days and spans of days in words."""

from datetime import date, timedelta

from app.renderers.site.language import Language


def day_in_words(day: str, language: Language) -> str:
    """Return a day (ISO 8601) as `2024年6月9日` or `9 June 2024`."""
    parsed = date.fromisoformat(day)
    if language == "zh":
        return f"{parsed.year}年{parsed.month}月{parsed.day}日"
    return f"{parsed.day} {parsed:%B} {parsed.year}"


def span_in_words(day_from: str | None, day_to: str | None, language: Language) -> str:
    """Return when something is due: `2021年内`, `最迟2021年4月30日`. Empty if neither end is known.

    `day_to` is the last day that counts.
    """
    is_chinese = language == "zh"
    if not day_from and not day_to:
        return ""
    if not day_from:
        last = day_in_words(day_to or "", language)
        return f"最迟{last}" if is_chinese else f"by {last}"
    if not day_to:
        first = day_in_words(day_from, language)
        return f"自{first}起" if is_chinese else f"from {first}"
    first_day, last_day = date.fromisoformat(day_from), date.fromisoformat(day_to)
    if (first_day.month, first_day.day, last_day.month, last_day.day) == (1, 1, 12, 31):
        return _years(first_day.year, last_day.year, is_chinese)
    if first_day.day == 1 and _is_last_of_month(first_day, last_day):
        return f"{first_day.year}年{first_day.month}月内" if is_chinese else f"in {first_day:%B} {first_day.year}"
    first, last = day_in_words(day_from, language), day_in_words(day_to, language)
    return f"{first}至{last}" if is_chinese else f"from {first} to {last}"


def _years(first: int, last: int, is_chinese: bool) -> str:
    if first == last:
        return f"{first}年内" if is_chinese else f"in {first}"
    return f"{first}年至{last}年" if is_chinese else f"from {first} to {last}"


def _is_last_of_month(first: date, last: date) -> bool:
    return (first.year, first.month) == (last.year, last.month) and (last + timedelta(days=1)).day == 1
