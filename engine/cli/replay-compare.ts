import type { Comparison, ComparedValues } from "../runtime/operator/comparison.ts";
import type { Call, ExitCode } from "./command.ts";
import { openLiveDoor } from "./door.ts";
import { projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { unmaskFlags, wantedPurpose } from "./unmask.ts";
import { wrongCall } from "./wrong-call.ts";

export const compareFlags = { ...unmaskFlags, "dry-run": { type: "boolean" }, revision: { type: "string" }, last: { type: "string" } } as const;

/** What would the project's files, as they are now, have made of the last messages? Nothing leaves. Exit 1 when something differs. */
export async function compareWith(call: Call): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const { channel, revision = "working", last = "100" } = flags as Readonly<Record<string, string | undefined>>;
  if (revision !== "working") return wrongCall(terminal, "--revision takes working: the files as they are now", "replay");
  if (channel === undefined) return wrongCall(terminal, "replay --dry-run needs a --channel", "replay");
  if (!/^[1-9]\d{0,3}$/.test(last) || Number(last) > 1000) return wrongCall(terminal, "--last takes a number from 1 to 1000", "replay");
  const wanted = await wantedPurpose(call);
  if (typeof wanted === "string") return wrongCall(terminal, wanted, "replay");
  const door = await openLiveDoor(projectOf(terminal, flags));
  const found = await door.compare({ channel, last: Number(last), ...wanted });
  terminal.out(json ? JSON.stringify(found) : text(found));
  return found.destinations.every(({ outcomes }) => Object.keys(outcomes).length === 0) ? 0 : 1;
}

function text(found: Comparison & { readonly values?: readonly ComparedValues[] }): string {
  const { channel, running, working, messages, gone, destinations, values = [] } = found;
  const same = running === working ? ", which are what runs" : "";
  const lines = [`${channel}: the last ${messages} messages through the files as they are now${same}${gone > 0 ? `; ${gone} more are not kept any more` : ""}`];
  for (const { destination, same, unknown, outcomes, fields, examples } of destinations) {
    const kinds = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
    const differ = kinds.reduce((sum, [, count]) => sum + count, 0);
    lines.push("", `${destination}: ${differ === 0 ? "nothing differs" : `${differ} differ`}, ${same} the same${unknown > 0 ? `, ${unknown} cannot be told: what was sent is not kept` : ""}`);
    for (const [change, count] of kinds) lines.push(`  ${change}: ${count}`);
    if (fields.length > 0) {
      const table = renderTable(
        [
          { title: "FIELD", cell: (field) => field.path },
          { title: "CHANGED", right: true, cell: (field) => String(field.changed) },
          { title: "ADDED", right: true, cell: (field) => String(field.added) },
          { title: "REMOVED", right: true, cell: (field) => String(field.removed) },
        ],
        fields,
      );
      lines.push(...table.split("\n").map((line) => `  ${line}`));
    }
    if (examples.length > 0) lines.push(`  for example ${examples.map((id) => `m${id}`).join(", ")}`);
  }
  for (const { message, destination, differences } of values) {
    lines.push("", `m${message} ${destination}`);
    for (const { path, before, after } of differences) lines.push(`  ${path}: ${before ?? "(none)"} → ${after ?? "(none)"}`);
  }
  return lines.join("\n");
}
