import { describe, expect, test } from "vitest";
import { agreement, channel, destination, only, partner, project } from "../phi/testing/given.ts";
import { boundaryMap, difference, mermaid, svg, unmarked } from "./index.ts";
import { fitted, wrapped } from "./svg-text.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const link = { auth: "mtls", allow: ["*"], limit: { perSecond: 10, burst: 10 }, audit: "full", phi: "allowed" } as const;
const lab = partner({ name: "northside", kind: "lab", legalName: "Northside <Lab> & Sons", links: { inbound: link } });
const acme = (over: Parameters<typeof partner>[0] = {}) => partner({ legalName: "Acme, Inc.", agreements: [agreement()], ...over });
const count = destination({ name: "count", only });
const whole = destination({ name: "ehr", sends: "phi", purpose: "HOPERAT", format: "hl7v2" });

function drawn(destinations = [count, whole], to = acme()) {
  return boundaryMap(project([channel({ destinations })], [lab, to]), now);
}

describe("the map", () => {
  test("has a link for the source and for each destination, with standard, class and right", () => {
    expect(drawn().links).toEqual([
      { id: "in visits", kind: "in", direction: "in", opens: "them", channel: "visits", partner: "northside", standard: "HL7 v2 over MLLP with TLS", crossing: "phi", compartments: [], by: "proves itself by mtls" },
      { id: "out visits/count", kind: "out", direction: "out", opens: "us", channel: "visits", destination: "count", partner: "acme", standard: "JSON over HTTP with TLS", crossing: "none", compartments: [], by: "closed list" },
      { id: "out visits/ehr", kind: "out", direction: "out", opens: "us", channel: "visits", destination: "ehr", partner: "acme", standard: "HL7 v2 over HTTP with TLS", crossing: "phi", compartments: [], by: "BAA-1 (baa)", purpose: "HOPERAT" },
    ]);
  });

  test("shows what may not cross today, and why", () => {
    const { links } = drawn([whole], acme({ agreements: [agreement({ expires: "2026-05-31" })] }));
    expect(links[1]).toMatchObject({ crossing: "refused", by: "nothing crosses: PHI-203 agreement-expired" });
  });

  test("shows what a source gets as its answer", () => {
    const source = { ...channel().source, respond: { from: "ehr", withinMs: 1000 } };
    const { links } = boundaryMap(project([channel({ source, destinations: [whole] })], [lab, acme()]), now);
    expect(links[0]).toMatchObject({ id: "answer visits", kind: "answer", direction: "out", opens: "them", partner: "northside", crossing: "refused" });
  });

  test("shows what a source that polls says to its partner, beside what comes back: we open that connection", () => {
    const record = (over: Parameters<typeof partner>[0] = {}) => partner({ name: "record", kind: "provider", links: { inbound: link, outbound: link }, agreements: [agreement({ id: "CARE", basis: "treatment", purposes: ["TREAT"] })], ...over });
    const source = { ...channel().source, partner: "record", connector: "fhir-poll", format: "fhir", asks: true } as const;
    const asked = (over?: Parameters<typeof partner>[0]) => boundaryMap(project([channel({ source })], [record(over)]), now).links;
    expect(asked()).toEqual([
      { id: "ask visits", kind: "ask", direction: "out", opens: "us", channel: "visits", partner: "record", standard: "FHIR R4 over REST with TLS", crossing: "phi", compartments: [], by: "CARE (treatment)", purpose: "TREAT" },
      { id: "in visits", kind: "in", direction: "in", opens: "us", channel: "visits", partner: "record", standard: "FHIR R4 over REST with TLS", crossing: "phi", compartments: [], by: "in answer to what we ask" },
    ]);
    expect(asked({ agreements: [] })[0]).toMatchObject({ crossing: "none", by: "a question about nobody" });
    expect(asked({ links: { inbound: link } })[0]).toMatchObject({ crossing: "refused", by: "nothing crosses: PHI-202 link" });
  });

  test("a feed is read by whoever knows its address: they open that connection", () => {
    const readers = acme({ endpoints: [{ id: "api", url: "feed://127.0.0.1:8041/calendars" }] });
    expect(drawn([count], readers).links[1]).toMatchObject({ direction: "out", opens: "them" });
  });

  test("leaves hand-offs inside the engine out, and counts them", () => {
    const next = destination({ name: "next", partner: "self:other", sends: "phi" });
    const map = boundaryMap(project([channel({ destinations: [next] })], [lab, partner({ name: "self:other" })]), now);
    expect(map.inside).toBe(1);
    expect(map.links.map(({ id }) => id)).toEqual(["in visits"]);
  });
});

