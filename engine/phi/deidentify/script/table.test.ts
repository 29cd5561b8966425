import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../../../../schemas/deidentify/make-script.ts";
import { parseScript } from "../../../codec/index.ts";
import { structures } from "../../../codec/script/structures.ts";
import { context, type Given } from "../given.fixture.ts";
import { script } from "./index.ts";
import { rows } from "./table.ts";

const planted = {
  word: (n: number) => `Qzvxk${n}Jwq`,
  digits: (n: number) => `9${String(n).padStart(3, "0")}7731046`,
  ssn: (n: number) => `9${String(n % 100).padStart(2, "0")}-47-86${String((n % 90) + 10)}`,
  date: (n: number) => `1977-${String((n % 9) + 1).padStart(2, "0")}-${String((n % 18) + 10)}`,
  symbols: (n: number) => `Ö'Vxk-${n}/Qz`,
} as const;

type Kind = keyof typeof planted;
const kinds = Object.keys(planted) as Kind[];

/** Elements that lead from the root to one of each type: where there is a way on which nothing is removed, that one. */
const ways = new Map<string, readonly string[]>([["Message", ["Message"]]]);
for (const isOpen of [true, false]) {
  for (const [type, way] of ways) {
    for (const [name, place] of structures.get(type)?.places ?? []) {
      if (structures.has(place.type) && !ways.has(place.type) && (!isOpen || rows.get(`${type}/${name}`)?.safeHarbor.action === "in")) ways.set(place.type, [...way, name]);
    }
  }
}

interface Planted {
  readonly text: string;
  readonly values: readonly { readonly kind: Kind; readonly value: string }[];
}

/** A message with values at one place: as text, in an attribute, in elements inside and in elements that nobody knows; one of each kind, `first` first. */
function plant(place: string, first: Kind): Planted {
  const [type = "", element = ""] = place.split("/");
  const values: { kind: Kind; value: string }[] = [];
  const next = (kind: Kind) => {
    const value = planted[kind](values.length + 1);
    values.push({ kind, value });
    return value;
  };
  const inner = structures.get(type)?.places.get(element)?.type ?? "";
  const below = [...(structures.get(inner)?.places.keys() ?? ["Code", "Qualifier", "Text"])];
  const order = [first, ...kinds.filter((kind) => kind !== first)];
  const pieces = order.flatMap((kind) => [
    `<${element} Qualifier="${next(kind)}" Id="${next(kind)}">${next(kind)}</${element}>`,
    `<${element}>${next(kind)}${below.filter((name) => !structures.has(structures.get(inner)?.places.get(name)?.type ?? "")).map((name) => `<${name}>${next(kind)}</${name}>`).join("")}<Unheard>${next(kind)}</Unheard></${element}>`,
  ]);
  const way = ways.get(type) ?? [];
  const inside = way.slice(1).reduceRight((text, name) => `<${name}>${text}</${name}>`, pieces.join(""));
  // Beside it a transaction, where it is none itself.
  const rest = way[1] === "Body" ? "" : "<Body><Status><Code>000</Code></Status></Body>";
  return { text: `<Message version="2017071">${inside}${rest}</Message>`, values };
}

function lowered(text: string, over: Given = {}): string {
  try {
    return script.deidentify(text, context({ ...script.patientOf(parseScript(text)), ...over }));
  } catch {
    // Refused is nothing that leaves.
    return "";
  }
}

const all = [...rows.keys()].filter((place) => !/^(?:ds|Message)\//.test(place));

describe("the table of SCRIPT", () => {
  it("has a row for every element of every type, and each can be reached", () => {
    const places = [...structures.values()].flatMap(({ name, places: each }) => [...each.keys()].map((element) => `${name}/${element}`));
    expect([...rows.keys()].sort()).toEqual(places.sort());
    expect([...structures.keys()].filter((type) => !ways.has(type))).toEqual([]);
    expect(all.length).toBeGreaterThan(500);
  });
  it("is what its rules make", () => {
    expect(() => execFileSync(process.execPath, ["schemas/deidentify/make-script.ts", "--check"])).not.toThrow();
  });
  it("two rules for one element, a rule of no element and a rule without actions stop the making", () => {
    expect(() => rowsOf([["Header/To", "R", "rm", "rm"], ["Header/To Header/From", "R", "rm", "rm"]])).toThrow("two rules for Header/To");
    expect(() => rowsOf([["Header/Too", "R", "rm", "rm"]])).toThrow("Header/Too is no element");
    expect(() => rowsOf([["Header/To", "R", "rm"]])).toThrow("class and two actions");
  });
});

describe.each(kinds)("a value at every place, %s first", (first) => {
  it("Safe Harbor lets none stand", () => {
    const left = all.flatMap((place) => {
      const { text, values } = plant(place, first);
      const out = lowered(text).toLowerCase();
      return values.filter(({ value }) => out.includes(value.toLowerCase())).map(({ value }) => `${place} ${value}`);
    });
    expect(left).toEqual([]);
  });
  it("a limited data set lets dates stand where its column says so, and nothing else", () => {
    const wrong = all.flatMap((place) => {
      const { text, values } = plant(place, first);
      const out = lowered(text, { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } }).toLowerCase();
      const left = values.filter(({ value }) => out.includes(value.toLowerCase()));
      return left.filter(({ kind }) => kind !== "date").map(({ value }) => `${place} ${value}`);
    });
    expect(wrong).toEqual([]);
    const dated = [...rows].filter(([, { limited }]) => limited.action === "date" || limited.action === "birth").map(([place]) => place);
    expect(dated.length).toBeGreaterThan(3);
    for (const place of dated) expect(lowered(plant(place, "date").text, { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } }), place).toContain("1977-");
  });
});

