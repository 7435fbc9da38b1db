"""Ratios against their bars, as a Markdown table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure should be: at least or at most so much; neither, where it is only told."""

    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, figure: float) -> bool:
        """Whether the figure is within the bar."""
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"


NO_BAR = Bar()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; the figures are one a round."""

    work: str
    subject: str
    measure: str
    figures: Sequence[float]
    bar: Bar = NO_BAR
    costs: Sequence[float] = ()
    """The same ratios by the processor time that the servers' own processes took a request."""
    remark: str = ""
    """What spoils the figure, such as failed requests; a line with a remark does not meet its bar."""

    @property
    def middle(self) -> float:
        """The figure that counts."""
        return median(self.figures)

    @property
    def verdict(self) -> str:
        """Whether the bar is met."""
        if self.remark:
            return f"no: {self.remark}"
        return ("yes" if self.bar.met_by(self.middle) else "no") if str(self.bar) else ""


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, so that what slows both in one round does not count."""
    return [one / other for one, other in zip(above, below, strict=True)]


def shown(figure: float) -> str:
    """Three significant figures."""
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def markdown(lines: Sequence[Line]) -> str:
    """The table."""
    rows = [
        ("work", "what", "measured as", "median", "least … most", "by CPU", "bar", "met"),
        ("---", "---", "---", "---:", "---:", "---:", "---:", "---"),
    ]
    for line in lines:
        spread = f"{shown(min(line.figures))} … {shown(max(line.figures))}"
        cost = shown(median(line.costs)) if line.costs else ""
        cells = (line.work, line.subject, line.measure, shown(line.middle), spread, cost, str(line.bar), line.verdict)
        rows.append(cells)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
