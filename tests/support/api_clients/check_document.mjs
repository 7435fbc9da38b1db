// What the parser of openapi-generator and a validator of the specification demand of the document.
import { readFile } from "node:fs/promises";
import SwaggerParser from "@apidevtools/swagger-parser";
import { Validator } from "@seriousme/openapi-schema-validator";

const text = await readFile("openapi.json", "utf-8");
const found = await new Validator().validate(JSON.parse(text));
if (!found.valid) throw new Error(JSON.stringify(found.errors).slice(0, 2000));
await SwaggerParser.validate("openapi.json");
