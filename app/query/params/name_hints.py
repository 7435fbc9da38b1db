"""Names of parameters as users of other services type them, and what they are called here.

Every refusal of an unknown parameter takes its words from `unknown_name`. A hint names a parameter of the very address,
or explains what this service does instead. A name that is only somewhat like another is never proposed.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from app.query.params.appended import appending_program


class Habit(NamedTuple):
    """What is typed elsewhere, and how it is said here.

    `typed` are names without case, brackets, `$` and `_`: `page[size]`, `pageSize` and `_page_size` are `pagesize`.
    `here` are the parameters that do the same. The first that the address takes is proposed, by `advice` if that is
    given. Advice without `here` is for addresses that take the parameter `needs`, or for all.
    """

    typed: str
    here: tuple[str, ...]
    advice: str
    needs: str
    example: str


PAGE = "page p pg pagenum pageno pageindex pagenumber currentpage current 页 页码"
FACETS = "facet facets facetfield facetfields distinct unique aggs aggregate aggregations apply stats group groupby"
SINCE = ("period__gte", "published_on__gte", "date__gte", "at__gte", "signed_on__gte", "year__gte", "year_from__gte")
UNTIL = tuple(name.replace("gte", "lte") for name in SINCE)
EXPAND = "expand embed includes labels uselabels with populate nested"
HABITS = (
    Habit(PAGE, ("offset",), "Did you mean 'offset'? It counts rows, not pages.", "", "page=2"),
    Habit(PAGE, (), "Follow the link to the next page.", "cursor", "page=2"),
    Habit("pageoffset skip start startindex startrow from", ("offset",), "", "", "$skip=50"),
    Habit(
        "perpage pagesize pagelimit size rows top max maxresults maxrows numrows count resultcount resultrecordcount "
        "first take 每页 条数",
        ("limit",),
        "",
        "",
        "per_page=100",
    ),
    Habit(
        "next after continue continuation nextcursor pagecursor pageafter pagetoken nextpagetoken scrollid skiptoken",
        ("cursor",),
        "Follow `links.next`, which has a 'cursor'.",
        "",
        "_next=100",
    ),
    Habit(
        "select fl columns cols col fieldlist fieldset field include includefields only outfields properties "
        "attributes propertyname projection 字段",
        ("fields",),
        "",
        "",
        "$select=id,title",
    ),
    Habit(
        "order orderby orderbyfields ordering sortby sortorder sortfield sortdesc sortasc sidx sord direction dir desc "
        "asc 排序",
        ("sort",),
        "Did you mean 'sort'? A - before a field descends, as in sort=-id.",
        "",
        "$orderby=year desc",
    ),
    Habit(
        "search query querystring keyword keywords kw wd term terms text find fulltext searchterm searchtext s "
        "关键词 关键字 搜索",
        ("q",),
        "",
        "",
        "_search=water",
    ),
    Habit(
        "where filters cql cqlfilter fq or and not notand notor condition conditions filterby having refine exclude",
        ("filter",),
        "Did you mean 'filter'? It takes conditions with AND, OR and NOT, as in filter=id = 'x' OR id = 'y'.",
        "",
        "$where=year > 2020",
    ),
    Habit("filterlanguage", ("filter-lang",), "", "", "filter_language=cql2-text"),
    Habit("inlinecount includetotal total withcount showtotal totalcount", ("count",), "", "", "include_total=true"),
    Habit(
        "format f output outputformat wt fmt mimetype accept shape recordsformat download export contenttype 格式",
        (),
        "The format is the suffix of the address (.csv, .xlsx, .ndjson, .parquet), or is asked for with `Accept`.",
        "fields",
        "format=csv",
    ),
    Habit(FACETS, ("by",), "", "", "group_by=district"),
    Habit(
        FACETS,
        (),
        "Values with their counts are at /facets below the dataset, groups at /aggregate.",
        "filter",
        "_facet=plan",
    ),
    Habit("metrics measure measures aggregation function", ("metric",), "", "", "measures=sum:value"),
    Habit(EXPAND, ("expand",), "", "", "$expand=names"),
    Habit(EXPAND, ("lang",), "Did you mean 'lang'? lang=zh writes names beside ids.", "", "$expand=names"),
    Habit("locale language langue 语言", ("lang",), "", "", "locale=zh"),
    Habit(
        "lang",
        (),
        "Labels in both languages are at /schema below the dataset; .csv and .xlsx take 'lang'.",
        "fields",
        "lang=zh",
    ),
    Habit(
        "startperiod startdate startday starttime datefrom datestart fromdate datebegin begindate begintime since "
        "publishedsince scrapedsince createdafter mindate datemin",
        SINCE,
        "",
        "",
        "startPeriod=2021-01",
    ),
    Habit(
        "endperiod enddate endday endtime dateto dateend todate until publisheduntil scrapeduntil createdbefore "
        "maxdate datemax",
        UNTIL,
        "",
        "",
        "endPeriod=2021-12",
    ),
    Habit("asat asofdate validat ondate effectivedate", ("as_of", "on"), "", "", "as_at=2021-06-20"),
    Habit("history includehistory versions allversions revisions", ("vintages",), "", "", "includeHistory=true"),
    Habit("datasets index indices collection collections resource resourceid", ("dataset",), "", "", "index=areas"),
    Habit("ids objectids idlist", ("id__in",), "", "", "ids=1,2"),
    Habit(
        "key apikey appkey appid appsecret apptoken token accesstoken authtoken auth sign signature subscriptionkey",
        (),
        "No key is needed; leave it out.",
        "",
        "api_key=abc",
    ),
    Habit(
        "callback jsonp jsoncallback cb",
        (),
        "There is no JSONP: pages of any site may read every address (CORS). Leave it out.",
        "",
        "callback=show",
    ),
    Habit("pretty indent prettyprint prettyjson", (), "JSON is always compact; leave it out.", "", "pretty=true"),
    Habit(
        "bbox geometry crs srs srsname bboxcrs filtercrs point polygon geofilterdistance lat lon lng radius",
        (),
        "The data has no coordinates; filter by areas.",
        "",
        "bbox=120,27,121,28",
    ),
)
"""The names are those of OData and SODA (`$top`), Datasette (`_size`), PostgREST (`select`, `or`), CKAN and Solr
(`rows`, `fq`), Opendatasoft (`refine`), JSON:API (`page[size]`), OGC API (`bbox`, `f`), SDMX (`startPeriod`), Querido
Diário (`published_since`), the data portals of Chinese cities (`pageNo`, `appKey`), and of frameworks."""

OPERATOR_HABITS: Mapping[str, str] = {
    **dict.fromkeys(("exact", "iexact", "is", "equals", "equal", "term", "match"), "eq"),
    **dict.fromkeys(("neq", "not", "noteq", "notequal", "isnot", "exclude"), "ne"),
    **dict.fromkeys(("greaterthan", "after", "morethan"), "gt"),
    **dict.fromkeys(("ge", "min", "since", "from", "start", "atleast", "begin"), "gte"),
    **dict.fromkeys(("lessthan", "before"), "lt"),
    **dict.fromkeys(("le", "max", "until", "to", "end", "atmost"), "lte"),
    **dict.fromkeys(
        ("icontains", "like", "ilike", "search", "substring", "fts", "regex", "iregex", "matches", "glob"), "contains"
    ),
    **dict.fromkeys(("endswith", "iendswith", "ends", "suffix"), "contains"),
    **dict.fromkeys(("istartswith", "prefix", "starts"), "startswith"),
    **dict.fromkeys(("oneof", "any", "anyof"), "in"),
    **dict.fromkeys(("null", "isempty", "isblank", "notnull", "notblank", "exists"), "isnull"),
    **dict.fromkeys(("arraycontains", "includes", "cs", "all", "member"), "has"),
}
"""Operators as they are typed elsewhere, without case and `_`, with their names here."""


class OperatorAdvice(NamedTuple):
    """Operators of other services that are two parameters or an expression here.

    `typed` are names without case and `_`. `advice` is for fields with the operator `needs`.
    """

    typed: str
    needs: str
    advice: str
    example: str


OPERATOR_ADVICE = (
    OperatorAdvice("between range", "gte", "Write {field}__gte and {field}__lte.", "year_from__between=2021,2022"),
    OperatorAdvice("notin nin notanyof", "in", "Write filter={field} NOT IN (…).", "district__not_in=龙湾区,鹿城区"),
    OperatorAdvice(
        "notcontains ncontains nlike notlike", "contains", "Write filter={field} NOT LIKE '%…%'.", "village__nlike=山"
    ),
)
OPERATOR_SIGNS: Mapping[str, str] = {">=": "gte", "<=": "lte", "!=": "ne", "<>": "ne", ">": "gt", "<": "lt", "!": "ne"}
SIGN = re.compile(r"[<>!]=|<>|[<>]|!$")
CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
LEAST_LIKENESS = 0.72
"""How alike a typed and a proposed name are at least, from 0 to 1."""
MAX_COMPARED = 64


def plain(name: str) -> str:
    """Return a name without case and without all that is neither letter nor digit."""
    return "".join(char for char in name.lower() if char.isalnum())


_HABITS_BY_NAME: dict[str, list[Habit]] = {}
for _habit in HABITS:
    for _name in _habit.typed.split():
        _HABITS_BY_NAME.setdefault(_name, []).append(_habit)


def unknown_name(name: str, known: Collection[str], labels: Mapping[str, str] | None = None) -> str:
    """Return what is wrong with a parameter that an address does not take, with a hint if there is one.

    `known` are the parameters of the address, `labels` the names of its fields by their labels for people.
    """
    program = appending_program(name)
    source = f", appended by other programs ({program}); remove it" if program else ""
    hint = _hint(name[:MAX_COMPARED], known, labels or {})
    return f"is an unknown parameter{source}.{f' {hint}' if hint else ''}"


def _hint(name: str, known: Collection[str], labels: Mapping[str, str]) -> str:
    typed = plain(name)
    meant = _meant_filter(name, known) if SIGN.search(name) else None
    meant = meant or next((each for each in known if typed and plain(each) == typed), None)
    meant = meant or labels.get(name.strip().lower())
    if meant not in known and typed in _HABITS_BY_NAME:
        return next((hint for habit in _HABITS_BY_NAME[typed] if (hint := _habit_hint(habit, known))), "")
    meant = meant if meant in known else _meant_filter(name, known) or _likest(name, known)
    return f"Did you mean '{meant}'?" if meant else ""


def _habit_hint(habit: Habit, known: Collection[str]) -> str:
    if not habit.here:
        return habit.advice if not habit.needs or habit.needs in known else ""
    here = next((each for each in habit.here if each in known), None)
    return (habit.advice or f"Did you mean '{here}'?") if here else ""


def _meant_filter(name: str, known: Collection[str]) -> str | None:
    """Return the filter whose field and operator are written in another form: `filter[year][$gte]`, `year>`."""
    fields = {plain(field): field for each in known if "__" in each and (field := each.partition("__")[0])}
    # The `=` of `year>=2021` is the one behind the parameter's name.
    sign = SIGN.search(f"{name}=" if name.endswith(("<", ">", "!")) else name)
    words = [word for word in re.split(r"[^\w]+|__", name) if word]
    for word, following in pairwise((*words, "")):
        if (field_name := fields.get(plain(word))) is not None:
            op = OPERATOR_SIGNS[sign[0]] if sign else OPERATOR_HABITS.get(plain(following), plain(following))
            filters = (f"{field_name}__{op}" if op != "eq" else field_name, field_name)
            return next((each for each in filters if each in known), None)
    return None


def _likest(name: str, known: Iterable[str]) -> str | None:
    """Return the name that is so much like the typed one that it must be a slip, or has it as one of its words.

    A name without an operator is compared with those of fields. The first filter of a field is the plainest.
    """
    typed, with_operator = plain(name), "__" in name
    alike = [(_likeness(typed, each if with_operator else each.partition("__")[0]), each) for each in known]
    likeness, likest = max(alike, key=lambda pair: pair[0], default=(0.0, ""))
    return likest if likeness >= LEAST_LIKENESS else None


def _likeness(typed: str, name: str) -> float:
    if len(typed) >= 4 and typed in CAMEL_CASE.sub("_", name).lower().split("_"):
        return 1.0
    matcher = SequenceMatcher(None, typed, plain(name))
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_LIKENESS else 0.0


def operator_hint(field: str, op: str, operators: Collection[str]) -> str:
    """Return how the operator of another service is written for a field, or the one that it is a slip of."""
    typed = plain(op)
    for each in OPERATOR_ADVICE:
        if typed in each.typed.split() and each.needs in operators:
            return each.advice.format(field=field)
    meant = OPERATOR_HABITS.get(typed, typed)
    if meant not in operators:
        likest = max(operators, key=lambda each: _likeness(typed, each), default="")
        meant = likest if likest and _likeness(typed, likest) >= LEAST_LIKENESS else ""
    return f"Did you mean '{field if meant == 'eq' else meant}'?" if meant else ""
