import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adt, body, file, match, message, onlyIf, type OpenedSandbox, openSandbox, program } from "./samples.ts";
import type { ChannelProgram } from "./sandbox.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

async function run(parts: Parameters<typeof program>[0], input = message()) {
  const loaded: ChannelProgram = program(parts);
  expect(await sandbox.load(loaded)).toEqual([]);
  return sandbox.run(loaded.channel, input);
}

const transform = async (text: string, input = message()) => (await run({ transform: body(text) }, input)).results[0];
const json = (text: string, format: "json" | "fhir" = "json") => ({ kind: "output", format, text });

describe("what a transform returns", () => {
  it("nothing: the message as edited, the rest byte for byte", async () => {
    expect(await transform('msg.set("MSH-3", "LAB"); msg.set("PID-5.1", msg.get("PID-5.1").toUpperCase())')).toEqual({
      kind: "output",
      format: "hl7v2",
      text: adt("RIVERA^Jane").replace("|APP|", "|LAB|"),
    });
  });
  it("an object or array: JSON; a resource: FHIR", async () => {
    expect(await transform("return { a: [1, 'x', null] }")).toEqual(json('{"a":[1,"x",null]}'));
    expect(await transform("return [1]")).toEqual(json("[1]"));
    expect(await transform("return { resourceType: 'Patient' }")).toEqual(json('{"resourceType":"Patient"}', "fhir"));
  });
  it("a string: text in the format at hand; a message: its text", async () => {
    expect(await transform("return msg.toString().replace('APP', 'X')")).toMatchObject({ format: "hl7v2", text: adt().replace("APP", "X") });
    expect(await transform("return parseHl7(msg.toString()).set('MSH-3', 'Y')")).toMatchObject({ text: adt().replace("APP", "Y") });
  });
  it.each([["1"], ["() => 1"], ["Symbol()"], ["true"], ["null"], ["{ n: 1n }"], ["(() => { const a = {}; a.a = a; return a })()"], ["{ toJSON() {} }"]])(
    "%s cannot be sent",
    async (value) => {
      expect(await transform(`return ${value}`)).toMatchObject({ kind: "failed", code: "SBX-205" });
    },
  );
  it("JSON that the strict reader refuses goes no further", async () => {
    expect(await transform('return JSON.parse(\'{"__proto__":{"polluted":1}}\')')).toMatchObject({ code: "SBX-207" });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(await transform("let a = []; for (let i = 0; i < 1000; i++) a = [a]; return a")).toMatchObject({ code: "SBX-207" });
  });
});

describe("transforms after de-identification", () => {
  const stands = (code: string, more: Partial<ChannelProgram> = {}) =>
    program({ destinations: [{ name: "a", format: "json", transform: body("return msg"), deidentified: { transform: body(code) } }], ...more });
  const of = (format: "hl7v2" | "fhir", text: string) => ({ ...message(text), deidentifiedOf: { destination: "a", format } });

  it("see the de-identified message alone, of whichever format it is, and its name", async () => {
    expect(await sandbox.load(stands("log(meta.id); return { kind: msg.resourceType ?? msg.type }"))).toEqual([]);
    expect(await sandbox.run("lab", { ...of("fhir", '{"resourceType":"Patient"}'), messageId: "n1" })).toEqual({ results: [json('{"kind":"Patient"}')], log: ["n1"] });
    expect((await sandbox.run("lab", of("hl7v2", adt()))).results).toEqual([json('{"kind":"ADT^A01"}')]);
  });
  it("reach nothing that the code before them left anywhere", async () => {
    const leave = `
      globalThis.kept = msg.get("PID-5.1"); Object.prototype.kept = 1; lookup.kept = 1; /(Rivera)/.exec(msg.toString()); Array.kept = 1;
      return msg;`;
    const look = 'return { found: [typeof kept, typeof ({}).kept, typeof lookup.kept, RegExp.$1 ?? "", typeof Array.kept] }';
    const loud = stands(look, { destinations: [{ name: "a", format: "json", transform: body(`try { ${leave.replace("return msg;", "")} } catch {}; return msg`), deidentified: { transform: body(look) } }] });
    expect(await sandbox.load(loud)).toEqual([]);
    await sandbox.run("lab", message());
    expect((await sandbox.run("lab", of("hl7v2", adt("X^Y")))).results).toEqual([json('{"found":["undefined","undefined","undefined","","undefined"]}')]);
  });
  it("have their mistakes said once, and leave what was loaded before", async () => {
    const mistakes = await sandbox.load(stands("return {"));
    expect(mistakes.map(({ code }) => code)).toEqual(["SBX-101"]);
  });
  it("are gone when the program is", async () => {
    await sandbox.load(stands("return {}"));
    await sandbox.unload("lab");
    await expect(sandbox.run("lab", of("fhir", "{}"))).rejects.toMatchObject({ code: "SBX-303" });
  });
});

