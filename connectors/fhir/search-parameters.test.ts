import { describe, expect, test } from "vitest";
import { ManualClock } from "../../engine/sdk/testing/manual-clock.ts";
import { Pages } from "./pages.ts";
import { askedOf, isWrong, searchParameters } from "./search-parameters.ts";

const asked = (form: string, type = "Patient") => {
  const found = askedOf(type, new URLSearchParams(form), 20);
  return isWrong(found) ? found.map(({ code, path }) => `${code} ${path}`) : found.map(({ name, value }) => `${name}=${value}`);
};

describe("what may be asked", () => {
  test.each([
    ["family=Exemplar&given:exact=Ada", ["family=Exemplar", "given:exact=Ada", "_count=20"]],
    ["birthdate=ge1958-04&birthdate=lt1959", ["birthdate=ge1958-04", "birthdate=lt1959", "_count=20"]],
    ["identifier=urn:a|1,urn:b|2&_count=5", ["identifier=urn:a|1,urn:b|2", "_count=5"]],
    ["_id=p1&_count=500", ["_id=p1", "_count=20"]],
  ])("%s", (form, expected) => expect(asked(form)).toEqual(expected));

  test("of another type by its own", () => expect([asked("patient=Patient/p1&category=laboratory&date=ge2026-01-01T00:00:00Z", "Observation"), searchParameters("Observation").get("code")]).toEqual([["patient=Patient/p1", "category=laboratory", "date=ge2026-01-01T00:00:00Z", "_count=20"], "token"]));

  test.each([
    ["", "FHC-107 http"],
    ["family=", "FHC-107 http.family"],
    ["birthdate=April", "FHC-107 http.birthdate"],
    ["birthdate:exact=1958", "FHC-106 http.birthdate"],
    ["family:exact:x=1", "FHC-106 http.family"],
    ["_count=0&family=x", "FHC-106 http[1]"],
    ["_include=Patient:link&family=x", "FHC-106 http[1]"],
    ["Ada Exemplar=1", "FHC-106 http[1]"],
    ["__proto__=1", "FHC-106 http[1]"],
    ["identifier=|", "FHC-107 http.identifier"],
    ["_page=http://x&_type=Patient", "FHC-106 http[1]"],
  ])("%s is refused", (form, first) => expect(asked(form)[0]).toBe(first));
});

test("a page is its client's, for a while", async () => {
  const clock = new ManualClock();
  const pages = new Pages(clock, 1000);
  const principal = { issuer: "visits", subject: "a", kind: "system", scopes: [] } as const;
  const page = { type: "Patient", link: "http://x/next" };
  pages.hold("t1", page, principal);
  expect([pages.find("t1", principal), pages.find("t1", { ...principal, subject: "b" }), pages.find("t1", undefined), pages.find("t2", principal)].map((each) => each?.link)).toEqual(["http://x/next", undefined, undefined, undefined]);
  await clock.advance(1000);
  expect(pages.find("t1", principal)).toBeUndefined();
  for (let i = 0; i < 1200; i++) pages.hold(`n${i}`, page, principal);
  expect([pages.find("n0", principal), pages.find("n1199", principal)?.link]).toEqual([undefined, "http://x/next"]);
});
