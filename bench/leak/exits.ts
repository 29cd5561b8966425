import { type Envelope, SecretRef } from "../../engine/sdk/index.ts";

/** Puts a text, or its pieces, into one part of what would leave. */
export interface Exit {
  readonly name: string;
  /** Bodies may carry patient data to a cleared partner; nothing else ever may. */
  readonly isBody: boolean;
  put(pieces: readonly string[]): Partial<Envelope>;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "utf8"));
const body = (name: string, write: (pieces: readonly string[]) => string): Exit => ({ name, isBody: true, put: (pieces) => ({ body: bytes(write(pieces)) }) });
const other = (name: string, put: Exit["put"]): Exit => ({ name, isBody: false, put });

/** What cannot stand in a path or in a name of a header is percent-encoded, as every HTTP library does it; the rest stays. */
const inPath = (text: string) => text.replace(/[^A-Za-z0-9._~!$&'()*+,;=:@%-]/gu, (c) => [...Buffer.from(c, "utf8")].map((b) => `%${b.toString(16).padStart(2, "0")}`).join(""));
const inHeaderName = (text: string) => text.replace(/[^A-Za-z0-9!#$&'*+.^_`|~%-]/gu, (c) => [...Buffer.from(c, "utf8")].map((b) => `%${b.toString(16).padStart(2, "0")}`).join(""));
/** A break inside a value is folded; what a header cannot hold at all would be refused as an address, which is another rule. */
const inHeader = (text: string) => text.replace(/\r?\n/g, " ").replace(/(?!\t)\p{Cc}/gu, "");
const table = (pieces: readonly string[], key: (i: number) => string, write: (text: string) => string = (t) => t) => Object.fromEntries(pieces.map((piece, i) => [key(i), write(piece)]));
/** A key that is a whole number would be moved before the others, and one that comes again would take the other's place: pieces stay in their order, and all of them. */
const keys = (pieces: readonly string[], value: unknown) => Object.fromEntries(pieces.map((piece, i) => [pieces.length > 1 ? `_${again(pieces, i)}${piece}` : piece, value]));
/** A sign for each time that the same piece stood before. */
const again = (pieces: readonly string[], at: number) => "_".repeat(pieces.slice(0, at).filter((other) => other === pieces[at]).length);
const xmlText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const exits: readonly Exit[] = [
  body("body, JSON", (pieces) => JSON.stringify({ event: "visit", ...table(pieces, (i) => (i === 0 ? "note" : `note${i}`)) })),
  body("body, JSON list", (pieces) => JSON.stringify({ event: "visit", values: pieces })),
  body("body, key", (pieces) => JSON.stringify({ event: "visit", ...keys(pieces, 1) })),
  body("body, deep", (pieces) => JSON.stringify([{ a: { b: [{ c: { d: pieces.length === 1 ? pieces[0] : pieces } }] } }])),
  body("body, text", (pieces) => pieces.join("\n")),
  body("body, form", (pieces) => new URLSearchParams([["event", "visit"], ...pieces.map((piece): [string, string] => ["note", piece])]).toString()),
  body("body, HL7 v2", (pieces) => `MSH|^~\\&|A|B|C|D|20260301||ADT^A08|1|P|2.5.1\rZZZ|${pieces.join("|")}\r`),
  body("body, XML", (pieces) => `<?xml version="1.0"?><v>${pieces.map((piece) => `<n>${xmlText(piece)}</n>`).join("")}</v>`),
  body("body, XML attribute", (pieces) => `<v ${pieces.map((piece, i) => `n${i}="${xmlText(piece).replaceAll('"', "&quot;")}"`).join(" ")}/>`),
  body("body, CSV", (pieces) => `event,note\r\nvisit,${pieces.map((piece) => `"${piece.replaceAll('"', '""')}"`).join(",")}\r\n`),
  other("path", (pieces) => ({ path: `/events/${pieces.map(inPath).join("/")}` })),
  other("query value", (pieces) => ({ query: table(pieces, (i) => (i === 0 ? "q" : `q${i}`)) })),
  other("query name", (pieces) => ({ query: keys(pieces, "1") as Record<string, string> })),
  other("header value", (pieces) => ({ headers: table(pieces, (i) => `x-note-${"abc".charAt(i)}`, inHeader) })),
  other("header name", (pieces) => ({ headers: Object.fromEntries(pieces.map((piece, i) => [`x-${again(pieces, i)}${inHeaderName(piece)}`, "1"])) })),
  other("header x-request-id", (pieces) => ({ headers: { "x-request-id": inHeader(pieces.join(" ")) } })),
  other("header if-none-exist", (pieces) => ({ headers: { "if-none-exist": inHeader(`identifier=${pieces.join("|")}`) } })),
  other("header content-type", (pieces) => ({ headers: { "content-type": inHeader(`text/plain; name="${pieces.join(" ")}"`) } })),
  other("file name", (pieces) => ({ names: { fileName: `${pieces.join("_")}.json` } })),
  other("subject", (pieces) => ({ names: { subject: `Result: ${pieces.join(" ")}` } })),
  other("topic", (pieces) => ({ names: { topic: `visits.${pieces.join(".")}` } })),
  other("idempotency key", (pieces) => ({ names: { idempotencyKey: pieces.join("-") } })),
  other("name of its own", (pieces) => ({ names: keys(pieces, "x") as Record<string, string> })),
  other("user of the credential", (pieces) => ({ credential: { kind: "basic", user: pieces.join(":"), secret: new SecretRef("env", "PARTNER_TOKEN") } })),
];
