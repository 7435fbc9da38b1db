"""Pages, cursors, full text in three languages, search over all datasets, indicators over time."""

from typing import Any
from urllib.parse import quote

from app.renderers.representations import TABLE_FORMATS
from tests.support.answers.sampling import Plan, address

WORDS = (
    "温州",
    "城中村",
    "氨氮",
    "汪",
    "温政办2021 28号",
    "温政办〔2021〕28号",
    "ouhai",
    "yaogaoyuan",
    "oh",
    "OUHAI",
    "water",
    "model workers",
    '"model workers"',
    "workers -model",
    "water OR 城中村",
    "城中村 改造",
    "-改造",
    "Ⅲ",
    "III",
    "１２３",
    "café",
    "<b>温州</b>",
    "%_",
    '"',
    '""',
    "OR",
    "-",
    " ",
    "",
    "x" * 300,
    " OR ".join(f"w{number}" for number in range(70)),
    "无此文字",
)
SIZES = ("1", "2", "1000", "1001", "0", "-1", "abc", "1.5", "", "99999999999999999999", "+1", " 1", "１")
WALKED = ("urban-villages", "provisions", "areas", "observations", "documents", "events")
PAGES = 3
DERIVED = (
    "prior_year",
    "monthly_from_cumulative",
    "prior_year,monthly_from_cumulative",
    "prior_yaer",
    "",
    "prior_year,prior_year",
)
SPANS = (
    {"period": "2021-05"},
    {"period__gte": "2021-01", "period__lt": "2021-12"},
    {"period__in": "2021-05,2021-04"},
    {"period": "2021-5"},
    {"period__startswith": "2021"},
    {"area_id": "330300"},
    {"area_id": "330302"},
    {"area_id": "none"},
    {"vintages": "all"},
    {"vintages": "first"},
    {"as_of": "2021-06-20"},
    {"as_of": "2021-06-19"},
    {"as_of": "20210620"},
    {"limit": "1"},
    {"fields": "value"},
    {"derive": "prior_year", "vintages": "all", "as_of": "2022-01-01"},
)


def add_pages(plan: Plan) -> None:
    """Limits and offsets, and walks along the cursors: three pages on, and back."""
    for dataset in plan.known.datasets:
        path, total = f"/v1/{dataset}", len(plan.known.rows[dataset])
        for offset in ("0", "1", str(total - 1), str(total), str(total + 1)):
            plan.ask_thoroughly(address(path, limit="2", offset=offset))
            plan.ask(address(path, limit="2", offset=offset, count="false"))
    for size in SIZES:
        plan.ask(address("/v1/urban-villages", limit=size))
        plan.ask(address("/v1/urban-villages", limit="1", offset=size))
        plan.ask(address("/v1/urban-villages.csv", limit=size))
        plan.ask(address("/v1/search", q="温州", limit=size))
    for dataset in WALKED:
        second = plan.known.fields[dataset][1].name
        for start in ("", f"&sort=-{second}", f"&sort={second}&fields=id", "&q=%E6%B8%A9%E5%B7%9E", "&count=false"):
            walk(plan, f"/v1/{dataset}?limit=2{start}")
    walk(plan, address("/v1/search", q="温州", limit="2"))
    walk(plan, address("/v1/urban-villages", filter="year_from > 2020", sort="-year_from,village", limit="3"))
    walk(plan, address("/v1/urban-villages", district="龙湾区", limit="3"))
    for cursor in ("x", "", "AAAA", "W10", "A" * 500):
        for target in ("/v1/urban-villages", "/v1/documents", "/v1/search?q=oh", "/v1/areas.csv", "/v1/areas.atom"):
            plan.ask(f"{target}{'&' if '?' in target else '?'}cursor={cursor}")


