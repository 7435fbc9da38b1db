"""The peer that a tutorial leads to: FastAPI and SQLModel, sync handlers, a session dependency, response models.

It serves the plain database, whose path `BENCH_PLAIN` gives.
"""

import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlmodel import Field, Session, SQLModel, col, create_engine, func, select

engine = create_engine(f"sqlite:///{os.environ['BENCH_PLAIN']}", connect_args={"check_same_thread": False})
app = FastAPI()


def session() -> Iterator[Session]:
    """A session for one request."""
    with Session(engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]


class UrbanVillage(SQLModel, table=True):
    """A village."""

    __tablename__ = "urban_villages"

    id: str = Field(primary_key=True)
    document_id: str
    number: int
    district: str
    district_code: str | None
    street: str | None
    street_code: str | None
    village: str | None
    plan: str | None
    year_from: int | None
    year_to: int | None


class Observation(SQLModel, table=True):
    """An observation."""

    __tablename__ = "observations"

    id: str = Field(primary_key=True)
    indicator_id: str
    area_id: str
    period: str
    value: float | None
    value_status: str
    value_yoy: float | None
    value_yoy_status: str
    cumulative: float | None
    cumulative_status: str
    cumulative_yoy: float | None
    cumulative_yoy_status: str
    issue_id: str
    published_on: str


class VillagePage(SQLModel):
    """A page of villages."""

    data: list[UrbanVillage]
    total: int


class ObservationPage(SQLModel):
    """A page of observations."""

    data: list[Observation]
    total: int


@app.get("/villages", response_model=VillagePage)
def villages(
    opened: Opened, plan: str, street_ne: str, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> VillagePage:
    """Villages by plan, not in one street, the latest first."""
    where = (UrbanVillage.plan == plan, UrbanVillage.street != street_ne)
    order = (col(UrbanVillage.year_from).desc(), col(UrbanVillage.number), col(UrbanVillage.id))
    total = opened.exec(select(func.count()).select_from(UrbanVillage).where(*where)).one()
    return VillagePage(
        data=list(opened.exec(select(UrbanVillage).where(*where).order_by(*order).limit(limit))), total=total
    )


@app.get("/observations", response_model=ObservationPage)
def observations(
    opened: Opened, indicator_id: str, area_id: str, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> ObservationPage:
    """Observations of one indicator and region in the order of their months."""
    where = (Observation.indicator_id == indicator_id, Observation.area_id == area_id)
    total = opened.exec(select(func.count()).select_from(Observation).where(*where)).one()
    found = opened.exec(select(Observation).where(*where).order_by(col(Observation.period)).limit(limit))
    return ObservationPage(data=list(found), total=total)


@app.get("/observations/{key}", response_model=Observation)
def observation(opened: Opened, key: str) -> Observation:
    """One observation."""
    found = opened.get(Observation, key)
    if found is None:
        raise HTTPException(404)
    return found
