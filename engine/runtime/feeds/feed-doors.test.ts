import { expect, test } from "vitest";
import type { InboundReply, InboundRequest, RouteOptions } from "../../sdk/index.ts";
import { SecretRef } from "../../sdk/index.ts";
import { feedToken } from "./feed-token.ts";
import { FeedDoors, type FeedDoorPorts } from "./feed-doors.ts";

const nine = Date.UTC(2026, 2, 9, 9) / 60_000;

/** A project with one destination that publishes, and the routes that it is served at. */
function opened() {
  const state = { epoch: 1, refusal: undefined as string | undefined, paused: false, broken: false, told: [] as unknown[], limit: { perSecond: 5, burst: 9 } };
  const routes = new Map<string, { readonly options: RouteOptions; readonly handler: (request: InboundRequest) => Promise<InboundReply> }>();
  const served = () => ({ secret: new SecretRef("file", "feeds"), feeds: { "uma-sample": state.epoch }, summary: "Busy", keepMs: 0, refreshMs: 900_000 });
  const project = () => ({
    channels: [{ name: "busy-times", source: { partner: "visits" }, classification: { level: "phi", compartments: [], owners: [], obligations: [] }, destinations: [{ name: "calendar", partner: "readers", connector: "ical-feed", options: { endpoint: "calendars" }, sends: "none" }] }],
    partners: new Map([["readers", { endpoints: [{ id: "calendars", url: "feed://127.0.0.1:8041/calendars" }], links: { outbound: { limit: state.limit } } }]]),
  });
  const ports = {
    feeds: {
      busy: () => {
        if (state.broken) throw new Error("Rita Roe");
        return [{ since: nine, until: nine + 30, at: 0 }];
      },
    },
    inbound: {
      serve: async (options: RouteOptions, handler: (request: InboundRequest) => Promise<InboundReply>) => {
        routes.set(options.method, { options, handler });
        return { port: options.port, close: async () => void routes.delete(options.method) };
      },
    },
    events: { log: (event: string, fields: object) => void state.told.push([event, fields]) },
    project,
    registry: () => ({ definition: () => ({ destination: { options: { properties: { endpoint: {} } }, serves: served } }) }),
    boundary: { permits: () => (state.refusal === undefined ? { permit: {} } : { refusal: { code: state.refusal, rule: "in-force" } }) },
    now: () => 0,
    openSecret: () => ({ expose: () => "s" }),
    pausedBy: () => (state.paused ? { at: 0 } : undefined),
  } as unknown as FeedDoorPorts;
  const doors = new FeedDoors(ports);
  const address = (epoch = 1) => `${feedToken("s", { lane: "busy-times/calendar", feed: "uma-sample", epoch })}.ics`;
  const get = async (rest: string) => (await routes.get("GET")?.handler({ method: "GET", path: "/calendars/*", rest, headers: {}, body: new Uint8Array() }))?.status;
  return { doors, state, routes, address, get };
}

test("a feed is served while the partner may have it: another number, an agreement that ended, a partner who is held and a broken file count at once", async () => {
  const { doors, state, routes, address, get } = opened();
  await doors.follow();
  expect([...routes].map(([method, { options }]) => [method, options.path, options.rate])).toEqual([["GET", "/calendars/*", { perSecond: 5, burst: 9 }], ["HEAD", "/calendars/*", { perSecond: 5, burst: 9 }]]);
  expect([await get(address()), await get(address(2)), await get("uma-sample.ics")]).toEqual([200, 404, 404]);
  state.refusal = "PHI-203";
  expect([await get(address()), await get(address(2))]).toEqual([503, 404]);
  state.refusal = undefined;
  state.paused = true;
  expect(await get(address())).toBe(503);
  state.paused = false;
  state.broken = true;
  expect(await get(address())).toBe(503);
  state.broken = false;
  state.epoch = 2;
  expect([await get(address()), await get(address(2))]).toEqual([404, 200]);
  const of = { channel: "busy-times", destination: "calendar" };
  expect(state.told).toEqual([
    ["feed-fetched", { ...of, status: 200 }], ["feed-refused", { ...of, code: "ICL-201" }], ["feed-refused", { ...of, code: "ICL-201" }], ["feed-refused", { ...of, code: "PHI-203" }], ["feed-refused", { ...of, code: "ICL-201" }],
    ["feed-refused", { ...of, code: "FLW-104" }], ["feed-refused", { ...of, code: "ICL-122" }], ["feed-refused", { ...of, code: "ICL-201" }], ["feed-fetched", { ...of, status: 200 }],
  ]);
});

test("a reload that changes the rate opens the routes anew; closing leaves none", async () => {
  const { doors, state, routes } = opened();
  await doors.follow();
  const before = routes.get("GET");
  await doors.follow();
  expect(routes.get("GET")).toBe(before);
  state.limit = { perSecond: 1, burst: 1 };
  await doors.follow();
  expect(routes.get("GET")?.options.rate).toEqual({ perSecond: 1, burst: 1 });
  await doors.close();
  expect(routes.size).toBe(0);
});
