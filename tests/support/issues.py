"""Small invented gazette issues, as texts: months of one year, with documents and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIGURES = {"一、财政总收入": ("亿元", "20.10", "1.0", "110.30", "2.0")}
Figures = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Document:
    """A short document; `repeals` is printed as it stands in its last article."""

    number: str
    title: str
    effective: str
    repeals: str = ""


ROADS = Document("临政办〔2023〕41号", "临江市人民政府办公室关于印发临江市冬季养路办法的通知", "2023年12月1日")


def issue_text(
    month: int,
    serial: int | None = None,
    figures: Figures = FIGURES,
    documents: Sequence[Document] = (),
    year: int = 2023,
) -> str:
    """Return the issue that reports on a month; it has the month's number and is published a month later."""
    serial = 70 + month if serial is None else serial
    out = f"{year + month // 12}年{month % 12 + 1}月20日"
    listed = "\n\n".join(f"{each.title}（{each.number}）……（{3 + n}）" for n, each in enumerate(documents))
    head = f"# {year}.{month}\n\n总第{serial}期\n\n出版日期：{out}\n\n主办：临江市人民政府\n\n# 临江市人民政府公报\n"
    parts = [head, f"## 市府办文件\n\n{listed}\n" if documents else ""]
    parts.append(f"## 统计资料\n\n临江市{year}年{month}月份主要统计指标……（40）\n")
    parts += [_document(each) for each in documents]
    rows = ["指标\t单位\t当月\t同比±%\t累计\t同比±%", *("\t".join((name, *cells)) for name, cells in figures.items())]
    parts.append(f"## 临江市{year}年{month}月份主要统计指标\n\n" + "\n".join(rows) + "\n\n临江市统计局制\n")
    return "\n".join(part for part in parts if part)


def _document(document: Document) -> str:
    repeal = f"，{document.repeals}同时废止" if document.repeals else ""
    return f"""\
# {document.title}

{document.number}

各区人民政府：

现将办法印发给你们。

第一条 为养护道路，制定本办法。

第二条 养路费用每年不低于30万元。

第三条 本办法自{document.effective}起施行{repeal}。

临江市人民政府办公室

2023年11月2日
"""
