"""Lines of code that fetch just the rows of a page."""

from app.renderers.site.language import Translate


def query_snippets(url: str, text: Translate) -> list[tuple[str, str]]:
    """Return a title and a line of code for each tool. `url` is the whole address of the rows as CSV."""
    return [
        (text("命令行", "Command line"), f"curl -o data.csv '{url}'"),
        ("Python", f'import pandas as pd\ndf = pd.read_csv("{url}", dtype_backend="pyarrow")'),
        ("R", f'df <- readr::read_csv("{url}")'),
    ]
