import { expect, test } from "vitest";
import { createBoundary, isReleased } from "../phi/index.ts";
import { codeOf, type Envelope, type Released } from "../sdk/index.ts";
import { ManualClock } from "../sdk/testing/manual-clock.ts";
import type { Notice } from "../store/ledger/notice.ts";
import { asked } from "./asked.ts";
import { bytes, channel, partner } from "./flow.fixture.ts";
import type { FlowPorts } from "./ports.ts";

function asking(over: Partial<ReturnType<typeof partner>> = {}, calendar?: FlowPorts["calendar"]) {
  const ledger: Notice[] = [];
  const left: Released[] = [];
  const lab = { ...partner("lab"), kind: "lab", ...over };
  const ports = {
    clock: new ManualClock(), boundary: createBoundary(), partner: () => lab, ...(calendar && { calendar }),
    store: { disclose: async (notice: Notice) => void ledger.push(notice) },
  } as unknown as FlowPorts;
  const by = {
    turn: async () => {},
    exchange: async (released: Released) => {
      left.push(released);
      return { status: 200, headers: {}, body: bytes("{}") };
    },
  };
  const ask = async (envelope: Envelope) => {
    try {
      return (await asked(envelope, channel(), by, ports)).status;
    } catch (error) {
      return codeOf(error, "FLW-301");
    }
  };
  return { ask, ledger, left };
}

const search = (body: string): Envelope => ({ endpoint: "feed", method: "POST", path: "/Patient/_search", headers: { "content-type": "application/x-www-form-urlencoded" }, body: bytes(body) });
const never = { ...partner("lab").links.outbound, phi: "never" } as NonNullable<ReturnType<typeof partner>["links"]["outbound"]>;

test("a question leaves released, after it stands in the ledger, with what lets it go", async () => {
  const { ask, ledger, left } = asking();
  expect(await ask(search("identifier=urn:oid:1.2.3|900123"))).toBe(200);
  expect(isReleased(left[0])).toBe(true);
  expect(ledger).toMatchObject([{ kind: "ask", channel: "results", partner: "lab", endpoint: "feed", label: { level: "phi" }, permit: { agreement: "A", purpose: "TREAT" }, what: { type: "Patient" }, bytes: 31 }]);
});

test("where nothing lets patient data go to the partner, a question may still leave that names nobody", async () => {
  for (const over of [{ agreements: [] }, { links: { outbound: never } }]) {
    const { ask, ledger, left } = asking(over);
    expect(await ask(search("_lastUpdated=ge2026-11-22T01:02:03.004Z&_count=50&_sort=_lastUpdated"))).toBe(200);
    expect(ledger).toMatchObject([{ label: { level: "none" }, permit: {} }]);
    expect(await ask(search("identifier=urn:oid:1.2.3|529-61-7734"))).toBe("PHI-223");
    expect(left).toHaveLength(1);
    expect(ledger).toHaveLength(1);
  }
});

test.each([
  ["no outbound link", { links: {} }, "PHI-202"],
  ["an endpoint that the partner does not have", { endpoints: [] }, "PHI-208"],
] as const)("%s: nothing leaves, and the ledger holds nothing", async (_, over, code) => {
  const { ask, ledger, left } = asking(over);
  expect([await ask(search("_count=1")), ledger, left]).toEqual([code, [], []]);
});

test("a clock that cannot be trusted lets nothing go that needs an agreement", async () => {
  const { ask, left } = asking({}, { now: () => 0, isTrusted: false, keep() {} });
  expect([await ask(search("_count=1")), left]).toEqual(["PHI-217", []]);
});
