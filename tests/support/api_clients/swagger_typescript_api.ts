// What a developer writes with the class that swagger-typescript-api makes.
import { address, expect } from "./expect.js";
import { Api, AreaLevel, type QueryParamsType, RenovationPlan, TableFormat, type UrbanVillage, UrbanVillageSortKey } from "./swagger_typescript_api/api.js";

/** The generator repeats the name of a list and writes no objects into addresses. */
class Gazette extends Api<unknown> {
  protected override toQueryString(query: QueryParamsType = {}): string {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [[name, value]],
    );
    return pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  }
}

const gazette = new Gazette({ baseUrl: address });
const villages = await gazette.v1.listUrbanVillages({
  district: "龙湾区",
  plan: RenovationPlan.Demolition,
  operators: { year_from__gte: 2021 },
  sort: [UrbanVillageSortKey.YearFrom, UrbanVillageSortKey.Number],
  limit: 1,
});
expect("total", villages.data.meta.total, 41);
const first: UrbanVillage | undefined = villages.data.data[0];
expect("plan", first?.plan, "demolition");

const csv = await gazette.v1.exportAreas(TableFormat.Csv, { filters: { level: AreaLevel.City } });
expect("csv", (await csv.text()).trim().split("\n").length, 2);

const missing = await gazette.v1.getArea("nowhere").catch((refused: { error: { detail: string } }) => refused);
expect("detail", "error" in missing ? missing.error?.detail : "", "areas has no row 'nowhere'.");