describe("response transforms", () => {
  const answering = (code: string, more: Partial<ChannelProgram> = {}) =>
    program({ destinations: [{ name: "a", transform: body("throw new Error()") }, { name: "b", response: { format: "json", transform: body(code) } }], ...more });
  const input = { ...message('{"id":"pi_1","secret":"s"}'), responseOf: "b" };

  it("run alone over the partner's answer, in its own format; the channel's own steps have no part in it", async () => {
    expect(await sandbox.load(answering("log(meta.destination); return { id: msg.id }", { transform: body("throw new Error()") }))).toEqual([]);
    expect(await sandbox.run("lab", input)).toEqual({ results: [json('{"id":"pi_1"}')], log: ["b"] });
    await sandbox.load(answering("delete msg.secret"));
    expect((await sandbox.run("lab", input)).results).toEqual([json('{"id":"pi_1"}')]);
    expect((await sandbox.run("lab", message())).results.map(({ kind }) => kind)).toEqual(["failed", "output"]);
  });
  it("fail with a code and a place, and a mistake of syntax keeps what was loaded", async () => {
    await sandbox.load(answering("throw new Error(msg.secret)"));
    expect((await sandbox.run("lab", input)).results).toMatchObject([{ kind: "failed", code: "SBX-201", at: { line: 20 } }]);
    expect(await sandbox.load(answering("return ]"))).toMatchObject([{ code: "SBX-101" }]);
    expect((await sandbox.run("lab", input)).results).toMatchObject([{ kind: "failed", code: "SBX-201" }]);
  });
  it("are gone with their program, and a destination without one has none", async () => {
    await sandbox.load(answering("return {}"));
    await expect(sandbox.run("lab", { ...input, responseOf: "a" })).rejects.toMatchObject({ code: "SBX-303" });
    await sandbox.unload("lab");
    await expect(sandbox.run("lab", input)).rejects.toMatchObject({ code: "SBX-303" });
  });
});

