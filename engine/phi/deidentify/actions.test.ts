import { describe, expect, it } from "vitest";
import { mint } from "../testing/given.ts";
import { age, codeSystem, date, id, latestOf, year, zip3, zip5 } from "./actions.ts";
import type { DeidentifyContext } from "./context.ts";

const now = Date.UTC(2026, 10, 22, 12);
const safeHarbor = { method: "safe-harbor", dates: "year", ids: "surrogate" } as const;
const context = (over: Partial<DeidentifyContext> = {}): DeidentifyContext => ({ spec: safeHarbor, owner: "northside", partner: "acme", patient: "4711", now, mint, ...over });
const shifting = { spec: { method: "expert", dates: "shift", ids: "pseudonym" } } as const;

describe("years and ages over 89", () => {
  it.each([88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104])("a patient of %i", (old) => {
    const born = context({ birth: `${2026 - old}0102` });
    expect(year(born.birth ?? "", born, "birth")).toBe(old < 90 ? String(2026 - old) : undefined);
    expect(age(old, born)).toBe(old < 90 ? String(old) : "90+");
    expect(year("20261121", born)).toBe("2026");
    // An age at an earlier event, beside the event's year, says how old somebody over 89 is now.
    expect(age(60, born)).toBe(old < 90 ? "60" : undefined);
  });
  it("who turns 90 this year loses the birth year, and not yet the age", () => {
    const born = context({ birth: "19361231" });
    expect(year("19361231", born, "birth")).toBeUndefined();
    expect(age(89, born)).toBe("89");
    expect(age(89, context({ birth: "19361123" }))).toBeUndefined();
    expect(age(89, context({ birth: "19361124" }))).toBe("89");
  });
  it("what is unknown of a birth date counts as the earliest", () => {
    expect(age(50, context({ birth: "1936" }))).toBeUndefined();
    expect(age(50, context({ birth: "193612" }))).toBe("50");
    expect(age(50, context({ birth: "193611" }))).toBeUndefined();
  });
  it("the 29th of February", () => {
    const leap = { birth: "19360229" };
    expect(age(89, context({ ...leap, now: Date.UTC(2026, 1, 27, 9) }))).toBe("89");
    expect(age(89, context({ ...leap, now: Date.UTC(2026, 1, 28, 0) }))).toBeUndefined();
    expect(date("20240229", context({ ...shifting, mint: { ...mint, shiftDays: () => 366 } }))).toBe("20250301");
    expect(date("20230301", context({ ...shifting, mint: { ...mint, shiftDays: () => 365 } }))).toBe("20240229");
  });
  it("ages count from the latest date of the record when that is later", () => {
    expect(age(89, context({ birth: "19370601", latest: "20270701" }))).toBeUndefined();
    expect(year("1937", context({ birth: "19370601", latest: "20270701" }), "birth")).toBeUndefined();
    expect(age(60, context({ birth: "19800101", latest: "20990101" }))).toBe("60");
  });
  it("an age without a birth date grows with the years since the record", () => {
    expect(age(85, context({ latest: "20150101" }))).toBeUndefined();
    expect(age(70, context({ latest: "20150101" }))).toBe("70");
    expect(age(85, context())).toBe("85");
  });
  it("ages in other units", () => {
    expect([age(1080, context(), "mo"), age(24, context(), "mo"), age(39, context(), "wk"), age(40, context(), "parsec"), age("old", context())]).toEqual(["90+", "24", "39", undefined, undefined]);
  });
  it("a year that says an age over 89 by itself, or beside the birth year", () => {
    expect(year("1936", context())).toBeUndefined();
    expect(year("1937", context())).toBe("1937");
    expect(year("2030", context({ birth: "19380101" }))).toBeUndefined();
  });
  it("what is no date leaves nothing", () => {
    for (const value of ["", "Jane", "19", "2026-13-01", "Jane 1980", "99999999", "1980x"]) expect(year(value, context())).toBeUndefined();
  });
});

