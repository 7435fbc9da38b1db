// What a developer writes with the functions that orval makes. It writes no objects into addresses: `filter` serves.
import { address, expect } from "./expect.js";
import { getArea, getUrbanVillagesFacets, listUrbanVillages, type UrbanVillage } from "./orval/api.js";

const fetchBelow = globalThis.fetch;
globalThis.fetch = (input, init) => fetchBelow(`${address}${String(input)}`, init);

const villages = await listUrbanVillages({
  district: "龙湾区",
  plan: "demolition",
  filter: "year_from >= 2021",
  sort: ["-year_from", "number"],
  limit: 1,
});
if (villages.status !== 200) throw new Error("no page");
expect("total", villages.data.meta.total, 41);
const first: UrbanVillage | undefined = villages.data.data[0];
expect("plan", first?.plan, "demolition");

const facets = await getUrbanVillagesFacets({ by: ["plan"], district: "龙湾区" });
if (facets.status !== 200) throw new Error("no facets");
expect("label", facets.data.data["plan"]?.[0]?.label, "拆迁");

const missing = await getArea("nowhere");
expect("status", missing.status, 404);
