"""Every field of every dataset: its filters with all operators, sorting, choosing, counting, and CQL2."""

from collections.abc import Iterator
from urllib.parse import quote

from tests.support.answers.sampling import Field, Plan, address

LIMIT = "4"
"""Rows of one answer: the number of all that match is told beside them."""
SENSELESS = {"string": "", "integer": "abc", "number": "1e999", "boolean": "yes", "date": "2021-02-30"}
"""A value that a type does not take."""
OBSERVED = "/v1/observations"
COMPARED = (
    "district = '龙湾区' AND (plan = 'upgrade' OR year_from <= 2022)",
    "plan = '拆迁'",
    "NOT (plan = 'demolition')",
    "village LIKE '%桥_'",
    "village NOT LIKE '%村'",
    "CASEI(id) = CASEI('LUCHENG-01')",
    "CASEI(village) LIKE CASEI('%桥%')",
    "CASEI(district) IN (CASEI('龙湾区'))",
    "year_to BETWEEN 2024 AND 2025",
    "year_to NOT BETWEEN 2024 AND 2025",
    "district IN ('龙湾区', '鹿城区')",
    "district NOT IN ('龙湾区')",
    "notes IS NULL",
    "notes IS NOT NULL",
    "(year_from > 2022) IS NULL",
    "year_from = year_to",
    "year_from <> year_to",
    "2022 <= year_from",
    "village = 'it''s'",
    r"village = 'it\'s'",
    "district = '龙湾区",
    "distrikt = '龙湾区'",
    "district == '龙湾区'",
    "district LIKE 5",
    "year_from = 'abc'",
    "year_from = 1.5",
    "year_from + 1 = 2022",
    "ACCENTI(village) = 'x'",
    "S_INTERSECTS(geometry, POINT(1 2))",
    "T_BEFORE(signed_on, DATE('2021-01-01'))",
    "A_CONTAINS(areas, ('龙港市'))",
    "district",
    "TRUE",
    "",
    " ",
    "(" * 40 + "year_from = 2021" + ")" * 40,
    " OR ".join(["year_from = 2021"] * 300),
    "district IN (" + ", ".join(["'x'"] * 250) + ")",
    "plan = 'upgarde'",
)
LISTED = (
    "A_CONTAINS(areas, ('龙港市'))",
    "A_OVERLAPS(areas, ('龙港市', '平阳县'))",
    "A_CONTAINEDBY(areas, ('龙港市', '平阳县'))",
    "A_EQUALS(areas, ('龙港市'))",
    "NOT A_EQUALS(areas, ())",
    "A_CONTAINS(river, ('x'))",
    "areas = '龙港市'",
)
NUMBERED = (
    "value > 100.25",
    "value_yoy IS NULL",
    "period >= '2021-05'",
    "period = '2021-13'",
    "published_on < DATE('2021-07-01')",
    "published_on < TIMESTAMP('2021-07-01T00:00:00Z')",
    "published_on = '2021-06-20'",
    "value > cumulative",
    "-value < 0",
    "value = 99999999999999999999999999",
)


def add_filters(plan: Plan) -> None:
    """Filters with every operator for every field."""
    for dataset, fields in plan.known.fields.items():
        for field in fields:
            values = plan.known.values(dataset, field.name)
            for name, value in _filters(field, values):
                plan.ask(address(f"/v1/{dataset}", **{name: value}, limit=LIMIT))
        typed = {field.type: field for field in fields if field.ops and not field.codes}
        for kind, field in typed.items():
            _add_faults(plan, dataset, kind, field)


