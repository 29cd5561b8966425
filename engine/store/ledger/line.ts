import { hash as digest } from "node:crypto";
import { canonical } from "../../codec/json/canonical.ts";
import type { LedgerRecord } from "./notice.ts";

/** What stands before the first line. */
export const genesis = "0".repeat(64);

/**
 * A line of the ledger is the canonical JSON of `{hash, n, prev, record}`. `n` counts from 1; `prev` is the hash of the line before; `hash` is the
 * SHA-256 of the canonical JSON of `{n, prev, record}`, which is the line from `"n"` on behind a brace. So whoever has a line can check it byte by byte.
 */
export interface Link {
  readonly n: number;
  readonly hash: string;
}

/** Where `"n"` begins: behind `{"hash":"`, 64 digits and `",`. */
export const bodyAt = 75;

/** The next line of a chain, without its line feed. */
export function lineAfter({ n, hash: prev }: Link, record: LedgerRecord): Link & { readonly line: string } {
  const body = `"n":${n + 1},"prev":"${prev}","record":${canonical(record)}}`;
  const own = digest("sha256", `{${body}`, "hex");
  return { n: n + 1, hash: own, line: `{"hash":"${own}",${body}` };
}

const form = /^\{"hash":"([0-9a-f]{64})","n":([1-9]\d{0,15}),"prev":"([0-9a-f]{64})","record":\{/;

/** Number and hashes that a line says of itself; `undefined` for what is no line of a ledger. */
export function linkOf(line: string): (Link & { readonly prev: string }) | undefined {
  const found = form.exec(line);
  return found ? { hash: found[1] ?? "", n: Number(found[2]), prev: found[3] ?? "" } : undefined;
}