def walk(plan: Plan, target: str) -> None:
    """Follow `next` for some pages and `prev` back, and use the last cursor where it does not belong."""
    cursor = ""
    for direction in ("next", "prev"):
        for _ in range(PAGES if direction == "next" else PAGES - 1):
            plan.ask_thoroughly(target)
            links = _links(plan.known.fetch(target))
            if not links.get(direction):
                break
            target = links[direction] or ""
            cursor = target.rpartition("cursor=")[2]
    plan.ask_thoroughly(target)
    path = target.partition("?")[0]
    plan.ask(f"{path}?limit=2&offset=1&cursor={cursor}")
    plan.ask(f"{path}?sort=-id&cursor={cursor}")
    plan.ask(f"{path}?cursor={cursor[:-2]}")
    plan.ask(f"/v1/briefs?cursor={cursor}")


def _links(page: Any) -> dict[str, str | None]:
    links: dict[str, str | None] = page.get("links", {}) if isinstance(page, dict) else {}
    return links


def add_words(plan: Plan) -> None:
    """Full text of one dataset, and of all."""
    for words in WORDS:
        plan.ask_thoroughly(address("/v1/search", q=words, limit="5"))
        for dataset in ("documents", "provisions", "urban-villages", "areas", "water-sections", "events"):
            plan.ask(address(f"/v1/{dataset}", q=words, limit="4"))
    for dataset in plan.known.datasets:
        plan.ask(address("/v1/search", q="温州", dataset=dataset, limit="3"))
        plan.ask(address(f"/v1/{dataset}", q="oh", limit="2", sort="-score,id"))
        plan.ask(address(f"/v1/{dataset}", q="the", limit="2", sort="id", fields="id,highlights,score"))
        plan.ask(address(f"/v1/{dataset}.csv", q="wenzhou"))
    for names in ("areas,documents", "areas,areas", "none", "area", "", "areas,"):
        plan.ask(address("/v1/search", q="温州", dataset=names, limit="3"))
    for query in (
        "",
        "q=",
        "limit=2",
        "q=oh&offset=3&limit=2",
        "q=oh&sort=id",
        "q=oh&q=wz",
        "q=oh&count=false",
        "query=x",
    ):
        plan.ask(f"/v1/search?{query}")
    plan.ask(address("/v1/areas", sort="score"))
    plan.ask(address("/v1/areas", fields="highlights"))


def add_series(plan: Plan) -> None:
    """Indicators over time, with what can be derived."""
    keys = [row["id"] for row in plan.known.rows["indicators"]]
    for key in keys:
        path = f"/v1/indicators/{quote(key, safe='')}/series"
        plan.ask_thoroughly(path)
        for derived in DERIVED:
            plan.ask(address(path, derive=derived))
        for span in SPANS:
            plan.ask(address(path, **span))
        plan.ask(address(path, expand="names"))
        for table in TABLE_FORMATS.values():
            plan.ask(address(f"{path}{table.suffix}", derive="prior_year"))
        plan.ask(address(f"{path}.csv", lang="zh"))
    plan.ask("/v1/indicators/none/series")
    plan.ask("/v1/observations/cpi/series")
    for vintages in ("latest", "all", "none"):
        for suffix in ("", ".csv", ".atom", ".jsonstat", "/facets", "/aggregate"):
            by = "by=indicator_id&" if suffix.startswith("/") else ""
            plan.ask(f"/v1/observations{suffix}?{by}vintages={vintages}")
            plan.ask(f"/v1/observations{suffix}?{by}vintages={vintages}&as_of=2021-06-20")
            plan.ask(f"/v1/observations{suffix}?{by}as_of=2020-01-01")
    for day in ("2021-05-14", "2021-12-31", "2022-01-01", "2024-06-10", "2021-02-29", "today", ""):
        for suffix in ("", "/wenzhengban-2021-30", "/wenzhengban-2021-30.xml", ".csv", "/facets"):
            plan.ask(f"/v1/documents{suffix}?on={day}{'&by=status' if suffix == '/facets' else ''}")
        plan.ask(f"/v1/documents?on={day}&status=in_force&limit=3")
