import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/** What a ledger knows. The order of the lines is the order in which things happened at that end. */
export type SenderLine =
  | { readonly kind: "sent"; readonly connection: string; readonly id: string; readonly mark: string }
  | { readonly kind: "acked"; readonly connection: string; readonly id: string; readonly code: string };

/** `mark` is read back out of the message, from where the engine copied it. */
export interface ArrivalLine {
  readonly kind: "arrived";
  readonly lane: string;
  readonly id: string;
  readonly mark: string;
}

/** An append-only file, one line an event: written before the harness goes on, and the only thing `compare` reads. */
export class LedgerFile {
  readonly path: string;
  readonly #file: number;

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, "ax");
  }

  append(line: SenderLine | ArrivalLine): void {
    const words = line.kind === "sent" ? [line.connection, line.id, line.mark] : line.kind === "acked" ? [line.connection, line.id, line.code] : [line.lane, line.id, line.mark];
    writeSync(this.#file, `${line.kind} ${words.map(encodeURIComponent).join(" ")}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

export function readLedger(path: string): (SenderLine | ArrivalLine)[] {
  return readFileSync(path, "utf8").split("\n").filter((l) => l !== "").map(readLine);
}

function readLine(text: string): SenderLine | ArrivalLine {
  const [kind, a = "", id = "", b = ""] = text.split(" ").map(decodeURIComponent);
  if (kind === "sent") return { kind, connection: a, id, mark: b };
  if (kind === "acked") return { kind, connection: a, id, code: b };
  if (kind === "arrived") return { kind, lane: a, id, mark: b };
  throw new Error(`not a line of a ledger: ${kind}`);
}
