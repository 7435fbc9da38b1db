// What a developer writes with the functions that @hey-api/openapi-ts makes.
import { address, expect } from "./expect.js";
import { client } from "./hey_api/client.gen.js";
import { exportAreas, getArea, getUrbanVillagesFacets, listUrbanVillages, type UrbanVillage } from "./hey_api/index.js";

client.setConfig({ baseUrl: address });
// The generator takes an object for one that is written with brackets, unless it is told.
const querySerializer = {
  array: { style: "form", explode: false },
  object: { style: "form", explode: true },
} as const;

const villages = await listUrbanVillages({
  query: { district: "龙湾区", plan: "demolition", sort: ["-year_from", "number"], limit: 1 },
});
expect("total", villages.data?.meta.total, 41);
const first: UrbanVillage | undefined = villages.data?.data[0];
expect("plan", first?.plan, "demolition");

const later = await listUrbanVillages({ query: { operators: { year_from__gte: 2023 }, limit: 1 }, querySerializer });
expect("later", (later.data?.data[0]?.year_from ?? 0) >= 2023, true);

const facets = await getUrbanVillagesFacets({ query: { by: ["plan"], district: "龙湾区" } });
expect("label", facets.data?.data["plan"]?.[0]?.label, "拆迁");

const csv = await exportAreas({
  path: { format: "csv" },
  query: { filters: { level: "city" } },
  querySerializer,
  parseAs: "text",
});
expect("csv", String(csv.data).trim().split("\n").length, 2);

const missing = await getArea({ path: { id: "nowhere" } });
expect("detail", missing.error?.detail, "areas has no row 'nowhere'.");
