import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "node-hl7-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadProject } from "../../engine/cli/compose.ts";
import { eventually, sendMllp } from "../flow/engine-on-disk.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

interface Result {
  readonly id: string;
  /** Placer's number of the order; "" for what nobody here has ordered. */
  readonly order: string;
  readonly filler?: string;
  readonly status?: string;
  /** Minute of the report. */
  readonly minute?: number;
  readonly obx?: string;
  readonly mrn?: string;
}

const potassium = (value = "4.1", unit = "mmol/L", flag = "N", code = "2823-3", status = "F") => `OBX|1|NM|${code}^Potassium^LN||${value}|${unit}|3.5-5.1|${flag}|||${status}|||20260301133000-0500`;

/** A result as a laboratory would write it: by hand, so that nothing of the engine has a part in it. */
function result({ id, order, filler = `LAB${id}`, status = "F", minute = 10, obx = potassium(), mrn = "90017734" }: Result): string {
  return [
    `MSH|^~\\&|NSLIS|NORTHSIDE LAB|SLUICE|NORTHSIDE|20260301150000-0500||ORU^R01^ORU_R01|${id}|T|2.5.1`,
    `PID|1||${mrn}^^^NORTHSIDE&2.16.840.1.113883.19.5&ISO^MR||TESTPATIENT^ALMA^Q||19640229|F`,
    `ORC|RE|${order}|${filler}`,
    `OBR|1|${order}|${filler}|24320-4^Basic metabolic 2000 panel - Serum or Plasma^LN|||20260301133000-0500|||||||||||||||2026030114${String(minute).padStart(2, "0")}00-0500||CH|${status}`,
    obx,
    "",
  ].join("\r");
}

const quick = (text: string) => text.replaceAll("retry: { initial: 1s, max: 1m }", "retry: { initial: 50ms, max: 200ms }").replaceAll("retry: { initial: 1s, max: 30s }", "retry: { initial: 50ms, max: 200ms }");

