import type { SeenAttempt, SeenEnd, SystemLine } from "../../test/simulators/visit/walk.ts";
import type { SystemStep } from "../../test/simulators/visit/step.ts";
import { type BoundaryMap, crossingWords, type MapLink } from "../map/index.ts";
import type { Terminal } from "./command.ts";
import { renderTable } from "./render-table.ts";
import { paint } from "./terminal.ts";

/** Widths, in characters: who sends, the hub between its walls, a line out. */
const [left, hub] = [22, 8];
const wall = " ".repeat(hub);

const arrows: Readonly<Record<MapLink["crossing"], string>> = { phi: "─────▶", limited: "─·─·─▶", deidentified: "─ ─ ─▶", none: "═════▶", refused: "───╳  " };
const signs: Readonly<Record<SeenEnd["seen"], readonly [sign: string, colour: "green" | "yellow" | "red"]>> = {
  delivered: ["✓ delivered", "green"],
  refused: ["✗ refused", "yellow"],
  filtered: ["· filtered", "yellow"],
  dead: ["† dead", "yellow"],
  missing: ["! did not arrive", "red"],
};

/** The boundary as it is walked: who sends on the left, the engine as one wall from top to bottom, who receives on the right. Sampled people alone are in it. */
export class DemoPicture {
  readonly #terminal: Terminal;
  readonly #map: BoundaryMap;
  #number = 0;

  constructor(terminal: Terminal, map: BoundaryMap) {
    this.#terminal = terminal;
    this.#map = map;
  }

  head(): string {
    const { project, partners } = this.#map;
    const styles = (["phi", "deidentified", "none"] as const).map((crossing) => `${arrows[crossing]} ${crossing === "phi" ? "PHI" : crossingWords[crossing]}`);
    return [
      "",
      this.#bold(`One patient's visit through ${project}: ${partners.length} partners, all simulated on this machine`),
      `${styles.join("   ")}   ───╳  nothing crosses`,
      "",
      `${"who sends".padEnd(left)}       ┌${"─".repeat(hub)}┐  who receives`,
    ].join("\n");
  }

  begin({ system, does }: SystemStep): string {
    return `${" ".repeat(left)}       │${wall}│\n${this.#bold(`${++this.#number} ${system}: ${does}`.padEnd(left + 6))} │${wall}│`;
  }

  attempt({ attempt, ends, isAnswered }: SeenAttempt): string {
    const [first, ...others] = ends.flatMap((end) => [this.#end(end), ...(end.shape === undefined ? [] : [this.#dim(`${" ".repeat(25)}received ${end.shape}`)])]);
    const from = attempt.from.padEnd(left - 1).slice(0, left - 1);
    const enters = ends.every(({ end, seen }) => end.lane === undefined && seen === "refused") ? "───╳  " : "─────▶";
    const rows = [`${" ".repeat(left)}       │${wall}│  ${this.#dim(attempt.what)}`, `${from} ${enters} │${wall}│ ${first ?? ""}`, ...others.map((text) => `${" ".repeat(left)}       │${wall}│ ${text}`)];
    return [...rows, ...(isAnswered ? [] : [`${" ".repeat(left)}       │${wall}│  ${paint(this.#terminal, "red", "! the sender was not answered as it had to be")}`])].join("\n");
  }

  end(lines: readonly SystemLine[], counts: Readonly<Record<string, number>>, file: string): string {
    const table = renderTable<SystemLine>(
      [
        { title: "SYSTEM", cell: ({ system }) => system },
        ...(["delivered", "refused", "filtered", "dead"] as const).map((fate) => ({ title: fate.toUpperCase(), right: true, cell: (line: SystemLine) => String(line[fate]) })),
        { title: "AS IT HAS TO BE", cell: ({ ok }) => (ok ? "yes" : "NO") },
      ],
      lines,
    );
    const received = Object.entries(counts).filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
    return [
      `${" ".repeat(left)}       └${"─".repeat(hub)}┘`,
      "",
      this.#bold("What the partners recorded"),
      table,
      "",
      `Requests that reached a partner, questions of the engine among them: ${received.join(", ")}.`,
      "Partners without an agreement held each against everybody of the fixtures, and found nobody.",
      "",
      `The boundary of the whole project: ${file}`,
    ].join("\n");
  }

  #end({ end, seen, code, ok }: SeenEnd): string {
    const link = this.#map.links.find(({ id }) => id === `out ${end.lane}`);
    const crossing = link?.crossing ?? "phi";
    const arrow = seen === "delivered" ? arrows[crossing] : seen === "dead" ? `${arrows[crossing].slice(0, 5)}†` : "───╳  ";
    const [sign, colour] = signs[seen];
    const told = `${sign}${code === undefined ? "" : ` ${code}`}${ok ? "" : `, not ${end.fate} as it has to be`}`;
    return `${arrow} ${end.partner.padEnd(22)} ${paint(this.#terminal, ok ? colour : "red", told.padEnd(19))} ${end.words}`;
  }

  #bold(text: string): string {
    return paint(this.#terminal, "bold", text);
  }

  #dim(text: string): string {
    return paint(this.#terminal, "dim", text);
  }
}
