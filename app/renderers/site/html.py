"""The page that a browser shows at `/`: Chinese with English, no script, nothing from other hosts."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue
from app.renderers.representations import CSVW, FEEDS, JSON_STAT, SCHEMA_ORG, TABLE_FORMATS
from app.renderers.site.linkset import SERVICE_PARTS, ServiceLink, dataset_entries, links_outside_datasets

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; line-height: 1.6;
  font-family: system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { line-height: 1.25; margin-bottom: 0; }
h1 span, h2 span, th span, td span, p[lang] { font-weight: normal; opacity: .8; }
h1 span, th[scope=row] span { display: block; font-size: .7em; }
th[scope=row] span { font-size: .85em; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; }
th, td { text-align: start; vertical-align: top; padding: .4rem .8rem .4rem 0; border-top: 1px solid; }
td:nth-child(2) { text-align: end; font-variant-numeric: tabular-nums; }
td a, nav a { margin-inline-end: .6em; white-space: nowrap; }
code { font-size: .9em; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
@media print { a { color: inherit; } nav { display: none; } }
"""
FEED_DATASETS = ("issues", "documents", "changes")
"""The datasets whose feeds the page announces to feed readers. The others have feeds too."""
LINK_TITLES = {each.name: each.title for each in (*TABLE_FORMATS.values(), *FEEDS.values())} | {
    each.suffix.removeprefix("."): each.title for each in (SCHEMA_ORG, CSVW, JSON_STAT)
}
"""Titles of a dataset's links, by their names in `dataset_entries`."""


def content_security_policy() -> str:
    """Return the `Content-Security-Policy`, which allows only the page's own style."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def render_page(links: Iterable[ServiceLink], catalogue: Catalogue, totals: Mapping[str, int], linked_data: str) -> str:
    """Return the whole page. `totals` are the datasets' numbers of rows, `linked_data` is schema.org's JSON-LD."""
    links, base = list(links), catalogue.base
    datasets = {entry.dataset.name: entry.dataset for entry in catalogue.entries}
    entries = dataset_entries(links, datasets, base, totals)
    title_zh, title_en = escape(catalogue.title_zh), escape(catalogue.title_en)
    about_zh, about_en = map(escape, catalogue.descriptions())
    others = [link for link in links_outside_datasets(links, datasets) if link.path != "/"]
    parts = {name: [link for link in others if link.part == name] for name in SERVICE_PARTS}
    shown_parts = {name: part_links for name, part_links in parts.items() if part_links}
    return f"""<!DOCTYPE html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title_zh} · {title_en}</title>
<meta name="description" content="{about_zh}">
<link rel="icon" href="data:,">
<link rel="canonical" href="{escape(base)}/">
<link rel="alternate" type="application/json" href="{escape(base)}/" title="JSON">
{_feeds(datasets, base)}
<style>{STYLE}</style>
{_data_block(linked_data)}</head>
<body>
<header>
<h1>{title_zh} <span lang="en">{title_en}</span></h1>
<p>{about_zh}</p>
<p lang="en">{about_en}</p>
<nav aria-label="本页">{_contents(shown_parts)}</nav>
</header>
<main>
<section aria-labelledby="datasets">
<h2 id="datasets">数据集 <span lang="en">Datasets</span></h2>
<div class="wide"><table>
<caption>每个数据集有同样的查询方式和格式。 <span lang="en">One grammar and the same forms for all.</span></caption>
<thead><tr>
<th scope="col">数据集 <span lang="en">Dataset</span></th>
<th scope="col">行数 <span lang="en">Rows</span></th>
<th scope="col">格式 <span lang="en">Forms</span></th>
</tr></thead>
<tbody>
{_rows(entries, datasets)}
</tbody>
</table></div>
</section>
{_sections(shown_parts, base)}
</main>
<footer>
{_colophon(catalogue)}
</footer>
</body>
</html>
"""


def _colophon(catalogue: Catalogue) -> str:
    """Return the footer: which data this is and under which licence."""
    day, which = catalogue.modified(), f"<code>{escape(catalogue.revision)}</code>"
    when = f'<time datetime="{day}">{day}</time>' if day else ""
    link = f' <a rel="license" href="{escape(catalogue.licence.url)}">{escape(catalogue.licence.url)}</a>'
    more = link if catalogue.licence.url else ""
    return f"""<p>数据更新于 {when}，版本 {which}。许可：{escape(catalogue.licence.zh)}{more}</p>
<p lang="en">Data of {when}, revision {which}. Licence: {escape(catalogue.licence.en)}{more}</p>"""


def _data_block(text: str) -> str:
    """Return JSON-LD as an element of the page. `<` is escaped, so that it cannot end the element early."""
    safe = text.replace("<", "\\u003c")
    return f'<script type="application/ld+json">{safe}</script>\n' if text else ""


def _feeds(datasets: Mapping[str, Dataset], base: str) -> str:
    return "\n".join(
        f'<link rel="alternate" type="{feed.media_type}" href="{escape(base)}/v1/{name}{feed.suffix}" '
        f'title="{escape(datasets[name].title_zh)} ({escape(feed.title)})">'
        for name in FEED_DATASETS
        for feed in FEEDS.values()
    )


def _contents(parts: Mapping[str, object]) -> str:
    titles = {"datasets": "数据集", **{f"part-{name}": SERVICE_PARTS[name][0] for name in parts}}
    return " ".join(f'<a href="#{anchor}">{escape(title)}</a>' for anchor, title in titles.items())


def _rows(entries: Iterable[Mapping[str, Any]], datasets: Mapping[str, Dataset]) -> str:
    return "\n".join(_row(entry, datasets[entry["name"]]) for entry in entries)


def _row(entry: Mapping[str, Any], dataset: Dataset) -> str:
    links: dict[str, str] = dict(entry["links"])
    dataset_url, schema = links.pop("self"), links.pop("schema")
    representations = " ".join(
        f'<a href="{escape(_with_reader_options(name, url))}">{escape(LINK_TITLES.get(name, name))}</a>'
        for name, url in links.items()
    )
    title_zh = f'<a href="{escape(dataset_url)}">{escape(dataset.title_zh)}</a>'
    title_en = f'<span lang="en">{escape(dataset.title_en)}</span>'
    return f"""<tr>
<th scope="row">{title_zh} {title_en}</th>
<td>{entry["total"]:,}</td>
<td>{representations} <a href="{escape(schema)}">字段</a></td>
</tr>"""


def _with_reader_options(name: str, url: str) -> str:
    """Return the URL with Chinese headers and Excel's byte order mark, where the format has these options."""
    options = TABLE_FORMATS[name].extra_parameters if name in TABLE_FORMATS else ()
    parameters = [text for option, text in (("bom", "bom=true"), ("lang", "lang=zh")) if option in options]
    return f"{url}?{'&'.join(parameters)}" if parameters else url


def _sections(parts: Mapping[str, list[ServiceLink]], base: str) -> str:
    return "\n".join(_section(name, links, base) for name, links in parts.items())


def _section(name: str, links: list[ServiceLink], base: str) -> str:
    title_zh, title_en = SERVICE_PARTS[name]
    lines = [
        f'<li><a href="{escape(base + link.path)}"><code>{escape(link.path)}</code></a> '
        f'<span lang="en">{escape(link.title)}</span> <code>{escape(link.media_type)}</code></li>'
        for link in links
    ]
    body = "\n".join(lines)
    return f"""<section aria-labelledby="part-{name}">
<h2 id="part-{name}">{escape(title_zh)} <span lang="en">{escape(title_en)}</span></h2>
<ul>
{body}
</ul>
</section>"""
