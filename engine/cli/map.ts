import { writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { readProject } from "../config/index.ts";
import { boundaryMap, difference, type MarkedLink, mermaid, placeOf, svg, unmarked, wordsOf } from "../map/index.ts";
import { systemClock } from "../runtime/clock.ts";
import { EngineError } from "../sdk/error.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { gitFiles } from "./git-files.ts";
import { withConnectors } from "./lint.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { wrongCall } from "./wrong-call.ts";

const formats = ["table", "svg", "mermaid"] as const;

export const command: Command = {
  name: "map",
  summary: "draw the boundary: who sends, who receives, what crosses and by which right",
  usage: "sluice map [--format table|svg|mermaid] [--out FILE] [--diff REV] [--project DIR] [--json]",
  examples: ["sluice map", "sluice map --out boundary.svg", "sluice map --format mermaid", "sluice map --diff HEAD~1 --out boundary.svg"],
  options: { ...projectFlag, format: { type: "string" }, out: { type: "string" }, diff: { type: "string" } },
  positionals: { min: 0, max: 0, help: "" },
  run,
};

/** Exit 1: data newly crosses somewhere, against the revision it was compared with. */
async function run({ terminal, flags, json }: Call): Promise<ExitCode> {
  const { out, diff, format = formatOf(out) } = flags as { readonly out?: string; readonly diff?: string; readonly format?: string };
  if (!formats.some((each) => each === format)) return wrongCall(terminal, `--format takes one of ${formats.join(", ")}`, "map");
  const root = projectOf(terminal, flags);
  const { registry, read } = await withConnectors(root);
  if (!read.project) throw new EngineError("CLI-134", { folder: root });
  const now = systemClock.now();
  const map = boundaryMap(read.project, now);
  let links = unmarked(map);
  if (diff !== undefined) {
    const before = readProject(root, { connectors: registry, files: gitFiles(root, diff) }).project;
    if (!before) throw new EngineError("CLI-134", { revision: diff });
    links = difference(boundaryMap(before, now), map);
  }
  const text = json ? JSON.stringify({ ...map, links }, undefined, 2) : format === "svg" ? svg(map, links) : format === "mermaid" ? mermaid(map, links) : table(links, diff !== undefined);
  if (out === undefined) terminal.out(text.replace(/\n$/, ""));
  else {
    const file = resolve(terminal.cwd, out);
    writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`);
    terminal.out(`${links.length} links drawn into ${file}`);
  }
  return links.some(({ mark }) => mark === "crosses") ? 1 : 0;
}

/** By the name of the file it goes into. */
function formatOf(out: unknown): string {
  const ending = typeof out === "string" ? extname(out) : "";
  return ending === ".svg" ? "svg" : ending === ".mmd" ? "mermaid" : "table";
}

function table(links: readonly MarkedLink[], isDifference: boolean): string {
  const marks = { crosses: "newly crosses", changed: "changed", gone: "gone", same: "" } as const;
  return renderTable<MarkedLink>(
    [
      ...(isDifference ? [{ title: "MARK", cell: (link: MarkedLink) => marks[link.mark] }] : []),
      { title: "LINK", cell: (link) => `${link.direction === "in" ? "<-" : "->"} ${link.partner}` },
      { title: "CHANNEL", cell: placeOf },
      { title: "STANDARD", cell: ({ standard }) => standard },
      { title: "CROSSES", cell: (link) => wordsOf(link)[0] ?? "" },
      { title: "BY", cell: (link) => wordsOf(link).slice(1).join(", ") },
      ...(isDifference ? [{ title: "CHANGE", cell: (link: MarkedLink) => link.change ?? "" }] : []),
    ],
    links,
  );
}
