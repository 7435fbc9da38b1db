"""Names of downloads (RFC 6266): what a file holds, so that a part is not taken for the whole."""

import re
from datetime import date
from hashlib import blake2b
from urllib.parse import quote

from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery
from app.query.params.query_string import ParameterPairs

NEUTRAL_PARAMETERS = ("count", "filter-lang")
"""Parameters that change nothing in a file."""
UNSAFE_CHARACTERS = re.compile(r"[^\w.,=~-]+")
"""Characters that no file system should meet. Chinese ones are safe."""
MAX_LABEL_LENGTH = 48
"""Characters of the parameters in a name; with three bytes each it is still shorter than file systems allow."""


def download_disposition(stem: str, pairs: ParameterPairs, suffix: str) -> str:
    """Return the `Content-Disposition` of a download, named after what is downloaded and the parameters.

    Equal questions have equal names, and different ones different names: `urban-villages-1f0c2d3e.csv`,
    `urban-villages-1f0c2d3e_district=龙湾区.csv`. Where not all of the parameters can stand there, a digest of them
    follows. Clients that know no `filename*` get the digest alone.
    """
    stem = UNSAFE_CHARACTERS.sub("-", stem)
    parameters = sorted(f"{name}={value}" for name, value in pairs if name not in NEUTRAL_PARAMETERS)
    if not parameters:
        return f'attachment; filename="{stem}{suffix}"'
    digest = blake2b("\x1f".join(parameters).encode(), digest_size=4).hexdigest()
    text = "_".join(parameters)
    label = UNSAFE_CHARACTERS.sub("-", text)[:MAX_LABEL_LENGTH]
    name = f"{stem}_{label}{suffix}" if label == text else f"{stem}_{label}_{digest}{suffix}"
    if name.isascii():
        return f'attachment; filename="{name}"'
    plain = f"{stem}_filtered-{digest}{suffix}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def day_parameters(dataset: Dataset, query: DatasetQuery, today: date) -> ParameterPairs:
    """Return the parameters of a query, with the day that it depends on where it names none."""
    option = dataset.today_option
    if option is None or option in query.options:
        return query.raw_parameters
    return (*query.raw_parameters, (option, today.isoformat()))
