"""Routers that are passed over at once for addresses outside their prefix: there are some three hundred routes."""

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope


class PrefixRouter(APIRouter):
    """A router all of whose addresses begin with its prefix."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of its routes answers a request."""
        if not scope["path"].startswith(self.prefix):
            return Match.NONE, {}
        return super().matches(scope)
