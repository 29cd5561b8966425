import { describe, expect, it } from "vitest";
import { parseHl7 } from "../../../codec/index.ts";
import { registration } from "../../testing/given.ts";
import { type Given, lowered } from "../given.fixture.ts";

const limited: Given = { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } };
const moved: Given = { spec: { method: "expert", dates: "shift", ids: "pseudonym" } };
const message = (...segments: string[]) => ["MSH|^~\\&|LIS|NORTHSIDE|||20261120103000-0500||ORU^R01^ORU_R01|C7730021|P|2.5.1", ...segments].join("\r");
const pid = (birth = "19800102") => `PID|1||90017734^^^NS^MR||Rivera^Jane||${birth}|F`;
const lines = (text: string) => text.trimEnd().split("\r");
const obx = (rest: string, given?: Given, birth?: string) => lines(lowered(message(pid(birth), `OBX|1|${rest}`), given)).slice(2);

describe("a registration", () => {
  it("Safe Harbor", () => {
    expect(lines(lowered(registration))).toEqual([
      "MSH|^~\\&|SLUICE||||2026||ADT^A04|token-acme-message-f|P|2.5.1",
      "EVN|A04|2026", "PID|1||token-acme-patient of northside-kept||||1980|F|||^^^MA^021", "PV1|1|E|||||||||||||||||token-acme-visit of northside-kept", "IN1|1||||||||||||||||SEL",
    ]);
  });
  it("a limited data set keeps dates, the town and the ZIP code", () => {
    expect(lines(lowered(registration, limited)).slice(1, 3)).toEqual(["EVN|A04|20261121103000", "PID|1||token-acme-patient of northside-kept||||19800102|F|||^^Millbrook^MA^02139"]);
  });
  it("with moved dates every date moves as far, no time of day stays, and what is about when the message was sent is left out", () => {
    const [msh, evn, patient] = lines(lowered(registration, moved));
    expect(msh).toContain("MSH|^~\\&|SLUICE||||||ADT^A04|");
    expect(evn).toBe("EVN|A04");
    const order = lines(lowered(message(pid(), "ORC|RE||||||||20261120", "OBR|1|||2345-7^^LN|||20261118|||||||||||||||20261120"), moved));
    expect(order.slice(2)).toEqual(["ORC|RE", "OBR|1|||2345-7^^LN|||20270226"]);
    expect(patient).toContain("|pseudonym-northside-acme-patient||||19800411|F");
  });
  it("without a patient no date moves, and none stays", () => {
    expect(lowered(message("EVN|R01|20261120"), moved)).not.toMatch(/2026|2027/);
  });
});

describe("patients over 89", () => {
  it.each([88, 89, 90, 91, 95, 99, 100, 104])("%i years old", (age) => {
    const out = lowered(message(pid(`${2026 - age}0102`), `OBX|1|NM|30525-0^Age^LN||${age}|a|||||F`, `DG1|1||E11.9^^I10||${2026 - age}0601`));
    expect(out.includes(`|${2026 - age}`)).toBe(age < 90);
    expect(out).toContain(age < 90 ? `|NM|30525-0^^LN||${age}|a` : "|SN|30525-0^^LN||>=^90|a");
  });
  it("a patient who stands after the observations is theirs too", () => {
    const text = message("OBX|1|NM|30525-0^Age^LN||60|a", pid("19350102"));
    expect(lowered(text, { patient: undefined, birth: undefined } as never)).toContain("OBX|1||30525-0^^LN||");
  });
  it("a year that the birth year would not say is kept, one that says the age is not", () => {
    expect(lowered(message(pid("19350102"), "PR1|1||1^^L||19340101", "PR1|2||99213^^C4||19990101"))).toMatch(/PR1\|2\|\|99213\^\^C4\|\|1999/);
    expect(lowered(message(pid("19350102"), "DG1|1||E11.9^^I10||1935"))).toMatch(/DG1\|1\|\|E11\.9\^\^I10\r/);
  });
});

