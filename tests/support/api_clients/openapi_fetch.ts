// What a developer writes with the types that openapi-typescript makes: it has to compile, and to be answered.
import createClient from "openapi-fetch";
import { address, expect } from "./expect.js";
import type { components, paths } from "./openapi_typescript/schema.js";

type Village = components["schemas"]["UrbanVillage"];

// A list is one parameter, separated by commas; a member of an object is a parameter of its own. The document says so,
// the types cannot.
const client = createClient<paths>({
  baseUrl: address,
  querySerializer: { array: { style: "form", explode: false }, object: { style: "form", explode: true } },
});

const villages = await client.GET("/v1/urban-villages", {
  params: {
    query: {
      district: "龙湾区",
      plan: "demolition",
      operators: { year_from__gte: 2021, year_from__lte: 2025 },
      sort: ["-year_from", "number"],
      limit: 1,
    },
  },
});
expect("total", villages.data?.meta.total, 41);
const first: Village | undefined = villages.data?.data[0];
expect("plan", first?.plan, "demolition");

const cpi = await client.GET("/v1/observations/{id}", {
  params: { path: { id: "cpi.330300.2021-05.2021-05" }, query: { fields: ["value", "printed"] } },
});
expect("value", cpi.data?.value, 102);
expect("printed", cpi.data?.printed?.value, "102.0");

const facets = await client.GET("/v1/urban-villages/facets", {
  params: { query: { by: ["plan"], district: "龙湾区" } },
});
expect("label", facets.data?.data["plan"]?.[0]?.label, "拆迁");

const groups = await client.GET("/v1/urban-villages/aggregate", {
  params: { query: { by: ["plan"], metric: ["count"], operators: { village__isnull: false } } },
});
expect("groups", groups.data?.data.length, 2);

const csv = await client.GET("/v1/areas.{format}", {
  params: { path: { format: "csv" }, query: { filters: { level: "city" } } },
  parseAs: "text",
});
expect("csv", csv.data?.trim().split("\n").length, 2);

const missing = await client.GET("/v1/areas/{id}", { params: { path: { id: "nowhere" } } });
expect("status", missing.error?.status, 404);
expect("detail", missing.error?.detail, "areas has no row 'nowhere'.");

// @ts-expect-error: no such code.
const wrong = await client.GET("/v1/urban-villages", { params: { query: { plan: "demolish" } } });
expect("fault", wrong.error?.errors?.[0]?.parameter, "plan");
