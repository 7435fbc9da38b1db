"""What a developer writes with the Python client that openapi-generator makes; `.ci/clients` runs it."""

import sys

from openapi_client import (  # type: ignore[import-not-found]  # made by the generator
    ApiClient,
    AreasApi,
    Configuration,
    DocumentsApi,
    ObservationsApi,
    RenovationPlan,
    UrbanVillageOperators,
    UrbanVillagesApi,
)
from openapi_client.exceptions import NotFoundException  # type: ignore[import-not-found]

client = ApiClient(Configuration(host=sys.argv[1]))
villages = UrbanVillagesApi(client)


def expect(what: str, found: object, wanted: object) -> None:
    """End the program unless two values are equal."""
    if found != wanted:
        sys.exit(f"{what}: {found!r} is not {wanted!r}")


page = villages.list_urban_villages(
    district="龙湾区", plan=RenovationPlan.DEMOLITION, sort=["-year_from", "number"], limit=1
)
expect("total", page.meta.total, 41)
expect("plan", page.data[0].plan, RenovationPlan.DEMOLITION)
later = villages.list_urban_villages(operators=UrbanVillageOperators(year_from__gte=2023), sort=["year_from"], limit=1)
expect("later", later.data[0].year_from, 2023)
facets = villages.get_urban_villages_facets(by=["plan"], district="龙湾区")
expect("label", facets.data["plan"][0].label, "拆迁")
expect("csv", villages.export_urban_villages(format="csv", limit=1).partition(",")[0], "id")
cpi = ObservationsApi(client).get_observation("cpi.330300.2021-05.2021-05")
expect("value", (cpi.value, cpi.printed.value), (102, "102.0"))
expect("number", DocumentsApi(client).get_document("温政办〔2021〕28号").id, "wenzhengban-2021-28")
try:
    AreasApi(client).get_area("nowhere")
except NotFoundException as missing:
    expect("detail", missing.data.detail, "areas has no row 'nowhere'.")
else:
    sys.exit("an area that is not there was found")
