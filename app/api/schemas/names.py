"""Names of schemas among the components of the document."""

from app.model.dataset import Choice, Dataset


def schema_name(dataset: Dataset) -> str:
    """Return the name of a dataset's row schema."""
    return dataset.model.__name__


def enum_name(choices: type[Choice]) -> str:
    """Return the name of an enumeration's schema."""
    return choices.__name__