describe("a difference", () => {
  const marks = (before: ReturnType<typeof drawn>, after: ReturnType<typeof drawn>) => Object.fromEntries(difference(before, after).map(({ id, mark }) => [id, mark]));

  test("marks what newly crosses: a new link, a higher class, a further compartment, another party", () => {
    expect(marks(drawn([count]), drawn())).toEqual({ "in visits": "same", "out visits/count": "same", "out visits/ehr": "crosses" });
    expect(marks(drawn([{ ...whole, name: "count", only, sends: "none" }]), drawn([{ ...whole, name: "count" }]))["out visits/count"]).toBe("crosses");
    const [before] = drawn([whole]).links.slice(1);
    const wider = { ...drawn([whole]), links: [{ ...(before as NonNullable<typeof before>), compartments: ["hiv"] }] };
    expect(marks(drawn([whole]), wider)["out visits/ehr"]).toBe("crosses");
    const moved = { ...drawn([whole]), links: [{ ...(before as NonNullable<typeof before>), partner: "other" }] };
    expect(marks(drawn([whole]), moved)["out visits/ehr"]).toBe("crosses");
  });

  test("marks what is narrower or rests on something else as changed, and what is not there any more as gone", () => {
    expect(marks(drawn(), drawn([count]))["out visits/ehr"]).toBe("gone");
    const renewed = acme({ agreements: [agreement({ id: "BAA-2" })] });
    expect(difference(drawn([whole]), drawn([whole], renewed))[1]).toMatchObject({ mark: "changed", change: "rested on BAA-1 (baa)" });
    expect(marks(drawn([whole]), drawn([whole], acme({ agreements: [] })))["out visits/ehr"]).toBe("changed");
  });
});

