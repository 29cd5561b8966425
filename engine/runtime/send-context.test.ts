import { expect, test } from "vitest";
import { seal } from "../phi/release.ts";
import { sendContext } from "./send-context.ts";
import { systemClock } from "./clock.ts";

const handOff = async () => ({ kind: "unavailable" }) as const;
const ctx = sendContext({ way: {} as never, files: {} as never, sqlite: (() => undefined) as never, putRow: (() => undefined) as never, publish: () => {}, handOff, clock: systemClock, attempt: 1, judge: () => undefined, signal: new AbortController().signal });
const message = (id: string, charset = "", name = "M\u00fcLLER") =>
  `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301||ORU^R01|${id}|P|2.5.1${charset && `||||||${charset}`}\rPID|1||1||${name}\r`;
const ack = (id: string, charset = "") => `MSH|^~\\&|EHR|S\u00fcD|LIS|NORTH|20260301||ACK|A1|P|2.5.1${charset && `||||||${charset}`}\rMSA|AA|${id}\r`;

test.each([
  ["latin1", "8859/1"],
  ["latin1", ""],
  ["utf8", "UNICODE UTF-8"],
  ["utf8", ""],
  ["utf16le", "UNICODE UTF-16"],
] as const)("control id of body and acknowledgement in %s, declared as %j", (encoding, charset) => {
  for (const id of ["C1", "C\u00e91"]) {
    const sent = ctx.controlId(seal("ward", { endpoint: "feed", body: Buffer.from(message(id, charset), encoding) }));
    const heard = ctx.readAck(Buffer.from(ack(id, charset), encoding));
    expect(sent).toBeDefined();
    expect(heard).toMatchObject({ code: "AA", controlId: sent });
  }
});

test("behind a byte-order mark", () => {
  const body = Buffer.from(`\ufeff${message("C1")}`, "utf8");
  expect(ctx.controlId(seal("ward", { endpoint: "feed", body }))).toBe("C1");
});