describe("observations", () => {
  it("findings stay with their codes, numbers, units and ranges", () => {
    expect(obx("NM|2345-7^Glucose^LN^GLU^Glucose^L||101|mg/dL^milligrams^UCUM|70-99|H|||F|||20261120|LAB^Northside")).toEqual(["OBX|1|NM|2345-7^^LN||101|mg/dL|70-99|H|||F|||2026"]);
    expect(obx("SN|33914-3^GFR^LN||>^60|mL/min/{1.73_m2}")).toEqual(["OBX|1|SN|33914-3^^LN||>^60|mL/min/{1.73_m2}"]);
    expect(obx("CWE|11475-1^Organism^LN||112283007^E. coli^SCT^ECO^Coli^L")).toEqual(["OBX|1|CWE|11475-1^^LN||112283007^^SCT"]);
    expect(obx("NM|GLU^Glucose^L^2345-7^Glucose^LN||101")).toEqual(["OBX|1|NM|^^^2345-7^^LN||101"]);
  });
  it.each(["ST", "TX", "FT", "ED", "RP", "XPN", "CX", "XAD", "XTN", "XCN", "CF", "HD", "EI", "", "Q"])("a value of type %s goes", (type) => {
    expect(obx(`${type}|2345-7^^LN||Jane Rivera^90017734`)).toEqual(["OBX|1||2345-7^^LN"]);
  });
  it("a local code or none, and an observation that is an identifier, take the whole segment", () => {
    for (const rest of ["NM|GLU^Glucose^L||101", "NM|||101", "NM|2345-7^^||101", "NM|45396-9^SSN^LN||999123456", "CWE|54125-0^Name^LN||22298006^^SCT", "TX|X^^L^45394-4^^LN||Rivera"]) expect(obx(rest)).toEqual([]);
  });
  it("dates by what they are of", () => {
    expect(obx("DT|8665-2^LMP^LN||20260801")).toEqual(["OBX|1|DT|8665-2^^LN||2026"]);
    expect(obx("DT|8665-2^LMP^LN||20260801", limited)).toEqual(["OBX|1|DT|8665-2^^LN||20260801"]);
    expect(obx("DT|21112-8^Birth^LN||19360102", {}, "")).toEqual(["OBX|1||21112-8^^LN"]);
    expect(obx("TM|2345-7^^LN||1030")).toEqual(["OBX|1||2345-7^^LN"]);
  });
  it("numbers as long as those of people go", () => {
    for (const value of ["999123456", "6175550142", "12345678901", "1e5", "12 Elm"]) expect(obx(`NM|2345-7^^LN||${value}`)).toEqual(["OBX|1||2345-7^^LN"]);
  });
});

describe("what is not of the version or not of the standard", () => {
  it("goes: segments of a site's own, fields beyond, segments that came later", () => {
    const out = lowered(message(pid(), "ZPX|1|Mulberry", `PV1|1|E${"|".repeat(60)}Rivera`, "PRT|1|AD|||AP", "NTE|1||Called Jane", "NK1|1|Rivera^Tomas|SPO", "rubbish Jane", "OBXJane|1"));
    expect(lines(out).slice(1)).toEqual(["PID|1||token-acme-patient of northside-kept||||1980|F", "PV1|1|E"]);
  });
  it("a limited data set keeps how a relative is related", () => {
    expect(lowered(message(pid(), "NK1|1|Rivera^Tomas|SPO^Spouse^HL70063"), limited)).toContain("NK1|||SPO\r");
  });
  it("delimiters and line ends are the engine's own", () => {
    const odd = "MSH#*!$%#LIS######ORU*R01#C1#P#2.5.1\nPID#1##4711*x!4712*y##Rivera*Jane##19800102#F";
    expect(lowered(odd)).toBe("MSH|^~\\&|SLUICE||||||ORU^R01|token-acme-message-f|P|2.5.1\rPID|1||token-acme-patient of northside-kept||||1980|F\r");
  });
});

describe("several at once", () => {
  const shifts: Given = { ...moved, mint: { surrogate: () => "t", pseudonym: (_, __, ___, value) => `p${value.replaceAll("^", "-")}`, shiftDays: (_, __, patient) => (patient === "1^^^NS" ? 10 : 20) } };
  it("each patient's dates move by their own days", () => {
    const out = lowered(message("PID|1||1^^^NS^MR||||19800101", "DG1|1||E11.9^^I10||20260101", "PID|2||2^^^NS^MR||||19900101", "DG1|1||E11.9^^I10||20260101"), shifts);
    expect(lines(out).slice(1)).toEqual(["PID|1||p1---NS||||19800111", "DG1|1||E11.9^^I10||20260111", "PID|2||p2---NS||||19900121", "DG1|1||E11.9^^I10||20260121"]);
  });
  it("each message of a batch by itself, without its envelope", () => {
    const out = lowered(`BHS|^~\\&|NORTHSIDE\r${message(pid())}\r${message(pid("19350102"))}\rBTS|2|Northside`);
    expect(parseHl7(out).messages).toBe(2);
    expect(out.match(/^PID.*$/gm)?.map((line) => line.includes("1980"))).toEqual([true, false]);
    expect(out.toUpperCase()).not.toContain("NORTHSIDE|");
  });
  it("of several numbers the medical record's is the patient", () => {
    const out = lowered(message("PID|1||77^^^X^SS~4711^^^NS^MR"), { ...moved, patient: "4711", mint: { ...(shifts.mint as NonNullable<Given["mint"]>) } });
    expect(out).toContain("PID|1||p4711---NS\r");
  });
});