describe("what is drawn", () => {
  test("SVG says in words what each line is, and is well-formed whatever names hold", () => {
    const map = drawn();
    const text = svg(map, difference(drawn([count]), map));
    for (const words of ["no PHI", "PHI under an agreement", "solid: PHI", "double: no PHI", "dashed: de-identified", "newly crosses", "BAA-1 (baa)", "dot: this side opens the connection", "Laboratories", "Analytics and research"]) expect(text).toContain(words);
    expect(text).toContain("Northside &#60;Lab&#62; &#38; Sons");
    expect(text).not.toMatch(/NaN|undefined|<style|class=/);
    expect((text.match(/<(?![/?!])[^>]*[^/]>/g) ?? []).length).toBe((text.match(/<\//g) ?? []).length);
  });

  test("double lines are two strokes, and a link that nothing may cross ends in a cross", () => {
    const none = svg(drawn([count]), unmarked(drawn([count])));
    expect(none).toMatch(/d="M\d+ ([\d.]+)H\d+M\d+ [\d.]+H\d+"/);
    expect(none.match(/<circle/g)).toHaveLength(3);
    const map = drawn([whole], acme({ agreements: [] }));
    expect(svg(map, unmarked(map))).toContain("l14 14m0 -14l-14 14");
  });

  test("Mermaid keeps names out of its syntax", () => {
    const text = mermaid(drawn(), unmarked(drawn()));
    expect(text).toContain("flowchart LR");
    expect(text).toContain('subgraph g0["Laboratories"]');
    expect(text).toContain('p1["Northside #60;Lab#62; #38; Sons<br/>lab"]');
    expect(text).toContain("hub ==>");
  });

  test("words that do not fit are set closer, and then cut", () => {
    expect(fitted("HL7 v2 over MLLP", 11, 312)).toEqual({ shown: "HL7 v2 over MLLP", isClose: false });
    const right = "EXPERT-DETERMINATION-RESEARCH (baa) · purpose HOPERAT";
    expect(fitted(right, 11, 312)).toEqual({ shown: right, isClose: true });
    const cut = fitted("W".repeat(60), 11, 312);
    expect(cut).toEqual({ shown: expect.stringMatching(/^W{20,45}…$/), isClose: true });
  });

  test("long names go over lines, and never over more than there are", () => {
    expect(wrapped("Riverside Clinic, electronic health record", 27, 2)).toEqual(["Riverside Clinic,", "electronic health record"]);
    expect(wrapped("a".repeat(50), 20, 3)).toEqual([`${"a".repeat(19)}…`]);
    expect(wrapped("one two three four five six", 8, 2)).toEqual(["one two", "three f…"]);
  });
});

describe("a map of many", () => {
  const kinds = ["internal", "provider", "lab", "payment", "clearinghouse", "health-plan", "pharmacy-network", "analytics"] as const;
  const many = Array.from({ length: 30 }, (_, i) => partner({ name: `party-${String(i).padStart(2, "0")}`, kind: kinds[i % kinds.length] ?? "other", legalName: `A party with a name that goes on and on, number ${i}`, links: { inbound: link, outbound: link } }));
  const channels = Array.from({ length: 25 }, (_, i) =>
    channel({
      name: `a-channel-with-quite-a-long-name-${i}`,
      source: { ...channel().source, partner: `party-${String(i).padStart(2, "0")}`, ...(i % 3 === 0 && { asks: true as const }) },
      destinations: [destination({ name: "first", partner: `party-${String(29 - i).padStart(2, "0")}`, only }), destination({ name: "second", partner: `party-${String((i * 7) % 30).padStart(2, "0")}`, only })],
    }));
  const map = boundaryMap(project(channels, many), now);
  const text = svg(map, unmarked(map));
  const numbers = (pattern: RegExp) => [...text.matchAll(pattern)].map((found) => found.slice(1).map(Number) as [number, number, number]);

  test("no box lies on another, none beyond the page, and each line of words has its own height", () => {
    const height = Number(/viewBox="0 0 1440 (\d+)"/.exec(text)?.[1]);
    const boxes = numbers(/<rect x="(\d+)" y="([\d.]+)" width="262" height="([\d.]+)"/g).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
    expect(boxes.length).toBeGreaterThan(40);
    for (const [i, [x, y, high]] of boxes.entries()) {
      expect(y + high).toBeLessThan(height - 180);
      const [nextX, nextY] = boxes[i + 1] ?? [-1, 0];
      if (nextX === x) expect(nextY).toBeGreaterThanOrEqual(y + high + 14);
    }
    for (const x of [468, 972]) {
      const lines = [...text.matchAll(/<text x="(\d+)" y="([\d.]+)" text-anchor="middle" font-size="1[12]/g)].filter(([, at]) => Number(at) === x).map(([, , y]) => Number(y)).toSorted((a, b) => a - b);
      for (const [i, y] of lines.entries()) if (i > 0) expect(y - (lines[i - 1] ?? 0)).toBeGreaterThanOrEqual(12);
    }
  });

  test("parties of one kind stand together, on both sides in the same order", () => {
    const heads = [...text.matchAll(/<text x="(32|1146)" y="[\d.]+" font-size="12.5" font-weight="700"[^>]*>([^<]*)</g)].map(([, x, words]) => [x, words]);
    const left = heads.filter(([x]) => x === "32").map(([, words]) => words);
    expect(left).toEqual(["Our own applications", "Providers of care", "Pharmacies", "Laboratories", "Billing: clearinghouses", "Billing: health plans", "Payments", "Analytics and research"]);
    expect(heads.filter(([x]) => x === "1146").map(([, words]) => words)).toEqual(left);
  });
});
