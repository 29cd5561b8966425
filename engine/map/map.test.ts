import { describe, expect, test } from "vitest";
import { agreement, channel, destination, only, partner, project } from "../phi/testing/given.ts";
import { boundaryMap, difference, mermaid, svg, unmarked } from "./index.ts";
import { wrapped } from "./svg-text.ts";

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
      { id: "in visits", direction: "in", channel: "visits", partner: "northside", standard: "HL7 v2 over MLLP with TLS", crossing: "phi", compartments: [], by: "proves itself by mtls" },
      { id: "out visits/count", direction: "out", channel: "visits", destination: "count", partner: "acme", standard: "JSON over HTTP with TLS", crossing: "none", compartments: [], by: "closed list" },
      { id: "out visits/ehr", direction: "out", channel: "visits", destination: "ehr", partner: "acme", standard: "HL7 v2 over HTTP with TLS", crossing: "phi", compartments: [], by: "BAA-1 (baa)", purpose: "HOPERAT" },
    ]);
  });

  test("shows what may not cross today, and why", () => {
    const { links } = drawn([whole], acme({ agreements: [agreement({ expires: "2026-05-31" })] }));
    expect(links[1]).toMatchObject({ crossing: "refused", by: "nothing crosses: PHI-203 agreement-expired" });
  });

  test("shows what a source gets as its answer", () => {
    const source = { ...channel().source, respond: { from: "ehr", withinMs: 1000 } };
    const { links } = boundaryMap(project([channel({ source, destinations: [whole] })], [lab, acme()]), now);
    expect(links[0]).toMatchObject({ id: "answer visits", direction: "out", partner: "northside", crossing: "refused" });
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
    for (const words of ["no PHI", "PHI under an agreement", "solid: PHI", "double: no PHI", "dashed: de-identified", "newly crosses", "BAA-1 (baa)"]) expect(text).toContain(words);
    expect(text).toContain("Northside &#60;Lab&#62; &#38; Sons");
    expect(text).not.toMatch(/NaN|undefined|<style|class=/);
    expect((text.match(/<(?![/?!])[^>]*[^/]>/g) ?? []).length).toBe((text.match(/<\//g) ?? []).length);
  });

  test("double lines are two strokes, and a link that nothing may cross ends in a cross", () => {
    const none = svg(drawn([count]), unmarked(drawn([count])));
    expect(none).toMatch(/d="M\d+ ([\d.]+)H\d+M\d+ [\d.]+H\d+"/);
    const map = drawn([whole], acme({ agreements: [] }));
    expect(svg(map, unmarked(map))).toContain("l14 14m0 -14l-14 14");
  });

  test("Mermaid keeps names out of its syntax", () => {
    const text = mermaid(drawn(), unmarked(drawn()));
    expect(text).toContain("flowchart LR");
    expect(text).toContain('p1["Northside #60;Lab#62; #38; Sons<br/>lab"]');
    expect(text).toContain("hub ==>");
  });

  test("long names go over lines, and never over more than there are", () => {
    expect(wrapped("Riverside Clinic, electronic health record", 27, 2)).toEqual(["Riverside Clinic,", "electronic health record"]);
    expect(wrapped("a".repeat(50), 20, 3)).toEqual([`${"a".repeat(19)}…`]);
    expect(wrapped("one two three four five six", 8, 2)).toEqual(["one two", "three f…"]);
  });
});
