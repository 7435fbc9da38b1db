"""The dataset `events`: entries of the government diary."""

import datetime as dt
from typing import Annotated, Any

from app.model.column_types import DATE, INTEGER, OBJECTS, STRING
from app.model.dataset import ColumnInfo, Dataset, DatasetRow


class Event(DatasetRow, table=True):
    """An entry. `number` counts the entries of a day."""

    __tablename__ = "events"

    date: Annotated[dt.date, DATE, ColumnInfo("日期", "Date")]
    number: Annotated[int, INTEGER, ColumnInfo("序号", "Number")]
    participants: Annotated[
        list[dict[str, Any]], OBJECTS, ColumnInfo("参加人", "Participants", members=("name", "title"))
    ]
    activity: Annotated[str, STRING, ColumnInfo("活动", "Activity")]


EVENTS = Dataset(
    name="events",
    model=Event,
    title_zh="政府记事",
    title_en="Government diary",
    description_zh="市政府领导每日参加的政务活动。",
    description_en="Who of the city government took part in what on which day.",
    keywords_zh=("政府记事", "政务活动", "会议"),
    keywords_en=("government diary", "meetings", "officials"),
    theme="GOVE",
    coverage_fields=("date",),
    order=("date", "number"),
    search_fields=("activity", "participants"),
    name_fields=("participants.name",),
    table_fields=("date", "participants", "activity"),
    facet_fields=("participants", "date"),
)
