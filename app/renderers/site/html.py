"""The page that a browser shows at `/`: written by hand, Chinese with English, no script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue
from app.renderers.representations import FEEDS
from app.renderers.site.linkset import PARTS, Place, dataset_entries, outside
from app.renderers.tabular.formats import FORMATS

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
NEWS = ("issues", "documents", "changes")
"""The datasets whose feeds a reader of news subscribes to; the others have feeds too."""


def policy() -> str:
    """The `Content-Security-Policy`: the page's own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def page(places: Iterable[Place], catalogue: Catalogue, totals: Mapping[str, int], linked_data: str) -> str:
    """The whole page; `totals` are the datasets' rows, `linked_data` is schema.org's JSON-LD."""
    places, base = list(places), catalogue.base
    datasets = {entry.dataset.name: entry.dataset for entry in catalogue.entries}
    entries = dataset_entries(places, datasets, base, totals)
    title_zh, title_en = escape(catalogue.title_zh), escape(catalogue.title_en)
    about_zh, about_en = map(escape, catalogue.about())
    rest = [place for place in outside(places, datasets) if place.path != "/"]
    parts = {name: [place for place in rest if place.part == name] for name in PARTS}
    shown = {name: found for name, found in parts.items() if found}
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
<nav aria-label="本页">{_contents(shown)}</nav>
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
{_rows(entries, datasets, form_titles(places))}
</tbody>
</table></div>
</section>
{_sections(shown, base)}
</main>
<footer>
{_colophon(catalogue)}
</footer>
</body>
</html>
"""


def _colophon(catalogue: Catalogue) -> str:
    """Which data this is, and under which licence."""
    day, which = catalogue.modified(), f"<code>{escape(catalogue.revision)}</code>"
    when = f'<time datetime="{day}">{day}</time>' if day else ""
    link = f' <a rel="license" href="{escape(catalogue.licence.url)}">{escape(catalogue.licence.url)}</a>'
    more = link if catalogue.licence.url else ""
    return f"""<p>数据更新于 {when}，版本 {which}。许可：{escape(catalogue.licence.zh)}{more}</p>
<p lang="en">Data of {when}, revision {which}. Licence: {escape(catalogue.licence.en)}{more}</p>"""


def _data_block(text: str) -> str:
    """JSON-LD within the page; `<` cannot end the element early."""
    safe = text.replace("<", "\\u003c")
    return f'<script type="application/ld+json">{safe}</script>\n' if text else ""


def _feeds(datasets: Mapping[str, Dataset], base: str) -> str:
    return "\n".join(
        f'<link rel="alternate" type="{offer.media_type}" href="{escape(base)}/v1/{name}{offer.suffix}" '
        f'title="{escape(datasets[name].title_zh)} ({escape(offer.title)})">'
        for name in NEWS
        for offer in FEEDS.values()
    )


def _contents(parts: Mapping[str, object]) -> str:
    names = {"datasets": "数据集", **{f"part-{name}": PARTS[name][0] for name in parts}}
    return " ".join(f'<a href="#{anchor}">{escape(title)}</a>' for anchor, title in names.items())


def form_titles(places: Iterable[Place]) -> dict[str, str]:
    """What the forms of a dataset are called, by the names of their links: `… as CSVW` tells those of views."""
    told = {place.path.partition(".")[2]: place.title.rpartition(" as ")[2] for place in places}
    offers = {form.name: form.title for form in FORMATS.values()} | {
        offer.name: offer.title for offer in FEEDS.values()
    }
    return told | offers


def _rows(entries: Iterable[Mapping[str, Any]], datasets: Mapping[str, Dataset], titles: Mapping[str, str]) -> str:
    return "\n".join(_row(found, datasets[found["name"]], titles) for found in entries)


def _row(found: Mapping[str, Any], dataset: Dataset, titles: Mapping[str, str]) -> str:
    links: dict[str, str] = dict(found["links"])
    own, schema = links.pop("self"), links.pop("schema")
    forms = " ".join(
        f'<a href="{escape(_for_people(name, url))}">{escape(titles.get(name, name))}</a>'
        for name, url in links.items()
    )
    named = f'<a href="{escape(own)}">{escape(dataset.title_zh)}</a> <span lang="en">{escape(dataset.title_en)}</span>'
    return f"""<tr>
<th scope="row">{named}</th>
<td>{found["total"]:,}</td>
<td>{forms} <a href="{escape(schema)}">字段</a></td>
</tr>"""


def _for_people(name: str, url: str) -> str:
    """The address with Chinese headings, and with the mark that Excel wants, where the form has them."""
    options = FORMATS[name].options if name in FORMATS else ()
    asked = [text for option, text in (("bom", "bom=true"), ("lang", "lang=zh")) if option in options]
    return f"{url}?{'&'.join(asked)}" if asked else url


def _sections(parts: Mapping[str, list[Place]], base: str) -> str:
    return "\n".join(_section(name, places, base) for name, places in parts.items())


def _section(name: str, places: list[Place], base: str) -> str:
    title_zh, title_en = PARTS[name]
    lines = [
        f'<li><a href="{escape(base + place.path)}"><code>{escape(place.path)}</code></a> '
        f'<span lang="en">{escape(place.title)}</span> <code>{escape(place.media_type)}</code></li>'
        for place in places
    ]
    body = "\n".join(lines)
    return f"""<section aria-labelledby="part-{name}">
<h2 id="part-{name}">{escape(title_zh)} <span lang="en">{escape(title_en)}</span></h2>
<ul>
{body}
</ul>
</section>"""
