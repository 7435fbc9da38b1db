// What a developer writes with the types that openapi-typescript makes: it has to compile, and to be answered.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Village = components["schemas"]["UrbanVillage"];
declare const process: { argv: string[] };

// A list is one parameter, separated by commas: the document says so, the types cannot.
const querySerializer = { array: { style: "form", explode: false } } as const;
const client = createClient<paths>({ baseUrl: process.argv[2] ?? "", querySerializer });

function expect(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: ${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
  }
}

const villages = await client.GET("/v1/urban-villages", {
  params: { query: { district: "龙湾区", plan: "demolition", limit: 1, sort: ["-year_from", "number"] } },
});
expect("total", villages.data?.meta.total, 41);
const first: Village | undefined = villages.data?.data[0];
expect("plan", first?.plan, "demolition");

const cpi = await client.GET("/v1/observations/{id}", {
  params: { path: { id: "cpi.330300.2021-05.2021-05" }, query: { fields: ["value", "printed"] } },
});
expect("value", cpi.data?.value, 102);
expect("printed", cpi.data?.printed?.value, "102.0");

const groups = await client.GET("/v1/urban-villages/aggregate", { params: { query: { by: ["plan"], metric: ["count"] } } });
expect("groups", groups.data?.data.length, 2);

const csv = await client.GET("/v1/areas.csv", { params: { query: { level: "city" } }, parseAs: "text" });
expect("csv", csv.data?.startsWith("id,"), true);

const missing = await client.GET("/v1/areas/{id}", { params: { path: { id: "nowhere" } } });
expect("status", missing.error?.status, 404);
expect("detail", missing.error?.detail, "areas has no row 'nowhere'.");

// @ts-expect-error: no such code.
const wrong = await client.GET("/v1/urban-villages", { params: { query: { plan: "demolish" } } });
expect("fault", wrong.error?.errors?.[0]?.parameter, "plan");
