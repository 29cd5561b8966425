import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Refusal } from "./boundary.ts";
import { createBoundary } from "./index.ts";
import { destination, envelope, label, partner, tree } from "./testing/given.ts";

const message = [
  "MSH|^~\\&|REG|NORTHSIDE|SLUICE|NORTHSIDE|20260321103000||ADT^A04|C7730021X|P|2.5.1",
  "PID|1||00090017734^^^NS^MR||Rivera-Okafor^Jane^Q||19800102|F|||12 Elm Street^Apt 9^Millbrook^MA^02139||(617) 555-0142^^^jane.rivera@mail.example|||||AC55209814412077|219-09-9998",
  "NK1|1|Le^Ma|SPO",
  "NK1|2|\u0418\u0432\u0430\u043d\u043e\u0432\u0430^\u0410\u043d\u043d\u0430|MTH",
  "NK1|3|Nowakski^Leon|MTH",
].join("\r");

const boundary = createBoundary();
const harvest = boundary.harvest(tree(message), "hl7v2");

function looked(body: string, over: Partial<Parameters<typeof label>[2]> = {}, level: "deidentified" | "limited" = "deidentified"): Refusal | undefined {
  return boundary.guard({ envelope: envelope(body), harvest, label: label(level, [], over), destination: destination({ sends: level }), partner: partner() });
}

const refused = (text: string) => looked(text)?.code;

describe("one name in many spellings", () => {
  test.each([
    ["case", "rIVERA-oKAFOR"], ["marks", "R\u00edv\u00e9r\u00e0 Okafor"], ["marks of their own", "Ri\u0301vera Okafor"], ["full width", "\uff32\uff49\uff56\uff45\uff52\uff41 Okafor"], ["mathematical letters", "\ud835\udc11\ud835\udc22\ud835\udc2f\ud835\udc1e\ud835\udc2b\ud835\udc1a Okafor"],
    ["zero width", "Ri\u200bve\u2060ra"], ["direction marks", "Ri\u202evera\u202c"], ["soft hyphens", "Ri\u00advera"], ["a filler", "Ri\u3164vera"],
    ["Cyrillic letters", "Riv\u0435r\u0430"], ["Greek letters", "\u039fk\u03b1f\u03bfr"], ["Armenian letters", "\u0585kaf\u0585r"], ["letters of phonetics", "Ri\u2c71era \u0280ivera"],
    ["punctuation", "R.i-v_e r/a"], ["neighbouring lines", "Ri\nvera"], ["neighbouring values", '{"a":"Ri","b":"vera"}'], ["an array", '["Ri","vera"]'], ["fields of HL7 v2", "X|Ri|vera|"],
    ["keys beside words of another alphabet", '{"event":1,"_\u0418\u0432\u0430":1,"_\u043d\u043e\u0432\u0430":1,"order":1}'], ["reversed", "rofakO"], ["reversed in a longer text", "the arevir of it"], ["a half of a double name", "Okafor"], ["the other order", "Okafor, Jane"], ["the initial and the family", "J. Rivera"],
    ["its own alphabet in capitals", "\u0418\u0412\u0410\u041d\u041e\u0412\u0410"],
  ])("%s", (_, text) => {
    expect(refused(text)).toBe("PHI-201");
  });
});

describe("one number in many forms", () => {
  test.each([
    ["with its zeros", "00090017734"], ["without them", "90017734"], ["parted by one sign", "900-177-34"], ["after a prefix", "urn:oid:1.2.3#MRN90017734"], ["after a word", "Patient/90017734"], ["in other digits", "\u0669\u0660\u0660\u0661\u0667\u0667\u0663\u0664"],
    ["in full width", "\uff19\uff10\uff10\uff11\uff17\uff17\uff13\uff14"], ["over fields", '{"a":"9001","b":"7734"}'], ["reversed", "43771009"], ["reversed, with zeros", "437710090000"], ["both halves of it", '{"a":"9001","note":"x","b":"y","c":"7734"}'],
    ["the half of a long one", "14412077"], ["the end of the SSN, and what it is", 'ssn last 4: 9998'], ["masked", "XXX-XX-9998"], ["the phone as a whole", "+16175550142"], ["the phone in its parts", "617/555-0142"], ["the local part of the mail", "jane.rivera"], ["with zeros before it", "00000090017734"], ["the street without its suffix", "12 ELM"], ["the street with a short one", "12 Elm St."], ["the ZIP reversed", "93120"], ["the birth date reversed", "20-10-0891"], ["the birth date in words, reversed", "0891 ,2 yraunaJ"], ["a day over two values", '{"a":"1980-0","b":"1-02"}'], ["the ZIP over two values", '{"a":"021","b":"39"}'], ["the ZIP with tabs", "0\t2\t1\t3\t9"],
  ])("%s", (_, text) => {
    expect(refused(text)).toBe("PHI-201");
  });
});

