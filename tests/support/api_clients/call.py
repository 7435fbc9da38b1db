"""What a developer writes with the client that openapi-python-client makes; see test_python_client.py."""

import sys
from urllib.parse import parse_qs, urlsplit

from gazette_client import Client  # type: ignore[import-not-found]  # made by the test
from gazette_client.api.areas import get_area  # type: ignore[import-not-found]
from gazette_client.api.observations import get_observation  # type: ignore[import-not-found]
from gazette_client.api.urban_villages import (  # type: ignore[import-not-found]
    export_urban_villages,
    get_urban_villages_facets,
    list_urban_villages,
)
from gazette_client.models import (  # type: ignore[import-not-found]
    RenovationPlan,
    TableFormat,
    UrbanVillageFilters,
    UrbanVillageGroup,
    UrbanVillageOperators,
    UrbanVillageSortKey,
)

client = Client(base_url=sys.argv[1])
question = {
    "district": "龙湾区",
    "plan": RenovationPlan.DEMOLITION,
    "operators": UrbanVillageOperators(year_from_gte=2021),
    "sort": [UrbanVillageSortKey.YEAR_FROM],
    "limit": 1,
}
villages = list_urban_villages.sync(client=client, **question)
sys.stdout.write(f"{villages.meta.total} {villages.data[0].plan}\n")
cursor = parse_qs(urlsplit(villages.links.next_).query)["cursor"][0]
following = list_urban_villages.sync(client=client, cursor=cursor, **question)
sys.stdout.write(f"{type(following).__name__}\n")
cpi = get_observation.sync(client=client, id="cpi.330300.2021-05.2021-05")
sys.stdout.write(f"{cpi.value} {cpi.printed.value}\n")
facets = get_urban_villages_facets.sync(client=client, by=[UrbanVillageGroup.PLAN])
sys.stdout.write(f"{facets.data['plan'][0].label} {facets.data['plan'][0].count}\n")
table = export_urban_villages.sync_detailed(
    client=client, format_=TableFormat.CSV, filters=UrbanVillageFilters(district="龙湾区"), limit=1
)
sys.stdout.write(f"{table.content.decode().partition(',')[0]} {table.status_code.value}\n")
missing = get_area.sync(client=client, id="nowhere")
sys.stdout.write(f"{missing.status} {missing.detail}\n")
