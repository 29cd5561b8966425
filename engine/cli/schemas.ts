import { mkdir, writeFile } from "node:fs/promises";
import { publishedSchemas } from "../config/index.ts";
import { builtInConnectors } from "../runtime/registry.ts";

/** Writes the JSON Schemas that editors use (`npm run schemas`); a test compares them with what the code declares. */
const folder = new URL("../../schemas/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of publishedSchemas(await builtInConnectors())) await writeFile(new URL(name, folder), text);
