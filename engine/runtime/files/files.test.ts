import { execFileSync } from "node:child_process";
import { existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isReleased, seal } from "../../phi/release.ts";
import type { Disposal, Inbox } from "../../sdk/index.ts";
import { systemClock, systemRandom } from "../clock.ts";
import { Files } from "./files.ts";
import { besideName, isSafeName } from "./safe-name.ts";

let base: string;
let files: Files;
let url: string;
const at = (...parts: string[]) => join(base, ...parts);
const put = (name: string, text: string) => writeFileSync(at("in", name), text);
const all = () => true;
const never = new AbortController().signal;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "sluice-files-")));
  for (const folder of ["project/secrets", "data", "in", "taken", "failed", "out", "outside"]) mkdirSync(at(folder), { recursive: true });
  url = `file://${at("out")}`;
  files = new Files({
    clock: systemClock,
    random: systemRandom,
    root: at("project"),
    data: at("data"),
    endpointOf: (_, id) => (id === "box" ? { id, url } : undefined),
    isReleased,
  });
});

afterEach(async () => {
  await files.close();
  rmSync(base, { recursive: true, force: true });
});

const open = () => files.inbox({ directory: at("in"), moveTo: at("taken"), errorTo: at("failed") });

async function only(inbox: Inbox) {
  const { files: found } = await inbox.list(all);
  const file = found[0] && (await inbox.open(found[0]));
  if (!file) throw new Error("nothing to take");
  return file;
}

