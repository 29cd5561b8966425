import { roundTrips } from "../../engine/codec/bytes/roundtrip.ts";
import { sniffCsv } from "../../engine/codec/index.ts";
import { decode } from "../../engine/codec/bytes/index.ts";
import type { Format } from "../../engine/sdk/content.ts";
import type { Verdict } from "./corpus.ts";

/** The three checks of `sluice inspect --roundtrip`, with three seeds for the leaf that is edited. */
export function roundTripped(bytes: Uint8Array, format: Format): Verdict {
  const csv = format === "csv" ? sniffCsv(decode(bytes, { format }).text) : undefined;
  const failed = [1, 2, 2026].filter((seed) => !roundTrips(bytes, format, seed, csv));
  return failed.length === 0 ? { ok: true } : { ok: false, differs: `round trip, seed ${failed.join(", ")}` };
}
