import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decode, encode } from "../../engine/codec/bytes/index.ts";
import { parseCsv, parseHl7, parseJson, parseXml } from "../../engine/codec/index.ts";
import { body, type OpenedSandbox, openSandbox, program, received } from "../../engine/sandbox/samples.ts";
import { EngineError, type Format } from "../../engine/sdk/index.ts";
import { corpus } from "./corpus.ts";

const { absent, files, read } = corpus("naughty-strings");
const strings: readonly string[] = files.includes("blns.json") ? (JSON.parse(read("blns.json").toString("utf8")) as string[]) : [];
/** XML 1.0 has no way to write these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The text as bytes and back, as it would go over a wire. */
function wired(format: Format, text: string): string {
  return decode(encode(text, "utf-8"), { format, charset: "utf-8" }).text;
}

const ways: Readonly<Record<string, (value: string) => string>> = {
  hl7v2: (value) => parseHl7(wired("hl7v2", parseHl7("MSH|^~\\&|A\rPID|1||x\r").set("PID-3.4.2", value).toString())).get("PID-3.4.2") ?? "null",
  json: (value) => parseJson(wired("json", parseJson('{"a":[{"b":"x"}]}').set("/a/0/b", value).toString())).values("/a/0/b")[0] ?? "",
  csv: (value) => parseCsv(wired("csv", parseCsv("a,b\r\n1,x\r\n2,y\r\n").set("b", value).toString())).get("b"),
  "xml attribute": (value) => parseXml(wired("xml", parseXml("<a b='x'/>").set("/a/@b", value).toString())).get("/a/@b"),
  "xml text": (value) => parseXml(wired("xml", parseXml("<a><b>x</b></a>").set("/a/b", value).toString())).get("/a/b"),
};

describe.skipIf(absent)("naughty strings", () => {
  test.each(Object.keys(ways))("are written and read back unchanged: %s", (way) => {
    expect(strings.length).toBeGreaterThan(400);
    const wrong = strings.filter((value) => {
      try {
        return ways[way]?.(value) !== value;
      } catch (error) {
        // A character that the format cannot write is refused by a code, and only then.
        return !(way.startsWith("xml") && unwritable.test(value) && error instanceof EngineError && error.code === "XML-103");
      }
    });
    expect(wrong).toEqual([]);
  });

  let sandbox: OpenedSandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  afterAll(() => sandbox.close());

  test("pass through a transform that copies each of them", async () => {
    const text = parseHl7(`MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5\r${strings.map((_, i) => `NTE|${i}|x|y\r`).join("")}`);
    for (const [i, note] of text.all("NTE").entries()) note.set("2", strings[i] ?? "");
    const code = 'for (const note of msg.all("NTE")) note.set("3", note.get("2"))';
    await sandbox.load(program({ transform: body(code) }));
    const { results } = await sandbox.run("lab", { messageId: "m", receivedAt: received, text: text.toString() });
    const [result] = results;
    const out = result?.kind === "output" ? parseHl7(result.text).all("NTE").map((note) => note.get("3")) : result;
    expect(out).toEqual(strings);
  });
});