const birth = Date.UTC(1980, 0, 2);
describe("one day in twenty-four forms", () => {
  test.each([
    "19800102", "1980-01-02", "1980/01/02", "1980.01.02", "01/02/1980", "02/01/1980", "1/2/1980", "1/2/80", "02.01.1980", "2.1.80", "01-02-1980", "01021980", "02011980", "800102", "010280", "Jan 2, 1980", "January 2nd, 1980",
    "2 January 1980", "02-JAN-1980", "2JAN80", "1980-Jan-02", "1980-002", "1980002", "1980-W01-3", String(birth / 1000), String(birth), String(birth + 36_000_000), "19800102T1030", "1980-01-02T10:30:00Z", "the 2nd of January, 1980",
    "\uff11\uff19\uff18\uff10-01-02", "624512160000000000", "02Jan 1980", "Wed, 02 Jan 198000:00:00 GMT",
  ])("%s", (form) => {
    expect(refused(`{"x":"${form}"}`)).toBe("PHI-201");
  });
  test("in pieces that were set together, and not where years and amounts stand side by side by a policy", () => {
    expect(refused('{"x":"121980"}')).toBe("PHI-201");
    const kept = destination({ sends: "deidentified", deidentify: { method: "safe-harbor", dates: "year", ids: "surrogate" } });
    expect(boundary.guard({ envelope: envelope('{"a":1,"b":"2","c":"1980"}'), harvest, label: label("deidentified"), destination: kept, partner: partner() })).toBeUndefined();
    expect(boundary.guard({ envelope: envelope('{"x":"1\\n2\\n1980"}'), harvest, label: label("deidentified"), destination: kept, partner: partner() })).toBeUndefined();
  });
  test("nor two years side by side", () => {
    const own = boundary.harvest(tree("MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|1||66001||Sundqvist^Anna\rZZZ|20240120"), "hl7v2");
    const kept = destination({ sends: "deidentified", deidentify: { method: "safe-harbor", dates: "year", ids: "surrogate" } });
    const asked = (body: string, to = kept) => boundary.guard({ envelope: envelope(body), harvest: own, label: label("deidentified"), destination: to, partner: partner() })?.code;
    expect(asked("2001\n2024")).toBeUndefined();
    expect(asked("2001\n2024", destination({ sends: "deidentified" }))).toBe("PHI-201");
    expect(asked("20012024")).toBe("PHI-201");
  });
  describe("where a policy wrote the text, and the message itself holds the code,", () => {
    const kept = destination({ sends: "deidentified", deidentify: { method: "safe-harbor", dates: "year", ids: "surrogate" } });
    const born = (day: string, ...rest: string[]) => boundary.harvest(tree(["MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5", `PID|1||66001||Sundqvist^Anna||${day}||||^^^MA^02139`, ...rest].join("\r")), "hl7v2");
    const asked = (body: string, own: ReturnType<typeof born>, to = kept) => boundary.guard({ envelope: envelope(body), harvest: own, label: label("deidentified"), destination: to, partner: partner() })?.code;
    test.each([
      ["a year and a charge", "20181125", "2018\\n1125\\n1"], ["a year and a charge with cents", "20181125", "2018\\n112.5\\n1"], ["a result and a year", "20181125", "25.11\\n2018"],
      ["a year, a result below one", "20180522", "2018|0.522|"], ["three digits of a ZIP code and a quantity", "19600522", "MA|021|39|EA"],
      ["a year, the digits of a ZIP code and another year", "19600522", "1960\\n052\\n2023"], ["an amount around a year, as seconds since 1970", "19710826", "145.5\n2018\n145.5"],
    ])("pieces set together are no day: %s", (_, day, body) => {
      expect(asked(body, born(day))).toBeUndefined();
      expect(asked(body, born(day), destination({ sends: "deidentified" }))).toBe("PHI-201");
    });
    test.each([
      ["as seconds", "19710527", "44169009^^SCT"], ["as seconds from its end", "19721108", "44169009^^SCT"], ["as the six digits of a day", "20110602", "110602-0^^LN"],
    ])("a code with a check digit is no day %s", (_, day, code) => {
      const own = born(day, `OBX|1|CWE|${code}`);
      const body = `OBX|1|CWE|${code}`;
      expect(asked(body, own)).toBeUndefined();
      expect(asked(body, own, destination({ sends: "deidentified" }))).toBe("PHI-201");
      expect(asked(body, born(day))).toBe("PHI-201");
    });
    test("the end of a token of the engine's and the year behind it are no day", () => {
      const [token, own] = ["1b29665dc5facfab14a72038109b0330", born("20160330")];
      const to = { envelope: envelope(`${token}\n2016`), harvest: own, label: label("deidentified"), destination: kept, partner: partner() };
      expect(boundary.guard({ ...to, exempt: [token] })).toBeUndefined();
      expect(boundary.guard(to)?.code).toBe("PHI-201");
    });
    test("as it stands a day is one, and so is a number of the day that is no code", () => {
      for (const own of ["1960\n0522", "1960\n05\n22", "1960 1122", "1960/11/22"]) expect([own, asked(own, born(own.includes("11") ? "19601122" : "19600522"))]).toEqual([own, "PHI-201"]);
      expect(asked("44169010", born("19710527", "OBX|1|CWE|44169010^^SCT"))).toBe("PHI-201");
      // A code of SNOMED CT by its form and last digit.
      expect(asked("10012005", born("20051001", "OBX|1|CWE|10012005^^SCT"))).toBe("PHI-201");
    });
  });
  describe("that only a note tells of", () => {
    const noted = boundary.harvest(tree("MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|1||66001||Sundqvist^Anna\rNTE|1||Seen on 2023-02-05, born 1970-01-03"), "hl7v2");
    const asked = (text: string) => boundary.guard({ envelope: envelope(JSON.stringify({ x: text })), harvest: noted, label: label("deidentified"), destination: destination({ sends: "deidentified" }), partner: partner() })?.code;
    test("is read in whole days of seconds, however few digits they have", () => {
      expect(asked("172800")).toBe("PHI-201");
      expect(asked("172801")).toBeUndefined();
      expect(asked("259200")).toBeUndefined();
    });
    test.each(["visits.5.2..20.23", "visits.5.2..2023", "visits_5_2__2023"])("is read in what the parts of a name make together: %s", (topic) => {
      const head = (name: string) => boundary.guard({ envelope: envelope("{}", { names: { topic: name } }), harvest: noted, label: label("none"), destination: destination(), partner: partner() })?.code;
      expect(head(topic)).toBe("PHI-201");
      expect(head(topic.replace("5", "6"))).toBeUndefined();
      expect(asked("522023")).toBeUndefined();
    });
  });
  test.each(["1 January\n2 January 1980\n 1980", "dec 02-JAN-1980", "in June 2 January 1980"])("behind the name of another month: %s", (text) => {
    expect(refused(text)).toBe("PHI-201");
  });
  test("the number of a spreadsheet, but for parts of codes and of numbers with decimals", () => {
    expect(refused('{"x":29222,"y":"Jane"}')).toBe("PHI-201");
    expect(refused('{"x":29222}')).toBe("PHI-201");
    for (const other of ["29222-4", "29222.5", "1.29222", "29223"]) expect(refused(`{"x":"${other}"}`)).toBeUndefined();
  });
});

