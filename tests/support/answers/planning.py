"""All requests in their order."""

from collections.abc import Callable

from tests.support.answers import addresses, exchanges, fields, questions, refusals, statistics
from tests.support.answers.sampling import Known, Plan
from tests.support.answers.wire import Request

PARTS: tuple[tuple[str, Callable[[Plan], None]], ...] = (
    ("addresses", addresses.add_addresses),
    ("parameters", addresses.add_parameters),
    ("tables", addresses.add_rows_in_formats),
    ("accept", addresses.add_accepted),
    ("filters", fields.add_filters),
    ("choices", fields.add_choices),
    ("groups", fields.add_groups),
    ("cql2", fields.add_conditions),
    ("pages", questions.add_pages),
    ("words", questions.add_words),
    ("series", questions.add_series),
    ("sdmx data", statistics.add_sdmx_data),
    ("sdmx selections", statistics.add_sdmx_selections),
    ("sdmx names", statistics.add_sdmx_names),
    ("sdmx structures", statistics.add_sdmx_structures),
    ("sdmx items", statistics.add_sdmx_items),
    ("catalogue", statistics.add_catalogue),
    ("texts", statistics.add_texts),
    ("nowhere", refusals.add_addresses_nowhere),
    ("bounds", refusals.add_bounds),
    ("methods", refusals.add_methods),
    ("conditions", exchanges.add_conditions),
    ("codings", exchanges.add_codings),
    ("parts", exchanges.add_parts),
    ("header fields", exchanges.add_fields),
    ("connections", exchanges.add_connections),
)
"""The themes in their order, which is part of what is recorded: an answer may come from memory."""
HEADLESS = ("filters", "choices", "groups", "cql2", "tables", "parameters", "words")
"""Themes whose requests are asked as HEAD too, one in so many."""
ONE_IN = 10


def planned(known: Known) -> list[Request]:
    """The requests for a service, the same for the same data."""
    plan = Plan(known)
    for name, add in PARTS:
        plan.part = name
        first = len(plan.requests)
        add(plan)
        if name in HEADLESS:
            for request in plan.requests[first::ONE_IN]:
                plan.ask(request.target, request.headers, method="HEAD")
    return plan.requests