describe("an inbox", () => {
  test("gives regular files with plain names and passes over everything else", async () => {
    put("b.hl7", "two");
    put("a.hl7", "one");
    put(".hidden", "x");
    put("line\nbreak", "x");
    mkdirSync(at("in/folder"));
    symlinkSync("/etc/passwd", at("in/link.hl7"));
    writeFileSync(at("outside/secret"), "not yours");
    linkSync(at("outside/secret"), at("in/second-name.hl7"));
    execFileSync("mkfifo", [at("in/pipe.hl7")]);
    const inbox = await open();
    const { files: found, skipped } = await inbox.list(all);
    expect(found.map(({ name }) => name).sort()).toEqual(["a.hl7", "b.hl7"]);
    expect(skipped).toBe(5);
    expect((await inbox.list((name) => name === "a.hl7")).skipped).toBe(0);
  });

  test("opens what was listed, and nothing that took its name since", async () => {
    put("a.hl7", "one");
    const inbox = await open();
    const found = (await inbox.list(all)).files[0];
    if (!found) throw new Error("nothing listed");
    for (const swap of [() => symlinkSync("/etc/passwd", at("in/a.hl7")), () => put("a.hl7", "other"), () => execFileSync("mkfifo", [at("in/a.hl7")]), () => {}]) {
      rmSync(at("in/a.hl7"), { force: true });
      swap();
      expect(await inbox.open(found)).toBeUndefined();
    }
    expect(await inbox.open({ ...found, name: "../outside/secret" }).catch((error) => error.code)).toBe("DIR-202");
  });

  test("reads what it opened, although the name is another file by now, and says that it changed", async () => {
    put("a.hl7", "0123456789");
    const file = await only(await open());
    expect(new TextDecoder().decode(await file.read(3, 4))).toBe("3456");
    expect((await file.read(8, 100)).length).toBe(2);
    expect(await file.unchanged()).toBe(true);
    writeFileSync(at("in/a.hl7"), "more", { flag: "a" });
    expect(await file.unchanged()).toBe(false);
    await file.close();
  });

  test.each<[Disposal, string]>([["move", "taken"], ["error", "failed"]])("%s keeps the name, and makes one where it is taken", async (how, folder) => {
    const inbox = await open();
    for (const text of ["one", "two"]) {
      put("a.hl7", text);
      const file = await only(inbox);
      await file.dispose(how);
      await file.close();
    }
    const names = readdirSync(at(folder)).sort();
    expect(names).toHaveLength(2);
    expect(names[1]).toBe("a.hl7");
    expect(names[0]).toMatch(/^a-[0-9a-f]{12}\.hl7$/);
    expect(names.map((name) => readFileSync(at(folder, name), "utf8")).sort()).toEqual(["one", "two"]);
    expect(readdirSync(at("in"))).toEqual([]);
  });

  test("delete deletes, archive moves into a folder of the day", async () => {
    const inbox = await open();
    put("a.hl7", "one");
    await (await only(inbox)).dispose("delete");
    put("b.hl7", "two");
    await (await only(inbox)).dispose("archive");
    expect(readdirSync(at("in"))).toEqual([]);
    const [day = ""] = readdirSync(at("taken"));
    expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(readFileSync(at("taken", day, "b.hl7"), "utf8")).toBe("two");
  });

  test("a file that took the name meanwhile is neither moved nor deleted", async () => {
    const inbox = await open();
    for (const how of ["delete", "move"] as const) {
      put("a.hl7", "one");
      const file = await only(inbox);
      renameSync(at("in/a.hl7"), at("outside", `mine-${how}`));
      put("a.hl7", "new");
      await file.dispose(how);
      expect(readFileSync(at("in/a.hl7"), "utf8")).toBe("new");
      expect(readdirSync(at("in"))).toEqual(["a.hl7"]);
      unlinkSync(at("in/a.hl7"));
      await file.dispose(how);
    }
    expect(readdirSync(at("taken"))).toEqual([]);
  });

  test("a crash in the middle of it: the file has its name again, and is the same file", async () => {
    put("a.hl7", "one");
    const inbox = await open();
    const { mark } = (await inbox.list(all)).files[0] ?? {};
    await inbox.close();
    renameSync(at("in/a.hl7"), at("in/.sluice-taken-0123456789ab-a.hl7"));
    const again = await open();
    expect((await again.list(all)).files).toMatchObject([{ name: "a.hl7", mark }]);
  });

  test("what cannot be moved stays", async () => {
    put("a.hl7", "one");
    const inbox = await files.inbox({ directory: at("in"), errorTo: at("failed") });
    await expect((await only(inbox)).dispose("move")).rejects.toMatchObject({ code: "DIR-107" });
    expect(readdirSync(at("in"))).toEqual(["a.hl7"]);
  });

  test("names written while a racing hand swaps them for links: nothing outside the folder is read or moved", async () => {
    writeFileSync(at("outside/secret"), "SECRET");
    const inbox = await open();
    const names = Array.from({ length: 20 }, (_, n) => `r${n}.hl7`);
    let go = true;
    const racer = (async () => {
      for (let n = 0; go; n++) {
        const name = at("in", names[n % names.length] ?? "");
        rmSync(name, { force: true });
        if (n % 3 === 0) symlinkSync(at("outside/secret"), name);
        else writeFileSync(name, `plain ${n}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const seen: string[] = [];
    for (let round = 0; round < 150; round++) {
      for (const found of (await inbox.list(all)).files) {
        const file = await inbox.open(found);
        if (!file) continue;
        seen.push(new TextDecoder().decode(await file.read(0, 100)));
        await file.dispose("delete").catch(() => undefined);
        await file.close();
      }
    }
    go = false;
    await racer;
    expect(seen.length).toBeGreaterThan(20);
    // A file may be met between its making and its first byte.
    expect(seen.filter((text) => !text.startsWith("plain ") && text !== "")).toEqual([]);
    expect(readFileSync(at("outside/secret"), "utf8")).toBe("SECRET");
  });
});

describe("folders that are refused", () => {
  const refused = (directory: string) => files.inbox({ directory, errorTo: at("failed") }).then(() => "open", (error) => error.code);

  test("missing, a file, a link", async () => {
    put("file", "x");
    symlinkSync(at("in"), at("link"));
    expect(await Promise.all([refused(at("nowhere")), refused(at("in/file")), refused(at("link"))])).toEqual(["DIR-101", "DIR-101", "DIR-101"]);
  });

  test("the engine's own and the project's, also by way of a link above them", async () => {
    symlinkSync(at("project"), at("alias"));
    for (const path of ["project", "project/secrets", "data", ".", "alias/secrets"]) expect([path, await refused(at(path))]).toEqual([path, "DIR-102"]);
    mkdirSync(at("project/inbox"));
    expect(await refused("inbox")).toBe("open");
  });

  test("a folder that was replaced is not used any more", async () => {
    const inbox = await open();
    renameSync(at("in"), at("old"));
    mkdirSync(at("in"));
    await expect(inbox.list(all)).rejects.toMatchObject({ code: "DIR-101" });
  });
});

describe("a file that is written", () => {
  const released = (fileName: string, text: string, path?: string, endpoint = "box") =>
    seal("partner", { endpoint, names: { fileName }, body: new TextEncoder().encode(text), ...(path === undefined ? {} : { path }) });
  const write = (...what: Parameters<typeof released>) =>
    files.forAttempt(never).write(released(...what), { mode: 0o600 }).catch((error) => [error.code, error.safe.sent]);

  test("is there whole under its name alone, with its mode", async () => {
    mkdirSync(at("out/a/b"), { recursive: true });
    expect(await write("m1.hl7", "text")).toBe("written");
    expect(await write("m2.hl7", "text", "/a/b")).toBe("written");
    expect(readdirSync(at("out")).sort()).toEqual(["a", "m1.hl7"]);
    expect(readFileSync(at("out/a/b/m2.hl7"), "utf8")).toBe("text");
    expect(statSync(at("out/m1.hl7")).mode & 0o777).toBe(0o600);
    expect(lstatSync(at("out/m1.hl7")).nlink).toBe(1);
  });

  test("never takes the place of another; the same bytes are seen as the same file", async () => {
    expect(await write("m1.hl7", "text")).toBe("written");
    expect(await write("m1.hl7", "text")).toBe("present");
    expect(await write("m1.hl7", "else")).toEqual(["DIR-203", false]);
    symlinkSync(at("outside/new"), at("out/m2.hl7"));
    expect(await write("m2.hl7", "text")).toEqual(["DIR-203", false]);
    expect(existsSync(at("outside/new"))).toBe(false);
    expect(readdirSync(at("out")).sort()).toEqual(["m1.hl7", "m2.hl7"]);
  });

  test("goes to the pinned folder alone", async () => {
    symlinkSync(at("outside"), at("out/way"));
    expect(await write("m1.hl7", "text", "/way")).toEqual(["DIR-101", undefined]);
    expect(await write("m1.hl7", "text", "/missing")).toEqual(["DIR-101", undefined]);
    expect(await write("../m1.hl7", "text")).toEqual(["DIR-202", false]);
    expect(await write("m1.hl7", "text", undefined, "other")).toEqual(["DIR-201", false]);
    expect(await files.forAttempt(never).write({ partner: "p", envelope: {} } as never, { mode: 0o600 }).catch((error) => error.code)).toBe("NET-201");
    for (const bad of ["http://127.0.0.1/x", "file:///srv/../etc", "file://host/x"]) {
      url = bad;
      expect(await write("m1.hl7", "text")).toEqual(["DIR-201", false]);
    }
    expect(readdirSync(at("outside"))).toEqual([]);
  });

  test("what an engine that died left behind goes after an hour", async () => {
    for (const name of [".sluice-unfinished-old", ".sluice-unfinished-new"]) writeFileSync(at("out", name), "half");
    const long = Date.now() / 1000 - 7200;
    utimesSync(at("out/.sluice-unfinished-old"), long, long);
    await write("m1.hl7", "text");
    expect(readdirSync(at("out")).sort()).toEqual([".sluice-unfinished-new", "m1.hl7"]);
  });
});

describe("names", () => {
  test.each(["a.hl7", "Ärzte 1.csv", "x".repeat(255)])("%s is safe", (name) => expect(isSafeName(name)).toBe(true));
  test.each(["", ".", "..", ".x", "a/b", "a\\b", "a\0b", "a\nb", "NUL", "com1.txt", "a.", "a ", "x".repeat(256), "\ud800"])("%j is not", (name) => expect(isSafeName(name)).toBe(false));

  test("a name beside one is safe, and another", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), (name) => {
        const beside = besideName(name, systemRandom);
        expect(isSafeName(beside)).toBe(true);
        expect(join("/folder", beside).startsWith("/folder/")).toBe(true);
        expect(beside).not.toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });
});