describe("labs", () => {
  let example: ExampleProject;
  beforeAll(async () => void (example = await exampleProject(quick)));
  afterAll(() => example?.close());

  /** Each try of a test has orders, results and patients of its own: what an earlier one has left is not taken for its. */
  let tries = 0;
  beforeEach(() => {
    tries++;
    // Nor does what was still to go wrong.
    example.peers.of("lab").length = 0;
    example.peers.of("ward").length = 0;
    Object.assign(example.peers.of("onCall"), { down: 0, onDuty: "on-call-nurse" });
  });
  const own = (name: string) => `${name}T${tries}`;

  const post = (path: string, token: string, body: string, to = example) => fetch(`http://127.0.0.1:${to.at(8041)}${path}`, { method: "POST", headers: { authorization: `Bearer ${to.secret(token)}`, "content-type": "application/fhir+json" }, body });
  const ordered = readFileSync("channels/fixtures/order-panel.json", "utf8");
  const said = async (number: string, change: (text: string) => string = (text) => text, to = example) =>
    expect((await post("/orders", "visits_orders_token", change(ordered.replaceAll("ORD7730021", number)), to)).status).toBeLessThan(300);
  /** Until it is known: a result that comes before that is another matter. */
  const order = async (number: string, to = example) => {
    await said(number, undefined, to);
    await to.settled();
  };
  const admitted = async (mrn: string, to = example) => expect(await sendMllp(to.at(2577), readFileSync("channels/fixtures/adt-a01.hl7", "latin1").replaceAll("81-552207", mrn).replace("NA20260302000017", `ADM${mrn}`))).toContain("MSA|CA|");
  const send = async (what: Result, to = example) => expect(await sendMllp(to.at(2575), result(what))).toContain(`MSA|AA|${what.id}`);
  const atWard = (to = example) => to.peers.received("ward").map(({ body }) => body);
  const idsAtWard = (to = example) => atWard(to).map((body) => body.split("|")[9] ?? "");
  /** Of these alone, in the order of their arrival. */
  const amongAtWard = (ids: readonly string[], to = example) => idsAtWard(to).filter((id) => ids.includes(id));
  const pages = (to = example) => to.peers.received("onCall").map(({ path, body }) => ({ path, ...(JSON.parse(body) as { alert: string; order: string; patient: string }) }));
  const textOf = (message: number, to = example) => Buffer.from(to.engine.operations.message(message)?.raw?.bytes ?? []).toString();
  /** Open work about messages that name this order, result or patient. */
  const work = (list: string | undefined, about: string, to = example) => to.engine.operations.work.list({ ...(list !== undefined && { list }), state: "open", limit: 200 }).filter(({ message }) => textOf(message, to).includes(about));
  /** The entry of the ward for the newest message of the channel with results. */
  const entry = (lane: string, to = example) => to.engine.operations.messages({ lane: `lab-results/${lane}`, limit: 1 })[0]?.entries.find((each) => each.lane === `lab-results/${lane}`);
  const nothingLeaked = (to = example) => {
    // Four digits stand by chance in the hash of a revision.
    const log = to.log.map((line) => line.replace(/"revision":"[0-9a-f]+"/, "")).join("\n");
    for (const value of ["90017734", "TESTPATIENT", "1964", "ORD77"]) expect(log).not.toContain(value);
    expect(to.engine.operations.status().conservationGap).toBe(0);
  };

  describe("orders", () => {
    it("become OML^O21 at the laboratory, whose ORL^O22 acknowledges them", async () => {
      const number = own("ORD7730100");
      await order(number);
      const oml = example.peers.received("lab").map(({ body }) => body).find((body) => body.includes(number)) ?? "";
      const line = (name: string) => oml.split("\r").find((each) => each.startsWith(name))?.split("|") ?? [];
      expect(line("MSH")[8]).toBe("OML^O21^OML_O21");
      expect(line("PID").slice(3, 9)).toEqual(["90017734^^^&2.16.840.1.113883.19.5&ISO^MR", "", "TESTPATIENT^ALMA^Q", "", "19640229", "F"]);
      expect([line("ORC")[1], line("ORC")[2], line("OBR")[2], line("OBR")[4]]).toEqual(["NW", number, number, "24320-4^Basic metabolic 2000 panel - Serum or Plasma^LN"]);
      expect(line("SPM")[17]).toBe("20260301133000-0500");
    });

    it("of the fixture are sent by the command line", () => example.send("fixtures/order-panel.json"));

    it("are cancelled there, in order", async () => {
      const number = own("ORD7730101");
      example.peers.of("lab").push("AE");
      await said(number);
      await said(number, (text) => text.replace('"active"', '"revoked"'));
      await example.settled();
      const seen = example.peers.received("lab").map(({ body }) => body).filter((body) => body.includes(number)).map((body) => /\rORC\|(\w+)/.exec(body)?.[1]);
      expect(seen).toEqual(["NW", "NW", "CA"]);
    });

    it("in a status that a laboratory has no word for are held", async () => {
      const number = own("ORD7730102");
      await said(number, (text) => text.replace('"active"', '"draft"'));
      await expect.poll(() => work("lab-order-review", number)).toMatchObject([{ code: "CAS-107", owner: "lab-desk" }]);
      // The desk is told before the record says so.
      const [{ message } = { message: 0 }] = work("lab-order-review", number);
      await expect.poll(() => example.engine.operations.message(message)?.entries).toMatchObject([{ state: "held", code: "CAS-107" }]);
      await example.engine.operations.discard("lab-orders/laboratory", message, "draft");
      expect(work("lab-order-review", number)).toEqual([]);
    });
  });

  describe("results", () => {
    /** The order whose results the tests after the first one go on with. */
    let corrected = "";

    it("of an order and a patient that are known go on, and nobody has work", async () => {
      const [number, ids] = [own("ORD7730110"), ["R110P", "R110F", "R110C"].map(own)];
      await admitted("90017734");
      await order(number);
      await send({ id: ids[0] ?? "", order: number, filler: "LAB110", status: "P", minute: 10 });
      await send({ id: ids[1] ?? "", order: number, filler: "LAB110", status: "F", minute: 20 });
      await send({ id: ids[2] ?? "", order: number, filler: "LAB110", status: "C", minute: 30, obx: potassium("4.3", "mmol/L", "N", "2823-3", "C") });
      await example.settled();
      expect(amongAtWard(ids)).toEqual(ids);
      const reports = example.peers.received("ehr").filter(({ body }) => body.includes(number)).map(({ body }) => JSON.parse(body).entry.find(({ resource }: { resource: { resourceType: string } }) => resource.resourceType === "DiagnosticReport").resource.status);
      expect(reports).toEqual(["preliminary", "final", "corrected"]);
      expect(work(undefined, number)).toEqual([]);
      corrected = number;
    });

    it("older than their correction, and final, are held: nothing overwrites the correction", async () => {
      const id = own("R110F2");
      await send({ id, order: corrected, status: "F", minute: 25 });
      await expect.poll(() => entry("ward")).toMatchObject({ state: "held", code: "CAS-103" });
      await example.settled();
      expect(idsAtWard()).not.toContain(id);
      expect(work("lab-order-review", `|${id}|`)).toMatchObject([{ code: "CAS-103", owner: "lab-desk" }]);
    });

    it("final again after their correction, without being older, are held as well", async () => {
      await send({ id: own("R110F3"), order: corrected, status: "F", minute: 40 });
      await expect.poll(() => entry("ward")).toMatchObject({ state: "held", code: "CAS-104" });
    });

    it("before their order go on and stand on the list of unmatched orders; what follows is held against them", async () => {
      const [number, correction, late] = [own("ORD7730111"), own("R111C"), own("R111F")];
      await send({ id: correction, order: number, status: "C", minute: 30 });
      await eventually(() => idsAtWard().includes(correction));
      expect(work("unmatched-orders", number)).toMatchObject([{ code: "CAS-102", owner: "lab-desk" }]);
      await send({ id: late, order: number, status: "F", minute: 20 });
      await expect.poll(() => entry("ward")).toMatchObject({ state: "held", code: "CAS-103" });
      await example.settled();
      expect(idsAtWard()).not.toContain(late);
    });

    it("that nobody has ordered go by the laboratory's number", async () => {
      const [filler, preliminary, final] = [own("LB112"), own("R112P"), own("R112F")];
      await send({ id: preliminary, order: "", filler, status: "P", minute: 10 });
      await send({ id: final, order: "", filler, status: "F", minute: 20 });
      await eventually(() => idsAtWard().includes(final));
      expect(work("unmatched-orders", filler)).toHaveLength(1);
    });

    it("of a patient whom no admission has named go on, and stand on the list of unmatched patients", async () => {
      const id = own("R113");
      await send({ id, order: "", mrn: own("90017799") });
      await eventually(() => idsAtWard().includes(id));
      expect(work("unmatched-patients", `|${id}|`)).toMatchObject([{ code: "CAS-108", owner: "lab-desk" }]);
    });

    it("of another patient than the order are held", async () => {
      const [number, id] = [own("ORD7730114"), own("R114")];
      await order(number);
      await send({ id, order: number, mrn: "90017799" });
      await expect.poll(() => entry("ward")).toMatchObject({ state: "held", code: "CAS-106" });
      await example.settled();
      expect(idsAtWard()).not.toContain(id);
    });

    it("with a code that nobody here knows go on as they came, and stand on the list of unmapped tests", async () => {
      const [number, id] = [own("ORD7730115"), own("R115")];
      await order(number);
      await send({ id, order: number, obx: potassium("4.1", "mmol/L", "N", "99999-9") });
      await eventually(() => idsAtWard().includes(id));
      expect(atWard().find((body) => body.includes(`|${id}|`))).toContain("99999-9^Potassium^LN||4.1|mmol/L");
      expect(work("unmapped-tests", number)).toMatchObject([{ code: "CAS-114", owner: "lab-desk" }]);
    });

    it("in another unit are held, and go nowhere until the table says so", async () => {
      const [number, id] = [own("ORD7730116"), own("R116")];
      await order(number);
      await send({ id, order: number, obx: potassium("16.0", "mg/dL") });
      await expect.poll(() => [entry("ward"), entry("ehr")]).toMatchObject([{ state: "held", code: "CAS-115" }, { state: "held", code: "CAS-115" }]);
      await example.settled();
      expect(idsAtWard()).not.toContain(id);
      expect(work("unmapped-tests", number).map(({ code }) => code)).toContain("CAS-115");
      // Nobody can say that a value in another unit is within the site's limits: whoever is on call is told at once.
      await eventually(() => pages().some((page) => page.order === number));
    });

    it("outside their range without a flag go on, and stand on a list; within the site's limits nobody is called", async () => {
      const [number, id] = [own("ORD7730117"), own("R117")];
      await order(number);
      await send({ id, order: number, obx: potassium("5.6", "mmol/L", "") });
      await eventually(() => idsAtWard().includes(id));
      expect(atWard().find((body) => body.includes(`|${id}|`))).toContain("||5.6|mmol/L|3.5-5.1|||");
      expect(work("unmapped-tests", number).map(({ code }) => code)).toContain("CAS-116");
      await example.settled();
      expect(pages().some((page) => page.order === number)).toBe(false);
    });

    it("leave no trace of a patient in the log", () => nothingLeaked());
  });

  describe("critical results", () => {
    const critical = (id: string, number: string, flag = "HH", value = "7.1") => send({ id, order: number, obx: potassium(value, "mmol/L", flag) });
    const say = (body: object) => post("/critical-seen", "paging_token", JSON.stringify(body));
    const alertOf = (number: string) => pages().find((page) => page.order === number)?.alert;
    /** What the paging service has said so far has come to its end. */
    const heard = () => expect.poll(() => example.engine.operations.messages({ channel: "critical-seen", limit: 50 }).flatMap(({ entries }) => entries).filter(({ state }) => state === "waiting")).toEqual([]);

    it("are told at once on a path of their own, though the ward and the record are stuck, and end by the callback alone", async () => {
      const [number, id, nurse] = [own("ORD7730120"), own("R120"), own("charge nurse ")];
      example.peers.of("onCall").onDuty = undefined;
      await order(number);
      example.peers.of("ward").push(...Array<"AE">(2000).fill("AE"));
      await critical(id, number);
      await eventually(() => alertOf(number) !== undefined);
      await eventually(() => idsAtWard().at(-1) === id);
      expect(entry("ward")?.state).toBe("waiting");
      await eventually(() => entry("on-call")?.state === "held");
      const [item] = work("critical-results", number);
      expect(item).toMatchObject({ code: "CAS-110", owner: "lab-desk" });
      await expect(example.engine.operations.work.close(item?.id ?? 0, "jdoe", "no", false)).rejects.toMatchObject({ code: "CAS-206" });
      // Nobody's name, and somebody's alert that is none.
      await say({ alert: alertOf(number), by: "" });
      await say({ alert: "of-nobody", by: "nurse" });
      await heard();
      expect(entry("on-call")?.state).toBe("held");
      await say({ alert: alertOf(number), by: nurse });
      await eventually(() => entry("on-call")?.state === "delivered");
      await expect.poll(() => work("critical-results", number)).toEqual([]);
      await eventually(() => example.peers.received("inbox").some(({ body }) => body.includes(nurse)));
      example.peers.of("ward").length = 0;
      await eventually(() => entry("ward")?.state === "delivered");
    });

    it("whose flag is missing are told of by the site's limits", async () => {
      const number = own("ORD7730121");
      await order(number);
      await critical(own("R121"), number, "", "6.9");
      await eventually(() => entry("on-call")?.state === "delivered");
      expect(alertOf(number)).toBeDefined();
    });

    it("of an unknown order and patient are told of before anybody has matched them", async () => {
      const filler = own("LB122");
      await send({ id: own("R122"), order: "", filler, mrn: own("90017798"), obx: potassium("1.9", "mmol/L", "LL") });
      await eventually(() => alertOf(filler) !== undefined);
    });

    it("are told of although the pagers are down for a while", async () => {
      const number = own("ORD7730123");
      await order(number);
      example.peers.of("onCall").down = 3;
      await critical(own("R123"), number);
      await eventually(() => entry("on-call")?.state === "delivered");
      expect(pages().filter((page) => page.order === number).map(({ path }) => path)).toEqual(["/page", "/charge-nurse", "/page", "/charge-nurse"]);
    });

    it("that correct a critical one to normal are told of again", async () => {
      const [number, filler] = [own("ORD7730124"), own("LB124")];
      const told = () => pages().filter((page) => page.order === number).length;
      await order(number);
      await send({ id: own("R124"), order: number, filler, obx: potassium("7.1", "mmol/L", "HH") });
      await eventually(() => entry("on-call")?.state === "delivered");
      expect(told()).toBe(1);
      await send({ id: own("R124C"), order: number, filler, status: "C", minute: 30, obx: potassium("4.4", "mmol/L", "N", "2823-3", "C") });
      await eventually(() => told() === 2);
    });

    it("leave no trace of a patient in the log", () => nothingLeaked());
  });

  describe("a bad day of the receiver", () => {
    it("AE for a database outage: sent again in order, nothing lost, nothing passes it", async () => {
      const [numbers, ids] = [[130, 131, 132].map((n) => own(`ORD7730${n}`)), [130, 131, 132].map((n) => own(`R${n}`))];
      for (const number of numbers) await order(number);
      example.peers.of("ward").push(...Array<"AE">(6).fill("AE"));
      for (const [i, id] of ids.entries()) await send({ id, order: numbers[i] ?? "" });
      await eventually(() => entry("ward")?.state === "delivered");
      expect(amongAtWard(ids)).toEqual([...Array(7).fill(ids[0]), ids[1], ids[2]]);
    });

    it("AR: rejected, kept for somebody to look at, and the next goes on", async () => {
      const [numbers, ids] = [[133, 134].map((n) => own(`ORD7730${n}`)), [133, 134].map((n) => own(`R${n}`))];
      for (const number of numbers) await order(number);
      example.peers.of("ward").push("AR");
      for (const [i, id] of ids.entries()) await send({ id, order: numbers[i] ?? "" });
      await eventually(() => entry("ward")?.state === "delivered");
      expect(amongAtWard(ids)).toEqual(ids);
      const refused = example.engine.operations.messages({ lane: "lab-results/ward", limit: 2 })[1]?.entries.find(({ lane }) => lane === "lab-results/ward");
      expect(refused).toMatchObject({ state: "rejected", attempts: 1 });
    });

    it("an answer that is lost: the same message again, under the same control id", async () => {
      const [number, id] = [own("ORD7730135"), own("R135")];
      await order(number);
      example.peers.of("ward").push("close");
      await send({ id, order: number });
      await eventually(() => entry("ward")?.state === "delivered");
      const [first, ...others] = atWard().filter((body) => body.includes(`|${id}|`));
      expect(others).toEqual([first]);
    });
  });

  it("takes results of a client that others wrote (node-hl7-client), one after the other", async () => {
    const client = new Client({ host: "127.0.0.1", version: "2.5.1" });
    const heard: string[] = [];
    const connection = client.createConnection({ port: example.at(2575), version: "2.5.1", waitAck: true }, async (answer) => void heard.push(answer.getMessage().get("MSA.1").toString()));
    try {
      const ids = [140, 141].map((n) => own(`R${n}`));
      for (const [i, id] of ids.entries()) {
        const number = own(`ORD773014${i}`);
        await order(number);
        const { Message } = await import("node-hl7-client");
        await connection.sendMessage(new Message({ text: result({ id, order: number }) }));
        await eventually(() => heard.length === i + 1);
      }
      expect(heard).toEqual(["AA", "AA"]);
      await expect.poll(() => amongAtWard(ids)).toEqual(ids);
    } finally {
      await client.closeAll();
    }
  });

  describe("where a result waits for its order", () => {
    let other: ExampleProject;
    beforeAll(async () => void (other = await exampleProject((text, file) => {
      const own = quick(text).replace("unmatched: { list: unmatched-orders, do: deliver }", "unmatched: { list: unmatched-orders, do: hold, for: 8s }");
      return file === "lab-results.yaml" ? own : quick(text);
    })));
    afterAll(() => other?.close());

    it("it is held, stands on the list, and follows its order", async () => {
      const [number, id] = [own("ORD7730150"), own("W1")];
      await send({ id, order: number }, other);
      await expect.poll(() => entry("ward", other)).toMatchObject({ state: "held", code: "CAS-102" });
      expect(work("unmatched-orders", number, other)).toHaveLength(1);
      await order(number, other);
      await eventually(() => entry("ward", other)?.state === "delivered");
      await expect.poll(() => work("unmatched-orders", number, other)).toEqual([]);
    });

    it("a critical one is told of at once all the same; after its time it goes on without", async () => {
      const [number, id] = [own("ORD7730151"), own("W2")];
      other.peers.of("onCall").onDuty = undefined;
      await send({ id, order: number, obx: potassium("7.1", "mmol/L", "HH") }, other);
      await eventually(() => pages(other).some((page) => page.order === number));
      await expect.poll(() => entry("ward", other)?.state).toBe("held");
      expect(idsAtWard(other)).not.toContain(id);
      await eventually(() => idsAtWard(other).includes(id));
      nothingLeaked(other);
    });
  });

  describe("what a transform makes of a result is held against what came", () => {
    let other: ExampleProject;
    const careless = [
      '      for (const note of msg.all("NTE")) msg.removeSegment(note);',
      '      if (msg.get("OBX-5") === "4.2") msg.set("OBX-5", "42");',
      '      if (msg.get("OBX-5") === "4.4") msg.removeSegment("OBX");',
    ].join("\n");
    const approved = `    clinical:
      exceptions:
        - name: no-room-for-comments
          allows: [CLN-110]
          reason: The ward's system has no place for comments; they stand in the record
          approved: { by: laboratory director, date: 2026-03-01 }
`;
    const careful = (text: string) => text.replace('      return msg;\n    mllp: { endpoint: results }\n', `${careless}\n      return msg;\n${approved}    mllp: { endpoint: results }\n`);
    const ended = (id: string) => {
      const message = other.engine.operations.messages({ lane: "lab-results/ward", limit: 50 }).find(({ id: number }) => Buffer.from(other.engine.operations.message(number)?.raw?.bytes ?? []).includes(`|${id}|`));
      return { number: message?.id ?? 0, entries: Object.fromEntries((message?.entries ?? []).map((each) => [each.lane.split("/")[1], `${each.state} ${each.code ?? ""}`.trim()])) };
    };
    beforeAll(async () => void (other = await exampleProject((text, file) => (file === "lab-results.yaml" ? careful(quick(text)) : quick(text)))));
    afterAll(() => other?.close());

    it("a difference that somebody has approved goes, and the message says under which name", async () => {
      const id = own("C1");
      await send({ id, order: "", obx: `${potassium()}\rNTE|1|L|Slightly hemolyzed.` }, other);
      await eventually(() => idsAtWard(other).includes(id));
      expect(atWard(other).find((body) => body.includes(`|${id}|`))).not.toContain("NTE|");
      expect(other.engine.operations.message(ended(id).number)?.log.join()).toContain("CLN-110 no-room-for-comments 1");
    });

    it("any other is held for its owner; other destinations, and what comes after it, go on", async () => {
      const [changed, lost, same] = [own("C2"), own("C3"), own("C4")];
      await differing(changed, lost);
      await send({ id: same, order: "", obx: potassium("4.6") }, other);
      await eventually(() => idsAtWard(other).includes(same));
      expect(amongAtWard([changed, lost, same], other)).toEqual([same]);
      await expect.poll(() => [ended(changed).entries, ended(lost).entries]).toMatchObject([{ ward: "held CLN-103", ehr: "delivered" }, { ward: "held CLN-101", ehr: "delivered" }]);
      const listed = [lost, changed].flatMap((id) => work("clinical-differences", `|${id}|`, other));
      expect(listed.map(({ code, owner, message }) => [code, owner, message])).toEqual([["CLN-101", "lab-desk", ended(lost).number], ["CLN-103", "lab-desk", ended(changed).number]]);
      nothingLeaked(other);
    });

    it("nobody can wave it through; mended, it is made anew and its work is over", async () => {
      const [changed, lost] = [own("C5"), own("C6")];
      const file = join(other.root, "lab-results.yaml");
      const text = readFileSync(file, "utf8");
      const open = () => [changed, lost].flatMap((id) => work("clinical-differences", `|${id}|`, other));
      await differing(changed, lost);
      await expect.poll(() => [ended(changed).entries, ended(lost).entries]).toMatchObject([{ ward: "held CLN-103" }, { ward: "held CLN-101" }]);
      const item = open().find(({ message }) => message === ended(changed).number);
      await other.engine.operations.work.close(item?.id ?? 0, "jdoe", "looks right", true);
      await other.settled();
      expect([ended(changed).entries, idsAtWard(other).includes(changed)]).toMatchObject([{ ward: "held CLN-103" }, false]);
      try {
        writeFileSync(file, text.replace(careless, ""));
        await other.engine.reload(await loadProject(other.root));
        for (const id of [changed, lost]) await other.engine.operations.retry("lab-results/ward", ended(id).number);
        await expect.poll(() => amongAtWard([changed, lost], other)).toEqual([changed, lost]);
      } finally {
        writeFileSync(file, text);
        await other.engine.reload(await loadProject(other.root));
      }
      expect(atWard(other).find((body) => body.includes(`|${changed}|`))).toContain("||4.2|mmol/L|");
      await expect.poll(open).toEqual([]);
      expect(other.engine.operations.status().conservationGap).toBe(0);
    });

    /** A result whose value the careless transform changes, and one of which it loses a value. */
    async function differing(changed: string, lost: string): Promise<void> {
      await send({ id: changed, order: "", obx: potassium("4.2") }, other);
      await send({ id: lost, order: "", obx: `${potassium("4.4")}\r${potassium("4.5").replace("OBX|1", "OBX|2")}` }, other);
    }
  });
});
