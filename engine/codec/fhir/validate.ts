import type { Node } from "../json/node.ts";
import type { Problem } from "../problem.ts";
import type { Definitions } from "./definitions.ts";
import { ElementPath } from "./element-path.ts";
import { followReferences } from "./references.ts";
import { Report } from "./report.ts";
import { type Options, type Run, textOf } from "./run.ts";
import { walkResource } from "./structure.ts";

/** Holds a resource to its type, to the profiles that it claims and to those of `options`. `text`: where the places of the nodes lie. */
export function validateNode(root: Node, text: string, definitions: Definitions, holds: Run["holds"], options: Options): readonly Problem[] {
  const report = new Report(text);
  const run: Run = { definitions, report, options, holds, references: [] };
  const type = textOf(root, "resourceType");
  walkResource(root, new ElementPath(definitions.isResource(type) ? type : "Resource"), run, { profiles: options.profiles });
  followReferences(run);
  return report.problems();
}
