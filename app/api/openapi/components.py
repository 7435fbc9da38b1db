"""The components of the OpenAPI document: what many operations have in common stands there once."""

from collections import defaultdict
from typing import Any

from app.api.schemas.json_schema import Bound, Component, Json
from app.settings import Settings


class ComponentCollector:
    """Replaces components by references to them, and bounds by the values of settings."""

    def __init__(self, settings: Settings) -> None:
        self.sections: defaultdict[str, Json] = defaultdict(dict)
        """The components that were found, by section and key."""
        self._settings = settings
        self._found: dict[tuple[str, str], Component] = {}

    def resolve(self, value: Any) -> Any:
        """Return a part of the document as plain JSON. Raises ValueError for two components with one name."""
        if isinstance(value, Component):
            return self._refer_to(value)
        if isinstance(value, dict):
            return {str(name): self.resolve(member) for name, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.resolve(member) for member in value]
        return getattr(self._settings, value.setting) if isinstance(value, Bound) else value

    def _refer_to(self, component: Component) -> Json:
        section, key = component.section, component.key
        known = self._found.setdefault((section, key), component)
        if known is not component and known != component:
            raise ValueError(f"two {section} of the OpenAPI document are named {key}")
        if known is component and key not in self.sections[section]:
            self.sections[section][key] = self.resolve(dict(component))
        return {"$ref": f"#/components/{section}/{key}"}
