"""A question read by its template is the question that is read the whole way."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DATASETS
from app.errors import Problem
from app.model.dataset import Dataset, FieldSpec
from app.query.params.cursor import Cursor, encode
from app.query.params.dataset_query import PAGE, Ask, read_ask
from app.query.params.parse_cache import Memo
from app.query.params.query_string import Pairs
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
    if spec.fact.enum:
        return st.sampled_from([*(word for one in spec.fact.enum for word in (one.value, one.label_zh)), "neither"])
    one = VALUES.get(spec.kind, st.text(max_size=5))
    return st.lists(one, min_size=1, max_size=3).map(",".join) if op == "in" else one


@st.composite
def shapes(draw: st.DrawFn) -> tuple[Dataset, list[tuple[str, st.SearchStrategy[str]]]]:
    """A dataset, and parameters with what their values may be."""
    dataset = draw(st.sampled_from(list(DATASETS.values())))
    fields = [spec for spec in dataset.fields if spec.ops]
    chosen: dict[str, st.SearchStrategy[str]] = {}
    for spec in draw(st.lists(st.sampled_from(fields), max_size=3)):
        op = draw(st.sampled_from(spec.ops))
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
    for option in dataset.perspective.options if dataset.perspective else ():
        controls[option.name] = st.sampled_from([*option.enum] or ["2021-06-20", "2021-07-01"])
    for name in draw(st.lists(st.sampled_from(sorted(controls)), max_size=3, unique=True)):
        chosen[name] = controls[name]
    return dataset, draw(st.permutations(list(chosen.items())))


def read(memo: Memo | None, dataset: Dataset, pairs: Pairs) -> Ask | dict[str, object]:
    """The question, or the problem with it."""
    try:
        return memo.read_page(dataset, pairs) if memo else read_ask(dataset, pairs, PAGE, SETTINGS)
    except Problem as problem:
        return problem.document("")


@given(shapes(), st.data())
def test_templates_change_no_question(
    shape: tuple[Dataset, list[tuple[str, st.SearchStrategy[str]]]], data: st.DataObject
) -> None:
    dataset, parameters = shape
    memo = Memo(SETTINGS)
    for _ in range(3):
        pairs = tuple((name, data.draw(values)) for name, values in parameters)
        asked = read(memo, dataset, pairs)
        assert asked == read(None, dataset, pairs)
        if isinstance(asked, Ask) and "offset" not in dict(pairs):
            key = tuple(None for _ in asked.sort)
            onwards = (*((n, v) for n, v in pairs if n != "cursor"), ("cursor", encode(Cursor(key), asked.made_for)))
            assert read(memo, dataset, onwards) == read(None, dataset, onwards)
            assert isinstance(read(memo, dataset, onwards), Ask)


def test_a_text_query_leaves_no_template() -> None:
    memo = Memo(SETTINGS)
    dataset = DATASETS["urban-villages"]
    for word in ("城中村", "-x", '"'):
        pairs = (("q", word), ("filter", "number = 1"))
        assert read(memo, dataset, pairs) == read(None, dataset, pairs)
    assert not memo._templates
