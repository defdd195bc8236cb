// Prints TypeScript for the schemas of an OpenAPI document: `node codegen.js OPENAPI.json`. `cargo xtask codegen` runs it.
//
// Routes are left out: the page has one function for all services.

import { readFileSync } from "node:fs";

import openapiTS, { astToString } from "openapi-typescript";

const [, , file = ""] = process.argv;
const { openapi, info, components } = JSON.parse(readFileSync(file, "utf8"));
const described = { openapi, info, paths: {}, components: { schemas: components.schemas } };
const options = { alphabetize: true, rootTypes: true, rootTypesNoSchemaPrefix: true, defaultNonNullable: false };
const text = astToString(await openapiTS(described, options));
process.stdout.write(`// Made by \`cargo xtask codegen\` from the service's description of itself.\n\n${text}`);