describe("a digest of a value", () => {
  const sums = ["md5", "sha1", "sha256", "sha512"];
  const values = ["219-09-9998", "219099998", "00090017734", "jane.rivera@mail.example", "Jane Rivera-Okafor", "jane rivera-okafor", "6175550142", "+16175550142", "1980-01-02"];
  test.each(sums.flatMap((sum) => values.map((value) => [sum, value] as const)))("%s of %s", (sum, value) => {
    const digest = createHash(sum).update(value);
    const hex = digest.copy().digest("hex");
    for (const form of [hex, hex.toUpperCase(), hex.slice(0, 16), digest.copy().digest("base64"), digest.digest("base64url")]) expect([form, refused(`{"h":"${form}"}`)]).toEqual([form, "PHI-201"]);
  });
  test("crc32, and md5 dressed as a UUID", () => {
    expect(refused(`{"h":"${crc32("jane.rivera@mail.example").toString(16).padStart(8, "0")}"}`)).toBe("PHI-201");
    const md5 = createHash("md5").update("219099998").digest("hex");
    expect(refused(`{"h":"${md5.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}"}`)).toBe("PHI-201");
  });
  test("in base64, whatever its signs part and whatever a part of it reads as by chance", () => {
    for (let i = 0; i < 300; i++) {
      const value = `MR${7_000_000 + i * 1237}`;
      const own = boundary.harvest(tree(`MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|1||${value}`), "hl7v2");
      const digest = createHash("sha256").update(value).digest();
      for (const text of [`{"h":"${digest.toString("base64")}"}`, `{"h":"x/${digest.toString("base64url")}"}`]) {
        expect([text, boundary.guard({ envelope: envelope(text), harvest: own, label: label("deidentified"), destination: destination({ sends: "deidentified" }), partner: partner() })?.code]).toEqual([text, "PHI-201"]);
      }
    }
  });
  test("of something else is none", () => {
    expect(refused(`{"h":"${createHash("sha256").update("other").digest("hex")}"}`)).toBeUndefined();
  });
  test("one among two hundred thousand words that could be one is found, and the others are read", () => {
    const words = "abcdefa7 ".repeat(200_000);
    expect(refused(words)).toBeUndefined();
    expect(refused(`${words}${createHash("md5").update("219099998").digest("hex")}`)).toBe("PHI-201");
  });
});

