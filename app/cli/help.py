"""The examples that end each command's help."""


def examples(*lines: str) -> str:
    """Return the end of a help page: one example a line. `\\b` keeps the lines from being joined."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