describe("formats", () => {
  const of = (format: ChannelProgram["format"], code: string, text: string) =>
    run({ format, transform: body(code) }, message(text)).then((output) => output.results[0]);
  it("json is a plain object, and keeps a number that a double would change", async () => {
    expect(await of("json", "msg.b = msg.a.length; delete msg.a", '{"a":"xyz","n":12345678901234567890}')).toEqual(json('{"n":12345678901234567890,"b":3}'));
  });
  it("csv is read by column and record, and a text is what the destination sends", async () => {
    const text = 'mrn;name\r\n1;"Roe; R"\r\n2;Doe\r\n';
    const csv = { delimiter: ";", quote: '"', header: true };
    const of = (code: string, format?: ChannelProgram["format"]) =>
      run({ format: "csv", csv, transform: body("if (msg.get('mrn') !== '1') throw 0"), destinations: [{ name: "a", ...(format ? { format } : {}), transform: body(code) }] }, message(text)).then(({ results }) => results[0]);
    const edit = "for (const row of msg.all()) row.set('name', row.get('name').toUpperCase()); msg.set('mrn[2]', 9)";
    expect(await of(edit)).toEqual({ kind: "output", format: "csv", text: text.toUpperCase().replace("MRN;NAME", "mrn;name").replace("2;", "9;") });
    expect(await of("return 'x,y'", "text")).toEqual({ kind: "output", format: "text", text: "x,y" });
    expect(await of("return parseXml('<a/>').set('/a', msg.columns.join())", "xml")).toEqual({ kind: "output", format: "xml", text: "<a>mrn,name</a>" });
    expect(await of("msg.set('gone', 1)")).toMatchObject({ kind: "failed", code: "SBX-201" });
    expect((await run({ format: "csv", csv, filter: match({ mrn: "2" }) }, message(text))).results[0]).toMatchObject({ kind: "output" });
  });
  it("xml is read by path, and nothing of its reader can be reached", async () => {
    const text = '<order xmlns="urn:x"><id root="1"/><name>Roe</name></order>';
    expect(await of("xml", "msg.set('/order/id/@root', msg.get('name') + '&'); for (const each of msg.all('name')) each.setText('x')", text)).toEqual({ kind: "output", format: "xml", text: '<order xmlns="urn:x"><id root="Roe&amp;"/><name>x</name></order>' });
    expect(await of("xml", "msg", "<order>")).toMatchObject({ kind: "failed", code: "SBX-209" });
    expect(await of("xml", "return parseCsv('a|b\\n1|2', { delimiter: '|' }).set('b', 3)", text)).toMatchObject({ format: "csv", text: "a|b\n1|3" });
    expect(await of("xml", "for (const each of [msg, Object.getPrototypeOf(msg), msg.constructor, msg.all('name')[0]]) each.left = 1", text)).toMatchObject({ kind: "failed", code: "SBX-201" });
  });
  it("fhir stays fhir; one extension by its name, or an error", async () => {
    const charge = (count: number) =>
      JSON.stringify({ resourceType: "Appointment", extension: Array(count).fill({ url: "https://x.example/copay", valueMoney: { value: 25 } }) });
    const code = 'msg.amount = extension(msg, "copay").valueMoney.value * 100; delete msg.extension';
    expect(await of("fhir", code, charge(1))).toEqual(json('{"resourceType":"Appointment","amount":2500}', "fhir"));
    expect(await of("fhir", code, charge(0))).toMatchObject({ code: "SBX-201" });
    expect(await of("fhir", code, charge(2))).toMatchObject({ code: "SBX-201" });
  });
  it("text has text", async () => {
    expect(await of("text", "msg.text = msg.text.trim()", "  a \ud800 ü ")).toEqual({ kind: "output", format: "text", text: "a \ud800 ü" });
  });
  it("any text crosses the pipe both ways unchanged", async () => {
    expect(await sandbox.load(program({ format: "text", transform: body("return msg.text + '!'") }))).toEqual([]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        expect((await sandbox.run("lab", message(text))).results[0]).toEqual({ kind: "output", format: "text", text: `${text}!` });
      }),
      { numRuns: 100 },
    );
  });
  it("a message that is not of the format fails with a code", async () => {
    expect(await of("hl7v2", "", "hello")).toMatchObject({ kind: "failed", code: "SBX-209" });
    expect(await of("json", "", '{"a":1,"a":2}')).toMatchObject({ kind: "failed", code: "SBX-209" });
  });
});

describe("filters and destinations", () => {
  it("each destination works on a copy of what the channel made", async () => {
    const { results } = await run({
      transform: body('msg.set("MSH-3", "CH")'),
      destinations: [
        { name: "a", transform: body('msg.set("MSH-4", "A")') },
        { name: "b", transform: body("return { app: msg.get('MSH-3'), fac: msg.get('MSH-4') }") },
        { name: "c" },
      ],
    });
    expect(results[0]).toMatchObject({ text: adt().replace("|APP|FAC|", "|CH|A|") });
    expect(results[1]).toEqual(json('{"app":"CH","fac":"FAC"}'));
    expect(results[2]).toMatchObject({ text: adt().replace("|APP|", "|CH|") });
  });
  it("a channel filter ends all, a destination's its own, and each names its place", async () => {
    const { results } = await run({ destinations: [{ name: "a", filter: onlyIf("return msg.get('PID-8') === 'M'") }, { name: "b" }] });
    expect(results[0]).toMatchObject({ kind: "filtered", at: { file: "channels/lab.yaml", line: 20, column: 5 } });
    expect(results[1]).toEqual({ kind: "output", format: "hl7v2", text: adt() });
    const at = { file: "channels/lab.yaml", line: 9, column: 9, endLine: 9, endColumn: 20 };
    const all = await run({ filter: match({ "PID-8": "M" }), filterAt: at, destinations: [{ name: "a" }, { name: "b" }] });
    expect(all.results).toEqual([{ kind: "filtered", at }, { kind: "filtered", at }]);
  });
  it.each([
    [{ "PID-8": "F" }, true],
    [{ "PID-8": ["M", "F"] }, true],
    [{ "PID-8": "present", "PID-9": "absent" }, true],
    [{ "PID-8": "absent" }, false],
    [{ "PID-8": "F", "PV1-2": "O" }, false],
    [{ "PV1-1": 1 }, true],
  ])("declarative %j is %s", async (conditions, passes) => {
    const { results } = await run({ filter: match(conditions) });
    expect(results[0]?.kind).toBe(passes ? "output" : "filtered");
  });
  it("a filter's edits do not show in the transform", async () => {
    const { results } = await run({ filter: onlyIf("msg.set('MSH-3', 'Z'); return true"), transform: body("") });
    expect(results[0]).toMatchObject({ text: adt() });
  });
});

