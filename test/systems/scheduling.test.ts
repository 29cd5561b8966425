import ICAL from "ical.js";
import { MedplumClient } from "@medplum/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CalendarHost } from "../simulators/calendar.ts";
import type { FhirServer } from "../simulators/fhir-server.ts";
import { leaksIn } from "../simulators/planted.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

const quick = (text: string, file: string) => {
  if (file === "provider-calendars.yaml") return text.replace("every: 5s, stale: 7d", "every: 1s, stale: 4s");
  if (file === "ehr-appointments.yaml" || file === "ehr-updates.yaml") return text.replace("every: 10s", "every: 1s");
  return text;
};

interface Visit {
  readonly id: string;
  readonly version?: number;
  readonly from: string;
  readonly minutes?: number;
  readonly status?: string;
  readonly provider?: string;
}

/** How often the test that runs has failed before: visits, events and days of an earlier try are not taken for its own. */
let again = 0;
const own = (id: string) => (again === 0 ? id : `${id}-again-${again}`);

/** Counted from one day, whenever midnight is. */
const today = Date.now();
/** Days ahead, so that the half year that is looked at holds them; at an hour of their own for each test. */
const day = (offset: number) => new Date(today + (offset + 50 * again) * 86_400_000).toISOString().slice(0, 10);
const end = (from: string, minutes: number) => new Date(Date.parse(from) + minutes * 60_000).toISOString();
const appointment = ({ id, version = 1, from, minutes = 20, status = "booked", provider = "uma-sample" }: Visit) => ({
  resourceType: "Appointment", id, identifier: [{ system: "https://visits.example/appointments", value: id }], meta: { versionId: `${version}` }, status, description: "Video visit of Alma Testpatient",
  start: from, end: end(from, minutes),
  participant: [{ actor: { reference: "Patient/90017734", display: "Alma Testpatient" }, status: "accepted" }, { actor: { reference: `Practitioner/${provider}` }, status: "accepted" }],
});
const booking = ({ id, version = 1, from, minutes = 20, status = "booked", provider = "uma-sample" }: Visit) => ({ booking: id, version, provider, patient: "90017734", from, to: end(from, minutes), state: status });
const compact = (at: string) => at.replace(/[-:]|\.\d+/g, "");
const block = (uid: string, ...lines: readonly string[]) => ["BEGIN:VEVENT", `UID:${uid}`, "DTSTAMP:20260301T080000Z", ...lines, "SUMMARY:Dentist with Alma Testpatient", "END:VEVENT"];