describe("what nobody can read", () => {
  const block = Buffer.from(Array.from({ length: 40 }, (_, i) => (Math.imul(i + 3, 2654435761) >>> 11) & 255)).toString("base64");
  test("does not leave", () => {
    expect(looked(`{"x":"${block}"}`)).toEqual({ code: "PHI-222", rule: "opaque", where: "body" });
  });
  test("but for what the engine made", () => {
    expect(boundary.guard({ envelope: envelope(`{"x":"${block}"}`), harvest, label: label("deidentified"), destination: destination({ sends: "deidentified" }), partner: partner(), exempt: [block] })).toBeUndefined();
  });
  test("nor what is packed too deep", () => {
    let text = "x".repeat(30);
    for (let i = 0; i < 8; i++) text = Buffer.from(text).toString("base64");
    expect(looked(text)).toEqual({ code: "PHI-221", rule: "depth", where: "body" });
  });
});

describe("identifiers of nobody in the message", () => {
  test("are known by their shape", () => {
    expect(looked('{"x":"call 415-555-0199"}')).toEqual({ code: "PHI-223", rule: "phone", where: "body" });
    expect(looked('{"x":"2024-05-05"}')).toEqual({ code: "PHI-223", rule: "date", where: "body" });
  });
  test("toward a limited data set days, ages and ZIP codes may stand, and phones may not", () => {
    expect(looked('{"d":"2024-05-05","age":93,"zip":"44601"}', {}, "limited")).toBeUndefined();
    expect(looked('{"x":"call 415-555-0199"}', {}, "limited")).toMatchObject({ code: "PHI-223" });
  });
  test("what an expert determined may hold days", () => {
    const asked = { envelope: envelope('{"d":"2024-05-05"}'), harvest, label: label("deidentified", [], { method: "expert:E-1" }), partner: partner() };
    const spec = (dates: "shift" | "year") => destination({ sends: "deidentified", deidentify: { method: "expert", dates, ids: "surrogate" } });
    expect(boundary.guard({ ...asked, destination: spec("shift") })).toBeUndefined();
    expect(boundary.guard({ ...asked, destination: spec("year") })).toMatchObject({ code: "PHI-223", rule: "date" });
  });
});

describe("what is no identifier passes:", () => {
  test.each([
    ["two short names as one word", '{"sex":"male","x":"female"}'], ["a short number over fields", '{"a":[0,21,39]}'], ["the end of the SSN alone", '{"count":9998}'], ["one half of a short number", '{"a":9001}'], ["a short reversed word", '{"a":"noel enaj"}'],
    ["a given name", '{"x":"jane"}'], ["a day of another year", '{"x":"1980","y":"1981"}'], ["a UUID with the digits of a day", '{"x":"20240505-52aa-4be1-9f0e-77aa41c2d2f3"}'],
  ])("%s", (_, text) => {
    expect(looked(text)).toBeUndefined();
  });
  test("two short names beside each other do not", () => {
    expect(refused('{"x":"Ma Le"}')).toBe("PHI-201");
    expect(refused('{"x":"maLe"}')).toBe("PHI-201");
  });
});

