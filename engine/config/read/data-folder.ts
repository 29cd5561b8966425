import { resolve } from "node:path";
import { nodeFiles } from "../files.ts";
import { startReading } from "./reading.ts";
import { readSettings } from "./settings.ts";

/** Where a project keeps its record. Asks nothing else of the project, so that a mistake in it hides no message. */
export function dataFolder(root: string, files = nodeFiles): string {
  return resolve(root, readSettings(startReading(resolve(root), files)).data);
}