describe("scheduling", () => {
  let example: ExampleProject;
  let hospital: FhirServer;
  let calendars: CalendarHost;
  beforeAll(async () => {
    example = await exampleProject(quick);
    hospital = example.peers.of("hospital");
    calendars = example.peers.of("calendar");
  }, 60_000);
  beforeEach(({ task }) => {
    again = task.result?.retryCount ?? 0;
  });
  // What a test that failed has left frozen is not for the next one.
  afterEach(() => calendars.frozen.clear());
  afterAll(() => example?.close());

  async function put(visit: Visit, more: Readonly<Record<string, string>> = {}): Promise<{ status: number; code: string | undefined }> {
    const headers = { authorization: `Bearer ${example.secret("visits_token")}`, "content-type": "application/fhir+json", ...more };
    const response = await fetch(`http://127.0.0.1:${example.at(8042)}/scheduling/Appointment/${visit.id}`, { method: "PUT", headers, body: JSON.stringify(appointment(visit)) });
    const said = (await response.json()) as { issue: { code: string; details?: { coding: { code: string }[] } }[] };
    expect(JSON.stringify(said)).not.toContain("Testpatient");
    return { status: response.status, code: said.issue[0]?.details?.coding[0]?.code };
  }
  async function book(visit: Visit): Promise<{ status: number; code?: string }> {
    const headers = { authorization: `Bearer ${example.secret("visits_token")}`, "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}/bookings`, { method: "POST", headers, body: JSON.stringify(booking(visit)) });
    const { code } = (await response.json()) as { code?: string };
    return { status: response.status, ...(code !== undefined && { code }) };
  }
  const valueOf = (each: { readonly [key: string]: unknown }) => ((each.identifier as { value: string }[] | undefined)?.[0] ?? { value: "" }).value;
  const held = (type: string, value: string) => hospital.all(type).find((each) => valueOf(each) === value);
  async function address(feed: string): Promise<string> {
    const { out } = await example.cli("feed", "list", feed, "--project", example.root, "--json");
    return (JSON.parse(out) as { address: string }).address;
  }
  async function busy(feed: string) {
    const response = await fetch(await address(feed));
    const text = await response.text();
    expect([response.status, leaksIn(text)]).toEqual([200, 0]);
    const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
    return events.map(({ startDate, endDate }) => `${startDate.toJSDate().toISOString()} ${endDate.toJSDate().toISOString()}`);
  }
  const time = (from: string, minutes = 20) => `${new Date(from).toISOString()} ${end(from, minutes)}`;
  const textOf = (message: number) => Buffer.from(example.engine.operations.message(message)?.raw?.bytes ?? []).toString();
  /** Open work about messages that name this visit or event. */
  const work = (list: string, about: string) => example.engine.operations.work.list({ list, state: "open", limit: 50 }).filter(({ message }) => textOf(message).includes(about));
  const log = () => example.log.join("\n");
  /** As the hospital's own desk books it. */
  const theirs = (visit: Visit) => ({ ...appointment(visit), identifier: [{ system: "https://lakeside.example/visits", value: visit.id }] });
  /** What our application was told of, by the hospital's names. */
  const told = () => example.peers.received("schedule").map(({ body }) => JSON.parse(body) as { resourceType: string; identifier: { value: string }[] }).map(valueOf);

  describe("visits in and out", () => {
    it("a booked visit and its slot reach the record, and the provider's feed says no more than when", async () => {
      const from = `${day(10)}T13:00:00.000Z`;
      expect((await put({ id: own("V-1"), from })).status).toBe(200);
      await example.settled();
      expect(held("Appointment", own("V-1"))).toMatchObject({ status: "booked", start: from });
      expect(held("Slot", own("V-1"))).toMatchObject({ status: "busy", start: from, end: end(from, 20), schedule: { reference: "Schedule/uma-sample" } });
      expect(await busy("uma-sample")).toContain(time(from));
    });

    it("the same from JSON, and a client that others wrote", async () => {
      const from = `${day(10)}T14:00:00.000Z`;
      expect(await book({ id: own("V-2"), from })).toEqual({ status: 202 });
      const client = new MedplumClient({ baseUrl: `http://127.0.0.1:${example.at(8042)}/`, fhirUrlPath: "scheduling", accessToken: example.secret("visits_token"), fetch });
      await client.updateResource(appointment({ id: own("V-3"), from: `${day(10)}T15:00:00.000Z` }) as never).catch(() => undefined);
      await example.settled();
      expect([held("Appointment", own("V-2")), held("Appointment", own("V-3"))]).toMatchObject([{ status: "booked" }, { status: "booked" }]);
      expect(await busy("uma-sample")).toEqual(expect.arrayContaining([time(from), time(`${day(10)}T15:00:00.000Z`)]));
    });

    it("moved, cancelled and not come: record, slot and feed follow in order", async () => {
      const [first, second] = [`${day(11)}T13:00:00.000Z`, `${day(11)}T16:00:00.000Z`];
      await put({ id: own("V-4"), from: first });
      await put({ id: own("V-4"), version: 2, from: second });
      await example.settled();
      expect(held("Slot", own("V-4"))).toMatchObject({ status: "busy", start: second });
      expect((await busy("uma-sample")).filter((each) => each.startsWith(day(11)))).toEqual([time(second)]);
      expect((await put({ id: own("V-4"), version: 3, from: second, status: "cancelled" })).status).toBe(200);
      await put({ id: own("V-5"), from: first });
      await put({ id: own("V-5"), version: 2, from: first, status: "noshow" });
      await example.settled();
      expect([held("Appointment", own("V-4")), held("Slot", own("V-4")), held("Appointment", own("V-5")), held("Slot", own("V-5"))]).toMatchObject([{ status: "cancelled" }, { status: "free" }, { status: "noshow" }, { status: "free" }]);
      expect((await busy("uma-sample")).filter((each) => each.startsWith(day(11)))).toEqual([]);
      expect(await put({ id: own("V-4"), version: 4, from: second })).toEqual({ status: 409, code: "CAS-104" });
    });

    it("moved to another provider, it leaves the feed of the first; one without a feed leaves both", async () => {
      const from = `${day(12)}T13:00:00.000Z`;
      await put({ id: own("V-6"), from });
      await put({ id: own("V-6"), version: 2, from, provider: "ben-example" });
      await example.settled();
      const on = async (feed: string) => (await busy(feed)).filter((each) => each.startsWith(day(12)));
      expect([await on("uma-sample"), await on("ben-example")]).toEqual([[], [time(from)]]);
      await put({ id: own("V-6"), version: 3, from, provider: "new-colleague" });
      await example.settled();
      expect([await on("uma-sample"), await on("ben-example")]).toEqual([[], []]);
    });

    it("what the hospital's desk books reaches our application and the feed; its double booking is the front desk's work", async () => {
      const from = `${day(13)}T13:00:00.000Z`;
      const [busyAt, slot, double] = [own("L-1"), own("S-1"), own("L-2")];
      await put({ id: own("V-7"), from, provider: "uma-sample" });
      hospital.put(theirs({ id: busyAt, from, provider: "ben-example" }) as never);
      hospital.put({ resourceType: "Slot", id: slot, identifier: [{ system: "https://lakeside.example/slots", value: slot }], schedule: { reference: "Schedule/ben-example" }, status: "free", start: from, end: end(from, 20) } as never);
      await expect.poll(told).toEqual(expect.arrayContaining([busyAt, slot]));
      await expect.poll(() => busy("ben-example")).toContain(time(from));
      hospital.put(theirs({ id: double, from }) as never);
      await expect.poll(() => work("double-bookings", double)).toMatchObject([{ owner: "front-desk", code: "CAS-120", channel: "desk-visits" }]);
      const [{ message } = { message: 0 }] = work("double-bookings", double);
      // The desk is told before the record says that it is held.
      await expect.poll(() => example.engine.operations.message(message)?.entries.map(({ state }) => state)).toEqual(["held", "held"]);
      expect(told()).not.toContain(double);
      // The other one is cancelled; the desk lets the message be decided anew.
      expect((await put({ id: own("V-7"), version: 2, from, status: "cancelled" })).status).toBe(200);
      for (const lane of ["desk-visits/visits", "desk-visits/busy"]) expect(await example.cli("dead", "retry", lane, String(message), "--project", example.root)).toMatchObject({ code: 0 });
      await expect.poll(told).toContain(double);
      await expect.poll(() => work("double-bookings", double)).toEqual([]);
    });
  });

  describe("conflicts", () => {
    it("a double booking is the desk's work until nothing of it is held; let go as it is, it arrives", async () => {
      const [from, double] = [`${day(17)}T13:00:00.000Z`, own("L-3")];
      expect((await put({ id: own("V-8"), from })).status).toBe(200);
      hospital.put(theirs({ id: double, from }) as never);
      await expect.poll(() => work("double-bookings", double)).toHaveLength(1);
      const [item] = work("double-bookings", double);
      const states = () => Object.fromEntries((example.engine.operations.message(item?.message ?? 0)?.entries ?? []).map(({ lane, state }) => [lane, state]));
      await expect.poll(states).toEqual({ "desk-visits/visits": "held", "desk-visits/busy": "held" });
      await example.engine.operations.discard("desk-visits/busy", item?.message ?? 0, "not in the feed");
      expect([work("double-bookings", double).length, told().includes(double)]).toEqual([1, false]);
      await example.engine.operations.work.close(item?.id ?? 0, "jdoe", "both come", true);
      await expect.poll(states).toEqual({ "desk-visits/visits": "delivered", "desk-visits/busy": "cancelled" });
      expect([work("double-bookings", double).length, told().includes(double)]).toEqual([0, true]);
    });

    it("given up in one lane it stays the desk's work while another has not come to it", async () => {
      const [from, double] = [`${day(18)}T13:00:00.000Z`, own("L-4")];
      const { lanes } = example.engine.operations;
      const discard = (lane: string, message: number) => example.engine.operations.discard(lane, message, "they called");
      expect((await put({ id: own("V-9"), from })).status).toBe(200);
      await lanes.pause(["desk-visits/busy"], "not now");
      try {
        hospital.put(theirs({ id: double, from }) as never);
        await expect.poll(() => work("double-bookings", double)).toHaveLength(1);
        const [{ message } = { message: 0 }] = work("double-bookings", double);
        const states = () => Object.fromEntries((example.engine.operations.message(message)?.entries ?? []).map(({ lane, state }) => [lane, state]));
        await expect.poll(states).toEqual({ "desk-visits/visits": "held", "desk-visits/busy": "waiting" });
        await discard("desk-visits/visits", message);
        expect(work("double-bookings", double)).toHaveLength(1);
        await lanes.resume(["desk-visits/busy"]);
        await expect.poll(states).toEqual({ "desk-visits/visits": "cancelled", "desk-visits/busy": "held" });
        await discard("desk-visits/busy", message);
        expect(work("double-bookings", double)).toEqual([]);
      } finally {
        await lanes.resume(["desk-visits/busy"]);
      }
    });

    it("two updates at once: one has the version, the other is told 409, and the record has the first", async () => {
      const from = `${day(14)}T13:00:00.000Z`;
      await put({ id: own("V-10"), from });
      const said = await Promise.all([`${day(14)}T15:00:00.000Z`, `${day(14)}T17:00:00.000Z`].map(async (at) => ({ at, ...(await put({ id: own("V-10"), version: 2, from: at })) })));
      const [won, lost] = said.toSorted((a, b) => a.status - b.status);
      expect([won?.status, lost?.status, lost?.code]).toEqual([200, 409, "CAS-103"]);
      await example.settled();
      expect(held("Appointment", own("V-10"))).toMatchObject({ start: won?.at });
    });

    it("one hour of one provider for two patients: the second is told 409, by either door, and takes it once it is free", async () => {
      const from = `${day(15)}T13:00:00.000Z`;
      const [first, second] = await Promise.all([put({ id: own("V-11"), from }), put({ id: own("V-12"), from: `${day(15)}T13:10:00.000Z` })]);
      expect([first.status, second.status].toSorted()).toEqual([200, 409]);
      expect(await book({ id: own("V-13"), from })).toEqual({ status: 409, code: "CAS-120" });
      const winner = own(first.status === 200 ? "V-11" : "V-12");
      await put({ id: winner, version: 2, from, status: "cancelled" });
      expect(await book({ id: own("V-13"), from })).toEqual({ status: 202 });
    });

    it("what is older than what is known is refused, also after a restart, and a repeat under its id is answered as before", async () => {
      const from = `${day(16)}T13:00:00.000Z`;
      expect((await put({ id: own("V-14"), version: 5, from }, { "x-request-id": own("r-14") })).status).toBe(200);
      await example.settled();
      await example.restart();
      expect(await put({ id: own("V-14"), version: 4, from })).toEqual({ status: 409, code: "CAS-103" });
      expect((await put({ id: own("V-14"), version: 5, from }, { "x-request-id": own("r-14") })).status).toBe(200);
      expect(held("Appointment", own("V-14"))).toMatchObject({ status: "booked" });
    });
  });

  describe("other calendars", () => {
    it("an event blocks its hours without what it is about; moved and taken out they are free again", async () => {
      const [at, later, uid] = [`${day(20)}T13:00:00Z`, `${day(20)}T18:00:00Z`, own("dentist")];
      calendars.put("uma", ...block(uid, `DTSTART:${compact(at)}`, "DURATION:PT1H"));
      await expect.poll(() => held("Slot", `uma-sample/${uid}`)?.status).toBe("busy-unavailable");
      expect(await put({ id: own("V-20"), from: `${day(20)}T13:30:00.000Z` })).toEqual({ status: 409, code: "CAS-120" });
      calendars.put("uma", ...block(uid, `DTSTART:${compact(later)}`, "DURATION:PT1H"));
      await expect.poll(() => Date.parse(String(held("Slot", `uma-sample/${uid}`)?.start))).toBe(Date.parse(later));
      expect((await put({ id: own("V-20"), from: `${day(20)}T13:30:00.000Z` })).status).toBe(200);
      calendars.put("uma", ...block(own("other"), `DTSTART:${compact(`${day(40)}T08:00:00Z`)}`, "DURATION:PT1H"));
      await expect.poll(() => held("Slot", `uma-sample/${uid}`)?.status).toBe("free");
      for (const name of ["hospital", "schedule"] as const) expect(JSON.stringify(example.peers.received(name).map(({ body }) => body).filter((body) => body.includes("dentist")))).not.toContain("Testpatient");
    });

    it("an event over a visit blocks its hours nevertheless, and somebody has to move the patient", async () => {
      const from = `${day(21)}T13:00:00.000Z`;
      const uid = own("school");
      expect((await put({ id: own("V-21"), from, provider: "ben-example" })).status).toBe(200);
      calendars.put("ben", ...block(uid, `DTSTART:${compact(from)}`, "DURATION:PT1H"));
      await expect.poll(() => work("blocked-over-visits", uid)).toMatchObject([{ owner: "front-desk", code: "CAS-120", channel: "blocked-hours" }]);
      await expect.poll(() => held("Slot", `ben-example/${uid}`)?.status).toBe("busy-unavailable");
    });

    it("what repeats blocks each of its hours, on the clock of its zone", async () => {
      const [first, uid] = [day(22), own("weekly")];
      calendars.put("ben", ...block(uid, `DTSTART;TZID=America/New_York:${first.replaceAll("-", "")}T090000`, "DURATION:PT30M", "RRULE:FREQ=WEEKLY;COUNT=3"));
      const slots = () => hospital.all("Slot").filter((each) => valueOf(each).startsWith(`ben-example/${uid}`));
      await expect.poll(() => slots().length).toBe(3);
      const hours = slots().map(({ start }) => new Intl.DateTimeFormat("en-US", { timeZone: "America/New_York", hour: "numeric", hourCycle: "h23" }).format(new Date(String(start))));
      expect(hours).toEqual(["09", "09", "09"]);
    });
  });

  describe("a feed on its bad day", () => {
    const rounds = async (name: string, more = 2) => {
      const before = calendars.asked.get(name) ?? 0;
      await expect.poll(() => calendars.asked.get(name) ?? 0).toBeGreaterThanOrEqual(before + more);
    };

    it.each([["half", "ICS-003"], ["cut", "NET-2"], ["fault", "ICL-101"], ["busy", "ICL-110"], ["empty", "ICL-109"]] as const)("%s: refused whole with its code; the hours stay blocked and the next good one goes on", async (trouble, code) => {
      const uid = own(`kept-${trouble}`);
      const at = `${day(30)}T08:00:00Z`;
      calendars.put("uma", ...block(uid, `DTSTART:${compact(at)}`, "DURATION:PT1H"));
      await expect.poll(() => held("Slot", `uma-sample/${uid}`)?.status).toBe("busy-unavailable");
      const lines = example.log.length;
      calendars.put("uma", ...block(uid, `DTSTART:${compact(`${day(31)}T08:00:00Z`)}`, "DURATION:PT1H"));
      calendars.trouble("uma", trouble);
      await expect.poll(() => example.log.slice(lines).join("\n")).toContain(code);
      if (trouble === "half") expect(example.log.slice(lines).find((line) => line.includes(code))).toMatch(/"line":\d+/);
      await expect.poll(() => String(held("Slot", `uma-sample/${uid}`)?.start)).toContain(day(31));
      expect(held("Slot", `uma-sample/${uid}`)?.status).toBe("busy-unavailable");
    });

    it.each([
      ["a TZID that nobody defines", "DTSTART;TZID=Customized Time Zone:20991231T090000", [], "ICS-302"],
      ["a zone defined otherwise than its name says", "DTSTART;TZID=Europe/Berlin:", ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0500", "TZOFFSETTO:+0500", "END:STANDARD", "END:VTIMEZONE"], "ICS-305"],
    ] as const)("wrong zone, %s: nothing is blocked at a wrong hour, and the event waits as a dead letter", async (_, start, zone, code) => {
      const [uid, other] = [own(`zone-${code}`), own(`good-${code}`)];
      const lines = example.log.length;
      const at = start.endsWith(":") ? `${start}${day(33).replaceAll("-", "")}T090000` : start;
      const good = block(other, `DTSTART:${compact(`${day(34)}T08:00:00Z`)}`, "DURATION:PT1H");
      calendars.put("uma", ...zone, ...block(uid, at, "DURATION:PT1H"), ...good);
      await expect.poll(() => held("Slot", `uma-sample/${other}`)?.status).toBe("busy-unavailable");
      expect(held("Slot", `uma-sample/${uid}`)).toBeUndefined();
      const messages = example.engine.operations.messages({ lane: "provider-calendars/hours", limit: 50 }).filter(({ id }) => textOf(id).includes(uid));
      expect(messages.flatMap(({ entries }) => entries.filter(({ state }) => state === "dead")).length).toBeGreaterThan(0);
      await expect.poll(() => example.log.slice(lines).join("\n")).toContain(`"code":"${code}"`);
    });

    it("304: counted and believed for a while; for ever, it is told of and the calendar is fetched whole", async () => {
      const uid = own("frozen");
      calendars.put("ben", ...block(uid, `DTSTART:${compact(`${day(35)}T08:00:00Z`)}`, "DURATION:PT1H"));
      await expect.poll(() => held("Slot", `ben-example/${uid}`)?.status).toBe("busy-unavailable");
      const before = calendars.notModified.get("ben") ?? 0;
      await expect.poll(() => calendars.notModified.get("ben") ?? 0).toBeGreaterThan(before);
      const lines = example.log.length;
      calendars.frozen.add("ben");
      calendars.put("ben", ...block(uid, `DTSTART:${compact(`${day(36)}T08:00:00Z`)}`, "DURATION:PT1H"));
      // Behind a 304 that never ends the event has moved; it is found out when nothing has changed for too long.
      await expect.poll(() => String(held("Slot", `ben-example/${uid}`)?.start)).toContain(day(36));
      await expect.poll(() => example.log.slice(lines).join("\n")).toContain('"code":"ICL-105"');
    });

    it("what was known outlasts a restart: nothing is taken twice", async () => {
      await rounds("uma");
      await example.settled();
      const count = () => example.engine.operations.status().channels.find(({ channel }) => channel === "provider-calendars")?.received ?? 0;
      await example.restart();
      await rounds("uma", 3);
      expect(count()).toBe(0);
    });
  });

  describe("the published feed", () => {
    it("304 to whoever has it; 404 to every other address, and no word of whose it is", async () => {
      const url = await address("uma-sample");
      expect(url).toMatch(/\/calendars\/[A-Za-z0-9_-]{43}\.ics$/);
      const first = await fetch(url);
      expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
      expect((await fetch(url, { headers: { "if-none-match": first.headers.get("etag") ?? "" } })).status).toBe(304);
      expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
      const guesses = [url.replace(/.(?=\.ics)/, (last) => (last === "A" ? "B" : "A")), url.replace(".ics", ""), url.replace(/[^/]+\.ics/, "uma-sample.ics"), url.replace(/[^/]+\.ics/, `${"A".repeat(43)}.ics`)];
      for (const guess of guesses) {
        const response = await fetch(guess);
        expect([response.status, await response.text()]).toEqual([404, ""]);
      }
      await expect.poll(log).toContain('"event":"feed-fetched","channel":"busy-times","destination":"calendar","status":200');
      await expect.poll(log).toContain('"event":"feed-refused","channel":"busy-times","destination":"calendar","code":"ICL-201"');
      expect(log()).not.toContain(url.slice(-47, -4));
      await first.text();
    });

    it("holds nothing but times, and its UIDs are of nobody", async () => {
      const text = await (await fetch(await address("uma-sample"))).text();
      const calendar = new ICAL.Component(ICAL.parse(text));
      expect(new Set(calendar.getAllSubcomponents("vevent").map((each) => each.getFirstPropertyValue("summary")))).toEqual(new Set(["Busy"]));
      expect(text).not.toMatch(/Testpatient|90017734|V-\d|uma|Sample|Practitioner/);
      for (const event of calendar.getAllSubcomponents("vevent")) expect(event.getFirstPropertyValue("uid")).toMatch(/^[0-9a-f]{32}$/);
    });

    it("another number revokes an address; a rate keeps guessers out", async () => {
      const other = await exampleProject((text, file) => (file === "partners.yaml" ? text.replace("limit: { rate: 20/s, burst: 40 }", "limit: { rate: 1/s, burst: 3 }") : quick(text, file).replace("feeds: { uma-sample: 1,", "feeds: { uma-sample: 2,")));
      try {
        const { out } = await other.cli("feed", "list", "uma-sample", "--project", other.root, "--json");
        const { address: now, number } = JSON.parse(out) as { address: string; number: number };
        expect(number).toBe(2);
        expect((await fetch(now)).status).toBe(200);
        const statuses = await Promise.all(Array.from({ length: 8 }, async (_, i) => (await fetch(now.replace(/[^/]+\.ics/, `${String(i).repeat(43)}.ics`))).status));
        expect(new Set(statuses)).toEqual(new Set([404, 429]));
      } finally {
        await other.close();
      }
    });
  });
});
