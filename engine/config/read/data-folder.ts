import { resolve } from "node:path";
import { nodeFiles } from "../files.ts";
import { child } from "../yaml/node.ts";
import { readYaml, startReading } from "./reading.ts";

/** Where a project keeps its record. Reads `data:` alone: quick, and a mistake elsewhere in the project hides no message. */
export function dataFolder(root: string, files = nodeFiles): string {
  const data = child(readYaml(startReading(resolve(root), files), "sluice.yaml"), "data");
  const named = data?.kind === "scalar" && typeof data.value === "string" && data.value !== "";
  return resolve(root, named ? String(data.value) : ".sluice");
}
