"""A query bound from a cached template equals the query parsed from scratch."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DATASETS
from app.errors import Problem
from app.model.dataset import Dataset, FieldSpec
from app.query.params.cursor import Cursor, encode_cursor
from app.query.params.dataset_query import PAGE_PARAMS, DatasetQuery, parse_dataset_query
from app.query.params.parse_cache import ParseCache
from app.query.params.query_string import ParameterPairs
from app.settings import Settings

SETTINGS = Settings()
VALUES: Mapping[str, st.SearchStrategy[str]] = {
    "integer": st.integers(-(2**65), 2**65).map(str),
    "number": st.decimals(allow_nan=False, places=3, min_value=-1000, max_value=1000).map(str),
    "date": st.sampled_from(["2021-05-01", "2021-06-20", "2021-13-01"]),
    "month": st.sampled_from(["2021-05", "2021-5"]),
    "boolean": st.sampled_from(["true", "false", "yes"]),
}


def values_of(spec: FieldSpec, op: str) -> st.SearchStrategy[str]:
    if op == "isnull":
        return VALUES["boolean"]
    if spec.info.enum:
        return st.sampled_from([*(word for one in spec.info.enum for word in (one.value, one.label_zh)), "neither"])
    one = VALUES.get(spec.kind, st.text(max_size=5))
    return st.lists(one, min_size=1, max_size=3).map(",".join) if op == "in" else one


@st.composite
def shapes(draw: st.DrawFn) -> tuple[Dataset, list[tuple[str, st.SearchStrategy[str]]]]:
    """Draw a dataset, and parameters with strategies for their values."""
    dataset = draw(st.sampled_from(list(DATASETS.values())))
    fields = [spec for spec in dataset.fields if spec.operators]
    chosen: dict[str, st.SearchStrategy[str]] = {}
    for spec in draw(st.lists(st.sampled_from(fields), max_size=3)):
        op = draw(st.sampled_from(spec.operators))
        chosen[spec.name if op == "eq" else f"{spec.name}__{op}"] = values_of(spec, op)
    keys = [spec.name for spec in dataset.fields if spec.sortable]
    controls = {
        "limit": st.integers(-1, 1200).map(str),
        "offset": st.integers(-1, 50).map(str),
        "cursor": st.just("x"),
        "sort": st.just(draw(st.sampled_from(keys))),
        "fields": st.just("id"),
        "count": VALUES["boolean"],
    }
    for option in dataset.as_of_view.options if dataset.as_of_view else ():
        controls[option.name] = st.sampled_from([*option.enum] or ["2021-06-20", "2021-07-01"])
    for name in draw(st.lists(st.sampled_from(sorted(controls)), max_size=3, unique=True)):
        chosen[name] = controls[name]
    return dataset, draw(st.permutations(list(chosen.items())))


def read(memo: ParseCache | None, dataset: Dataset, pairs: ParameterPairs) -> DatasetQuery | dict[str, object]:
    """Return the query, or the problem with it."""
    try:
        return (
            memo.parse_page_query(dataset, pairs)
            if memo
            else parse_dataset_query(dataset, pairs, PAGE_PARAMS, SETTINGS)
        )
    except Problem as problem:
        return problem.document("")


@given(shapes(), st.data())
def test_a_cached_template_gives_the_same_query(
    shape: tuple[Dataset, list[tuple[str, st.SearchStrategy[str]]]], data: st.DataObject
) -> None:
    dataset, parameters = shape
    memo = ParseCache(SETTINGS)
    for _ in range(3):
        pairs = tuple((name, data.draw(values)) for name, values in parameters)
        asked = read(memo, dataset, pairs)
        assert asked == read(None, dataset, pairs)
        if isinstance(asked, DatasetQuery) and "offset" not in dict(pairs):
            key = tuple(None for _ in asked.sort)
            onwards = (
                *((n, v) for n, v in pairs if n != "cursor"),
                ("cursor", encode_cursor(Cursor(key), asked.cursor_scope)),
            )
            assert read(memo, dataset, onwards) == read(None, dataset, onwards)
            assert isinstance(read(memo, dataset, onwards), DatasetQuery)


def test_a_text_query_leaves_no_template() -> None:
    memo = ParseCache(SETTINGS)
    dataset = DATASETS["urban-villages"]
    for word in ("城中村", "-x", '"'):
        pairs = (("q", word), ("filter", "number = 1"))
        assert read(memo, dataset, pairs) == read(None, dataset, pairs)
    assert not memo._templates
