import type { Node } from "../json/node.ts";
import type { Definitions } from "./definitions.ts";
import { ElementPath } from "./element-path.ts";
import { followReferences } from "./references.ts";
import type { Report } from "./report.ts";
import { type Options, type Run, textOf } from "./run.ts";
import { walkResource } from "./structure.ts";

/** Holds a resource to its type, to the profiles that it claims and to those of `options`; what it finds goes to the report. */
export function validateNode(root: Node, definitions: Definitions, report: Report, holds: Run["holds"], options: Options): void {
  const run: Run = { definitions, report, options, holds, references: [] };
  const type = textOf(root, "resourceType");
  walkResource(root, new ElementPath(definitions.isResource(type) ? type : "Resource"), run, { profiles: options.profiles });
  followReferences(run);
}