describe("toward a recipient of limited data", () => {
  test.each(["Rivera", "Okafor, J.", "Nowakski", "Anna \u0418\u0432\u0430\u043d\u043e\u0432\u0430", "12 Elm St", "219099998"])("names, streets and numbers do not stand: %s", (text) => {
    expect(looked(JSON.stringify({ x: text }), {}, "limited")?.code).toBe("PHI-201");
  });
  test.each(["1980-01-02", "02139", "Millbrook", "MA"])("days and places do: %s", (text) => {
    expect(looked(JSON.stringify({ x: text }), {}, "limited")).toBeUndefined();
  });
});

describe("a surname that is a word of the format", () => {
  const named = boundary.harvest(tree("MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|1||66001||Code^Anna"), "hl7v2");
  const asked = (body: string) => boundary.guard({ envelope: envelope(body), harvest: named, label: label("deidentified"), destination: destination({ sends: "deidentified" }), partner: partner() })?.code;
  test("blocks no body that has the word", () => {
    expect(asked('{"status":"final","code":{"text":"718-7"}}')).toBeUndefined();
  });
  test("is a name beside the given one", () => {
    expect(asked('{"x":"Anna Code"}')).toBe("PHI-201");
  });
  test.each(['{"event":"visit","code":1}', '{"event":"visit","partCode":1,"codeOf":2}', '{"Event":"visit","Code":1}', '{"EVENT":"visit","CODE":1}', '{"_code":{"a":1}}', '{"event":"visit","a_code":1}'])("is a word of a key that is written as keys are: %s", (body) => {
    expect(asked(body)).toBeUndefined();
  });
  test.each(["Code", "CODE", "edoC", "c.o.d.e", "C o d e", "cOdE", "C\u200bode", "ref_A_Code_x9", "Code, A"])("is a name in a key of somebody's own: %s", (key) => {
    expect(asked(JSON.stringify({ event: "visit", [key]: 1 }))).toBe("PHI-201");
  });
  test.each(['{"event":"visit","a":"Co","b":"de"}', '{"event":"visit","_Co":1,"_de":1}', "event=visit&a=Co&b=de", '<v a="Co" b="de"/>', '{"event":"decode","a":"Co","b":"de"}'])("is a name that was cut: %s", (body) => {
    expect(asked(body)).toBe("PHI-201");
  });
  test.each(["Code", "CODE", "A. Code", "Code, A", Buffer.from("Code, A").toString("base64")])("is a name where no format has a word: %s", (text) => {
    expect(asked(JSON.stringify({ x: text }))).toBe("PHI-201");
  });
  test("and in a head, but for what is configured and the type that a path begins with", () => {
    const patient = boundary.harvest(tree("MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|1||66001||Encounter^Anna"), "hl7v2");
    const head = (path: string, options = {}) => boundary.guard({ envelope: envelope("{}", { path }), harvest: patient, label: label("none"), destination: destination({ options: { endpoint: "api", ...options } }), partner: partner() })?.code;
    expect(head("/events/Encounter")).toBe("PHI-201");
    expect(head("/Encounter/5a0c9e6d41f27b8390d6e1c4a7f35b28")).toBeUndefined();
    expect(head("/x-encounter/y", { path: "/x-encounter" })).toBeUndefined();
  });
});

describe("short numbers in what the engine made", () => {
  const token = "48b02139fd8c2c8f05d1a4e9786bbf82";
  const asked = (body: string, exempt: readonly string[]) =>
    boundary.guard({ envelope: envelope(body), harvest, label: label("deidentified", [], { method: "safe-harbor" }), destination: destination({ sends: "deidentified", deidentify: { method: "safe-harbor", dates: "year", ids: "surrogate" } }), partner: partner(), exempt })?.code;
  test.each([token, token.slice(0, 20), token.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")])("say nothing in a token, cut or dressed: %s", (text) => {
    expect(asked(`{"x":"${text}"}`, [token])).toBeUndefined();
  });
  test("and are found in a token of somebody else's, and beside one", () => {
    expect(asked(`{"x":"${token}"}`, [])).toBe("PHI-201");
    expect(asked(`{"x":"${token}","y":"02139"}`, [token])).toBe("PHI-201");
  });
});
