"""Citations of rows: BibTeX, RIS and CSL-JSON."""

from collections.abc import Callable, Mapping

from app.renderers.citations.bibtex import write_bibtex
from app.renderers.citations.citation import Citation
from app.renderers.citations.csl_json import write_csl
from app.renderers.citations.ris import write_ris

WRITERS: Mapping[str, Callable[[Citation], bytes]] = {"bib": write_bibtex, "ris": write_ris, "csl": write_csl}
"""Writers by the names in `representations.CITATIONS`."""
