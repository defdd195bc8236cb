// Prints TypeScript for an OpenAPI document: `node codegen.js OPENAPI.json`. `cargo xtask codegen` runs it.

import { pathToFileURL } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const [, , file = ""] = process.argv;
const nodes = await openapiTS(pathToFileURL(file), { alphabetize: true, exportType: false });
process.stdout.write(`// Made by \`cargo xtask codegen\` from the service's description of itself. Edit that, in crates/server/src/route/.\n\n${astToString(nodes)}`);