describe("dates", () => {
  it("are years under Safe Harbor, whatever the settings say", () => {
    const loose = context({ spec: { method: "safe-harbor", dates: "keep", ids: "remove" } });
    expect([date("20260102030405.6-0500", loose), date("2026-01-02T03:04:05Z", loose), date("2026-01", loose)]).toEqual(["2026", "2026", "2026"]);
  });
  it("move by whole days, lose the time of day, and stay as far apart as they were", () => {
    const given = context(shifting);
    expect([date("20260101", given), date("2026-01-01T10:00:00Z", given), date("202601", given), date("2026", given)]).toEqual(["20260411", "2026-04-11", "202604", "2026"]);
    expect(date("20260101", context({ ...shifting, patient: undefined } as never))).toBeUndefined();
  });
  it("move for nobody over 89 where the birth date is concerned", () => {
    expect(date("19300101", context({ ...shifting, birth: "19300101" }), "birth")).toBeUndefined();
  });
  it("stay in a limited data set, and nothing beside them", () => {
    const limited = context({ spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } });
    expect([date("20260102030405-0500", limited), date("1931-05-06", limited, "birth"), date("20260102 Jane", limited)]).toEqual(["20260102030405-0500", "1931-05-06", undefined]);
  });
  it("the latest of a record", () => {
    expect(latestOf(["1980", "nobody", "2026-11-21T10:00", "20261120"])).toBe("20261121");
    expect(latestOf([])).toBeUndefined();
  });
});

describe("ZIP codes", () => {
  it.each([
    ["02139", "021"], ["2139", "021"], ["02139-4307", "021"], ["021394307", "021"], ["21394307", "021"], ["021 39", "021"], [" 02139 ", "021"], ["02139 4307", "021"],
    ["03601", "000"], ["036 01", "000"], ["3601", "000"], ["82101", "000"], ["59012", "590"], ["06390", "000"], ["00000", "000"], ["601", "006"],
    ["09012", "000"], ["34002", "000"], ["96201", "000"], ["96910", "000"],
  ])("%s becomes %s", (zip, prefix) => expect(zip3(zip)).toBe(prefix));
  it.each(["SW1A 1AA", "K1A 0B1", " SW1A 1AA", "", "02", "Jane", "021390", "０２１３９", "02139x"])("%s is none", (zip) => expect(zip3(zip)).toBeUndefined());
  it("another country's are none", () => {
    expect([zip3("10115", "DE"), zip3("10115", "DEU"), zip3("02139", "USA"), zip3("02139", "us")]).toEqual([undefined, undefined, "021", "021"]);
  });
  it("stay whole in a limited data set", () => expect([zip5("2139-4307"), zip5("SW1A 1AA")]).toEqual(["02139", undefined]));
});

describe("codes", () => {
  it.each([
    ["2345-7", "LN", "LN"], ["2345-7", "http://loinc.org", "LN"], ["22298006", "SCT", "SCT"], ["E11.9", "I10", "I10"], ["250.00", "I9", "I9"], ["2106-3", "HL70005", "CDCREC"], ["08", "CVX", "CVX"],
  ])("%s of %s may stand", (code, system, name) => expect(codeSystem(code, system)).toBe(name));
  it.each([["2345-8", "LN"], ["22298007", "SCT"], ["Rivera", "LN"], ["2345-7", "L"], ["2345-7", ""], ["Jane", "I10"], ["999-12-3456", "LN"], ["4711-1", "HL70005"], ["toString", "constructor"]])("%s of %s may not", (code, system) =>
    expect(codeSystem(code, system)).toBeUndefined(),
  );
});

describe("ids", () => {
  it("are what the settings say, and never a pseudonym under Safe Harbor", () => {
    const ids = (spec: DeidentifyContext["spec"]) => id(" 4711 ", "patient", context({ spec }));
    expect(ids(safeHarbor)).toBe("token-acme-patient of northside-kept");
    expect(ids({ ...safeHarbor, ids: "remove" })).toBeUndefined();
    expect(ids({ ...safeHarbor, ids: "pseudonym" })).toBeUndefined();
    expect(ids({ method: "expert", dates: "shift", ids: "pseudonym" })).toBe("pseudonym-northside-acme-patient");
    expect(id("", "patient", context())).toBeUndefined();
  });
});
