import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adt, body, file, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";
import { type Way, ways } from "./stash-ways.ts";

const secret = "Zacharias48213";

/** The same text for both messages: the first carries the name, and every other looks for it. */
const source = ({ top = "", a, b }: Way) => `${top}
export default (msg) => {
  const name = msg.get("PID-5.1");
  if (name === "${"Zacharias"}" + "48213") { try { ${a} } catch {} return { stored: true } }
  let found;
  try { found = ${b} } catch {}
  return { found: String(found) };
}`;

/** An engine without these walls: one realm, the module evaluated once, helpers shared by all messages. */
function naive(way: Way) {
  const realm = createContext({});
  const text = source(way).replace("export default", "exported =");
  const helpers = `
    class Segment {} const segment = new Segment(); const table = {};
    class Message {
      #name; constructor(name) { this.#name = name } get() { return this.#name } getRaw() {} all() { return [new Segment()] }
      get delimiters() { return table } *leaves() {}
    }
    const lookup = Object.assign(() => {}, { table: {} }); const lines = [];
    const log = Object.assign((x) => { lines.push(x) }, { lines });
    const extension = () => {}; const uuid = () => {}; const date = { fromHl7() {} }; class Digits {} const decimal = () => new Digits(); const parseHl7 = () => {}; const meta = {};
    let exported;`;
  return runInContext(`(() => { ${helpers}\n${text};\n return (name) => exported(new Message(name)) })()`, realm) as (name: string) => unknown;
}

describe("what a message leaves behind", () => {
  let sandbox: OpenedSandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  afterAll(() => sandbox.close());

  it("is tried in at least twenty ways", () => {
    expect(new Set(ways.map((way) => way.name)).size).toBe(ways.length);
    expect(ways.length).toBeGreaterThanOrEqual(20);
  });

  describe.each(ways.map((way) => [way.name, way] as const))("%s", (_, way) => {
    it("works where nothing prevents it", async () => {
      const run = naive(way);
      run(secret);
      await new Promise((resolve) => setImmediate(resolve));
      expect(JSON.stringify(run("Rivera"))).toContain(secret);
    });

    it("gives the next message nothing", async () => {
      expect(await sandbox.load(program({ transform: file(source(way)) }))).toEqual([]);
      const together = [secret, "Rivera", secret, "Rivera"].map((name, i) => sandbox.run("lab", message(adt(name), `m${i}`)));
      const [stored, ...others] = await Promise.all(together);
      expect(JSON.stringify(stored)).toContain("stored");
      const later = await sandbox.run("lab", message(adt("Rivera"), "m9"));
      for (const output of [others[0], others[2], later]) {
        expect(output?.results[0]).toMatchObject({ kind: "output", text: expect.stringContaining("found") });
        expect(JSON.stringify(output)).not.toContain(secret);
      }
    });
  });

  it("all ways at once, read by all routes at once", async () => {
    const text = `${ways.map(({ top = "" }, i) => (top === "" ? "" : `const [put${i}, get${i}] = (() => { ${top} return [(name, msg) => { ${ways[i]?.a} }, (msg) => (${ways[i]?.b})] })();`)).join("\n")}
export default (msg) => {
  const name = msg.get("PID-5.1"); const out = [];
  const attempt = (run) => { try { out.push(String(run())) } catch (e) { out.push(String(e)) } };
  if (name === "Zacharias" + "48213") { ${ways.map(({ top, a }, i) => (top ? `attempt(() => put${i}(name, msg));` : `attempt(() => { ${a} });`)).join("\n")} return { stored: true } }
  ${ways.map(({ top, b }, i) => (top ? `attempt(() => get${i}(msg));` : `attempt(() => ${b});`)).join("\n")}
  return { found: out };
}`;
    expect(await sandbox.load(program({ transform: file(text) }))).toEqual([]);
    const outputs = await Promise.all([secret, "Rivera"].map((name, i) => sandbox.run("lab", message(adt(name), `m${i}`))));
    expect(JSON.stringify(outputs[0])).toContain("stored");
    expect(JSON.stringify(outputs[1])).toContain("found");
    expect(JSON.stringify(outputs[1])).not.toContain(secret);
  });

  it("randomness and ids do not tell how much of them the message before used", async () => {
    await sandbox.load(program({ transform: body('for (let i = 0; i < msg.get("PID-5.1").length; i++) uuid(); return [Math.random(), uuid()]') }));
    const alone = await sandbox.run("lab", message(adt("A"), "b"));
    const [, after] = await Promise.all([sandbox.run("lab", message(adt(secret), "a")), sandbox.run("lab", message(adt("A"), "b"))]);
    expect(after).toEqual(alone);
  });

  it("every object that code can reach and that lasts is frozen", async () => {
    // Written apart from the engine's own list: it starts from what code holds and makes, and follows everything.
    const walker = `
      const made = [function* () {}, async () => {}, async function* () {}, Object.getPrototypeOf((function* () {})()), Object.getPrototypeOf((async function* () {})()), [].values(), new Map().keys(),
        new Set().keys(), ""[Symbol.iterator](), "".matchAll(/x/g), Iterator.from({ next() {} }), [].values().map((x) => x), new Uint8Array(1), new Error("x"),
        new TypeError("x"), Promise.resolve(), /x/, new Date(), Symbol(), 1n, 1, "", true, new Proxy({}, {}), new WeakMap(), new WeakSet(), new DataView(new ArrayBuffer(1)),
        new Intl.Segmenter().segment("a"), new Intl.Segmenter().segment("a")[Symbol.iterator](), new Intl.DateTimeFormat(), new Intl.NumberFormat(), new Intl.Collator(),
        new Intl.PluralRules(), new Intl.ListFormat(), new Intl.Locale("en"), msg, ...msg.all("PID"), msg.segments, msg.leaves(), [...msg.leaves()][0], msg.body, (() => { try { msg.set("x", 1) } catch (e) { return e } })(),
        (function () { return arguments })(), (() => { try { null.x } catch (e) { return e } })(), (s => s)\`x\`];
      const roots = [globalThis, extension, uuid, date, decimal, parseHl7, meta, msg.delimiters];
      for (const each of made) { roots.push(Object.getPrototypeOf(each)); for (const d of Object.values(Object.getOwnPropertyDescriptors(Object(each)))) roots.push(d.get, d.set); }
      const seen = new Set(); const loose = []; const open = roots.map((r, i) => [r, "root " + i]);
      while (open.length > 0) {
        const [o, path] = open.pop();
        if ((typeof o !== "object" && typeof o !== "function") || o === null || seen.has(o)) continue;
        seen.add(o);
        if (!Object.isFrozen(o)) loose.push(path);
        open.push([Object.getPrototypeOf(o), path + ".__proto__"]);
        for (const key of Reflect.ownKeys(o)) { const d = Reflect.getOwnPropertyDescriptor(o, key); for (const part of ["value", "get", "set"]) open.push([d[part], path + "." + String(key)]); }
      }
      return { loose, seen: seen.size };`;
    expect(await sandbox.load(program({ transform: body(walker) }))).toEqual([]);
    const { results } = await sandbox.run("lab", message());
    expect(results[0]).toMatchObject({ kind: "output" });
    const { loose, seen } = JSON.parse((results[0] as { text: string }).text) as { loose: string[]; seen: number };
    expect(loose).toEqual([]);
    expect(seen).toBeGreaterThan(900);
  });
});