def _filters(field: Field, values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    some = values or ("x",)
    for op in field.ops:
        name = field.name if op == "eq" else f"{field.name}__{op}"
        if op == "isnull":
            yield name, "true"
            yield name, "false"
        elif op == "in":
            yield name, ",".join(_listed(value) for value in some)
        elif op in ("contains", "startswith"):
            yield name, some[0][:3]
            yield name, some[-1][1:4].upper()
        else:
            yield from ((name, value) for value in some[: 2 if op == "eq" else 1])
    if field.codes:
        yield field.name, field.labels[0]
        yield field.name, f"{field.codes[0]}x"
        yield f"{field.name}__in", f"{field.codes[-1]},{field.labels[0]}"


def _listed(value: str) -> str:
    quoted = value.replace('"', '""')
    return f'"{quoted}"' if set(value) & set(',"\n') else value


def _add_faults(plan: Plan, dataset: str, kind: str, field: Field) -> None:
    path = f"/v1/{dataset}"
    wrong = SENSELESS.get(kind, "")
    plan.ask(address(path, **{field.name: wrong}))
    plan.ask(address(path, **{field.name: "'; DROP TABLE x --", f"{field.name}__like": "x"}))
    plan.ask(address(path, **{f"{field.name}__isnull": "maybe"}))
    plan.ask(address(path, **{f"{field.name}__in": ""}))
    plan.ask(address(path, **{f"{field.name}__in": ",".join(["1"] * 201)}))
    plan.ask(address(path, **{f"{field.name[:-1]}": "1"}))
    plan.ask(address(path, **{f"{field.name}__contains": wrong or "%_"}))


def add_choices(plan: Plan) -> None:
    """Sorting by every field, both ways; choosing members; the faults of both."""
    for dataset, fields in plan.known.fields.items():
        path = f"/v1/{dataset}"
        for field in fields:
            plan.ask(address(path, sort=field.name, limit=LIMIT, fields=f"id,{field.name}"))
            plan.ask(address(path, sort=f"-{field.name}", limit=LIMIT, count="false"))
            plan.ask(address(path, fields=field.name, limit="2"))
        names = [field.name for field in fields]
        for sort in (",".join(names[:3]), f"-{names[1]},{names[0]}", "", "none", f"{names[0]},{names[0]}", "id,-id,"):
            plan.ask(address(path, sort=sort, limit=LIMIT))
        for chosen in ("source.page_from,id", "printed", "source", "source.none", "", "id,id", names[1].upper()):
            plan.ask(address(path, fields=chosen, limit="2"))


def add_groups(plan: Plan) -> None:
    """Counts and sums by every field, with every figure."""
    for dataset, fields in plan.known.fields.items():
        path = f"/v1/{dataset}"
        for field in fields:
            plan.ask(address(f"{path}/facets", by=field.name, limit="6"))
            plan.ask(address(f"{path}/aggregate", by=field.name, limit="6"))
            figures = ",".join(f"{figure}:{field.name}" for figure in ("sum", "avg", "min", "max"))
            plan.ask(address(f"{path}/aggregate", metric=f"count,{figures}"))
            plan.ask(address(f"{path}/aggregate", metric=f"min:{field.name},max:{field.name},count"))
        codes = [field.name for field in fields if field.codes] or ["id"]
        both = f"{codes[0]},{codes[-1]}" if len(codes) > 1 else codes[0]
        plan.ask(address(f"{path}/facets", by=both, q="温州"))
        plan.ask(address(f"{path}/aggregate", by=both, metric="count", sort="-count", limit="3", offset="1"))
        plan.ask(address(f"{path}/aggregate", by=both, sort="nothing"))
        for words in (
            "by=",
            "by=none",
            "",
            "by=id&cursor=x",
            "metric=count&by=id,id",
            "metric=total",
            "metric=sum:none",
        ):
            plan.ask(f"{path}/facets?{words}")
            plan.ask(f"{path}/aggregate?{words}")


def add_conditions(plan: Plan) -> None:
    """CQL2 filters, right ones and wrong ones, of pages, tables and groups."""
    for path, texts in (("/v1/urban-villages", COMPARED), ("/v1/water-sections", LISTED), (OBSERVED, NUMBERED)):
        for text in texts:
            plan.ask(address(path, filter=text, limit=LIMIT))
        for text in texts[:8]:
            plan.ask(address(f"{path}.csv", filter=text))
            plan.ask(address(f"{path}/facets", filter=text, by="document_id" if path != OBSERVED else "area_id"))
            plan.ask(address(f"{path}/aggregate", filter=text, metric="count"))
    for dataset, fields in plan.known.fields.items():
        for field in fields:
            for text in _compared(field, plan.known.values(dataset, field.name)):
                plan.ask(f"/v1/{dataset}?limit={LIMIT}&filter={quote(text, safe='')}")


def _compared(field: Field, values: tuple[str, ...]) -> Iterator[str]:
    value = (values or ("x",))[0].replace("'", "''")
    if field.type in ("integer", "number", "boolean"):
        yield f"{field.name} = {value if values else 1}"
    elif field.type == "date":
        yield f"{field.name} >= DATE('{value if values else '2021-01-01'}')"
    elif field.type.startswith("list"):
        yield f"A_OVERLAPS({field.name}, ('{value}', 'x'))"
    else:
        yield f"{field.name} = '{value}'"
        yield f"{field.name} LIKE '{value[:2]}%'"
    yield f"{field.name} IS NOT NULL"
