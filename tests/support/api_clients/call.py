"""What a developer writes with the client that openapi-python-client makes; see test_python_client.py."""

import sys

from gazette_client import Client  # type: ignore[import-not-found]  # made by the test
from gazette_client.api.areas import get_area  # type: ignore[import-not-found]
from gazette_client.api.observations import get_observation  # type: ignore[import-not-found]
from gazette_client.api.urban_villages import (  # type: ignore[import-not-found]
    get_urban_villages_facets,
    list_urban_villages,
)
from gazette_client.models import (  # type: ignore[import-not-found]
    GetUrbanVillagesFacetsByItem,
    ListUrbanVillagesPlan,
)

client = Client(base_url=sys.argv[1])
villages = list_urban_villages.sync(client=client, district="龙湾区", plan=ListUrbanVillagesPlan.DEMOLITION, limit=1)
sys.stdout.write(f"{villages.meta.total} {villages.data[0].plan}\n")
cpi = get_observation.sync(client=client, id="cpi.330300.2021-05.2021-05")
sys.stdout.write(f"{cpi.value} {cpi.printed.value}\n")
facets = get_urban_villages_facets.sync(client=client, by=[GetUrbanVillagesFacetsByItem.PLAN])
sys.stdout.write(f"{facets.data.plan[0].label} {facets.data.plan[0].count}\n")
missing = get_area.sync(client=client, id="nowhere")
sys.stdout.write(f"{missing.status} {missing.detail}\n")