describe("what stands", () => {
  const text = `<Message version="20170715"><Header><To>0999999</To><MessageID>M1</MessageID></Header><Body><NewRx><Patient><HumanPatient><Identification><MedicalRecordIdentificationNumberEHR>90017734</MedicalRecordIdentificationNumberEHR></Identification>
    <Name><LastName>Rivera</LastName><FirstName>Jane</FirstName></Name><Gender>F</Gender><DateOfBirth><Date>1980-01-02</Date></DateOfBirth><Address><AddressLine1>4 Elm St</AddressLine1><City>Millbrook</City><StateProvince>MA</StateProvince><PostalCode>02139</PostalCode></Address></HumanPatient></Patient>
    <MedicationPrescribed><DrugDescription>Example 5 MG</DrugDescription><DrugCoded><ProductCode><Code>00999000101</Code><Qualifier>ND</Qualifier></ProductCode><DEASchedule><Code>C48677</Code></DEASchedule></DrugCoded><Quantity><Value>30</Value></Quantity><WrittenDate><Date>2026-03-09</Date></WrittenDate>
    <Diagnosis><Primary><Code>E119</Code><Qualifier>ABF</Qualifier><Description>Jane's sugar</Description></Primary></Diagnosis><Sig><SigText>for Jane</SigText></Sig></MedicationPrescribed></NewRx></Body></Message>`;
  it("under Safe Harbor: state, three digits of the ZIP, years and codes", () => {
    const out = parseScript(lowered(text));
    const at = (...paths: string[]) => paths.map((path) => out.get(path));
    expect(at("patient.gender", "patient.birthDate", "patient.address.state", "patient.address.zip", "patient.address.city")).toEqual(["F", "1980", "MA", "021", ""]);
    expect(at("drug.code", "drug.schedule", "drug.quantity", "drug.written", "Primary/Code", "drug.description", "drug.sig")).toEqual(["00999000101", "C48677", "30", "2026", "E119", "", ""]);
    expect(out.get("patient.mrn")).not.toBe("90017734");
    expect(out.get("patient.mrn")).not.toBe("");
    expect(out.toString()).not.toMatch(/Rivera|Jane|0999999|M1|Elm/);
  });
  it("in a limited data set: the town, the ZIP and the dates too", () => {
    const out = parseScript(lowered(text, { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } }));
    expect(["patient.birthDate", "patient.address.zip", "patient.address.city", "drug.written"].map((path) => out.get(path))).toEqual(["1980-01-02", "02139", "Millbrook", "2026-03-09"]);
  });
  it("a message of another version, or of nothing that stands, is refused", () => {
    for (const wrong of [text.replace("20170715", "10.6"), text.replaceAll("NewRx", "OtherRx"), text.replace("</NewRx>", "</NewRx><CancelRx><Patient><HumanPatient><Gender>F</Gender></HumanPatient></Patient></CancelRx>")]) expect(() => script.deidentify(wrong, context())).toThrow(/PHI-23[01]/);
  });
});

describe("what the guard looks at beside the policy's own words", () => {
  const of = (text: string, raw = text) => script.beyondVocabulary?.(text, parseScript(raw), { method: "safe-harbor" });
  const lone = (inside: string) => `<Message version="2017071"><Header/><Body><NewRx>${inside}</NewRx></Body></Message>`;
  const coded = lone("<MedicationPrescribed><DrugCoded><ProductCode><Code>00999000101</Code><Qualifier>ND</Qualifier></ProductCode></DrugCoded><DaysSupply>30</DaysSupply></MedicationPrescribed>");
  it("is each value that is no code of a set, no code of the raw message and no state", () => {
    expect(of(lowered(coded), coded)?.split("\n")).toEqual(["30"]);
    expect(of(lowered(coded), lone(""))?.split("\n")).toEqual(["00999000101", "30"]);
    const all = lone("<Patient><HumanPatient><Gender>F</Gender><Address><StateProvince>MA</StateProvince><PostalCode>02139</PostalCode></Address></HumanPatient></Patient>");
    expect(of(lowered(all), all)?.split("\n")).toEqual(["021"]);
  });
  it("nothing is left out of a text that somebody else wrote", () => {
    const written = lowered(coded);
    for (const other of [written.replace("<NewRx>", "<NewRx by='x'>"), written.replace("<NewRx>", "<NewRx><!--x-->"), written.replace("DaysSupply", "Other").replace("/DaysSupply", "/Other"), written.replaceAll("2017071", "20170719"), "<a/>"]) expect(of(other, coded)).toBeUndefined();
  });
});
