"""Statements that read the full-text index."""

from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.query.params.dataset_query import PAGE_PARAMS, parse_dataset_query
from app.query.sql.select import count_select, page_select, query_shape
from app.settings import Settings
from tests.support.searches import everywhere


def test_the_best_match_comes_first_and_titles_weigh_more(client: TestClient) -> None:
    hits = everywhere(client, q="龙湾区", limit="1000")["data"]
    assert (hits[0]["dataset"], hits[0]["id"], hits[0]["title"]) == ("areas", "330303", "龙湾区")
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    in_title = [hit["score"] for hit in hits if "龙湾区" in hit["title"]]
    elsewhere = [hit["score"] for hit in hits if "龙湾区" not in hit["title"]]
    assert min(in_title) > max(elsewhere)


def test_queries_without_search_words_do_not_use_the_index(loaded_url: str) -> None:
    for dataset in DATASETS.values():
        query = parse_dataset_query(dataset, (), PAGE_PARAMS, Settings())
        shape = query_shape(dataset, query)
        for select in (page_select(dataset, shape), count_select(dataset, shape)):
            assert "search_" not in str(select), loaded_url
