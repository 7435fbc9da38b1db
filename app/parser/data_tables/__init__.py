"""The kinds of tables that become datasets: one file for each, one line in this list."""

from app.parser.data_tables import (
    observations,
    uncleared_buildings,
    urban_villages,
    village_tasks,
    water_sections,
    watersheds,
)
from app.parser.tables.table_kind import TableKind

TABLE_KINDS: tuple[TableKind, ...] = (
    water_sections.KIND,
    watersheds.KIND,
    urban_villages.KIND,
    village_tasks.KIND,
    uncleared_buildings.KIND,
    observations.KIND,
)