describe("helpers", () => {
  it("lookup, with a fallback, and no reach beyond the table", async () => {
    expect(await transform("return [lookup('units', 'mg/dL'), lookup('units', 'x', 'none'), lookup('units', 'toString', 'none')]")).toEqual(
      json('["milligram per deciliter","none","none"]'),
    );
    expect(await transform("return lookup('constructor', 'x', 'y')")).toMatchObject({ code: "SBX-201" });
  });
  it("meta and dates", async () => {
    const { results } = await run({ destinations: [{ name: "out", transform: body("return { ...meta, d: date.fromHl7('20260309143000+0100'), h: date.toHl7('2026-03-09T14:30:00Z') }") }] });
    expect(results[0]).toEqual(
      json('{"id":"m-1","number":1,"channel":"lab","destination":"out","receivedAt":1773066600000,"d":"2026-03-09T14:30:00+01:00","h":"20260309143000+0000"}'),
    );
  });
  it("log is bounded and comes with the result", async () => {
    const { log } = await run({ transform: body("log('a', { b: 1 }, 2); for (let i = 0; i < 1e4; i++) log('x'.repeat(1000))") });
    expect(log[0]).toBe('a {"b":1} 2');
    expect(log.join("").length).toBeLessThanOrEqual(64 * 1024);
  });
  it.each([["costarring", "liquid"], ["a", "b"], ["a", "a\u0000"], ["m-1", "m-2"]])("%j and %j share no id and no number", async (one, other) => {
    // The first two have the same 32-bit FNV hash.
    const code = { transform: body("return [uuid(), Math.random()]") };
    const [first, second] = [await run(code, message(adt(), one)), await run(code, message(adt(), other))].map(({ results }) => JSON.parse((results[0] as { text: string }).text) as unknown[]);
    expect(first?.[0]).not.toBe(second?.[0]);
    expect(first?.[1]).not.toBe(second?.[1]);
  });
  it("time and randomness are the message's: a replay gives the same bytes", async () => {
    const code = body(`return [Date.now(), new Date().toISOString(), Date(), new Intl.DateTimeFormat().format(), Math.random(), Math.random(), uuid(),
      new Date(2026, 0, 1).toISOString(), Object.keys(Intl.DateTimeFormat().resolvedOptions()).length, Intl.DateTimeFormat().resolvedOptions().locale, typeof Temporal === "object" ? typeof Temporal.Now : "undefined"]`);
    const [first] = (await run({ transform: code })).results;
    await sandbox.run("lab", message(adt(), "m-2"));
    const [again] = (await sandbox.run("lab", message())).results;
    const [other] = (await sandbox.run("lab", message(adt(), "m-2"))).results;
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const values = JSON.parse((first as { text: string }).text) as unknown[];
    expect(values.slice(0, 4)).toEqual([1773066600000, "2026-03-09T14:30:00.000Z", "Mon Mar 09 2026 14:30:00 GMT+0000 (Coordinated Universal Time)", "3/9/2026"]);
    expect(values[6]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(values.slice(7)).toEqual(["2026-01-01T00:00:00.000Z", expect.any(Number), "en-US", "undefined"]);
  });
  it("ordinary programs may still write names that prototypes have", async () => {
    const code = "class Oops extends Error { constructor(m) { super(m); this.name = 'Oops' } } const o = {}; o.toString = () => 'mine'; return [String(new Oops('x')), String(o)]";
    expect(await transform(code)).toEqual(json('["Oops: x","mine"]'));
  });
});

describe("async", () => {
  it("settles what can settle, in every step", async () => {
    const { results } = await run({
      filter: onlyIf("return await Promise.resolve(true)"),
      transform: file("export default async (msg) => { await null; msg.set('MSH-3', await Promise.resolve('P')) }"),
      destinations: [{ name: "a", transform: body("await 1; return { a: msg.get('MSH-3') }") }, { name: "b", transform: body("await new Promise(() => {})") }, { name: "c" }],
    });
    expect(results).toMatchObject([json('{"a":"P"}'), { kind: "failed", code: "SBX-204" }, { kind: "output", text: adt().replace("APP", "P") }]);
  });
});
