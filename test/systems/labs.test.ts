import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "node-hl7-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

  const post = (path: string, token: string, body: string, to = example) => fetch(`http://127.0.0.1:${to.at(8041)}${path}`, { method: "POST", headers: { authorization: `Bearer ${to.secret(token)}`, "content-type": "application/fhir+json" }, body });
  const ordered = readFileSync("channels/fixtures/order-panel.json", "utf8");
  const order = async (number: string, change: (text: string) => string = (text) => text, to = example) =>
    expect((await post("/orders", "visits_orders_token", change(ordered.replaceAll("ORD7730021", number)), to)).status).toBeLessThan(300);
  const admitted = async (mrn: string, to = example) => expect(await sendMllp(to.at(2577), readFileSync("channels/fixtures/adt-a01.hl7", "latin1").replaceAll("81-552207", mrn).replace("NA20260302000017", `ADM${mrn}`))).toContain("MSA|CA|");
  const send = async (what: Result, to = example) => expect(await sendMllp(to.at(2575), result(what))).toContain(`MSA|AA|${what.id}`);
  const atWard = (to = example) => to.peers.received("ward").map(({ body }) => body);
  const idsAtWard = (to = example) => atWard(to).map((body) => body.split("|")[9]);
  const pages = (to = example) => to.peers.received("onCall").map(({ path, body }) => ({ path, ...(JSON.parse(body) as { alert: string; order: string; patient: string }) }));
  const work = (list: string, to = example) => to.engine.operations.work.list({ list, state: "open", limit: 50 });
  /** The entry of the ward for the newest message of the channel with results. */
  const entry = (lane: string, to = example) => to.engine.operations.messages({ lane: `lab-results/${lane}`, limit: 1 })[0]?.entries.find((each) => each.lane === `lab-results/${lane}`);
  const nothingLeaked = (to = example) => {
    for (const value of ["90017734", "TESTPATIENT", "1964", "ORD77"]) expect(to.log.join("\n")).not.toContain(value);
    expect(to.engine.operations.status().conservationGap).toBe(0);
  };

  describe("orders", () => {
    it("become OML^O21 at the laboratory, whose ORL^O22 acknowledges them", async () => {
      await order("ORD7730100");
      await example.settled();
      const [oml = ""] = example.peers.received("lab").map(({ body }) => body);
      const line = (name: string) => oml.split("\r").find((each) => each.startsWith(name))?.split("|") ?? [];
      expect(line("MSH")[8]).toBe("OML^O21^OML_O21");
      expect(line("PID").slice(3, 9)).toEqual(["90017734^^^&2.16.840.1.113883.19.5&ISO^MR", "", "TESTPATIENT^ALMA^Q", "", "19640229", "F"]);
      expect([line("ORC")[1], line("ORC")[2], line("OBR")[2], line("OBR")[4]]).toEqual(["NW", "ORD7730100", "ORD7730100", "24320-4^Basic metabolic 2000 panel - Serum or Plasma^LN"]);
      expect(line("SPM")[17]).toBe("20260301133000-0500");
    });

    it("of the fixture are sent by the command line", () => example.send("fixtures/order-panel.json"));

    it("are cancelled there, in order", async () => {
      example.peers.of("lab").push("AE");
      await order("ORD7730101");
      await order("ORD7730101", (text) => text.replace('"active"', '"revoked"'));
      await example.settled();
      const seen = example.peers.received("lab").map(({ body }) => body).filter((body) => body.includes("ORD7730101")).map((body) => /\rORC\|(\w+)/.exec(body)?.[1]);
      expect(seen).toEqual(["NW", "NW", "CA"]);
    });

    it("in a status that a laboratory has no word for are held", async () => {
      await order("ORD7730102", (text) => text.replace('"active"', '"draft"'));
      await eventually(() => work("lab-order-review").length === 1);
      expect(work("lab-order-review")).toMatchObject([{ code: "CAS-107", owner: "lab-desk" }]);
      await example.engine.operations.discard("lab-orders/laboratory", work("lab-order-review")[0]?.message ?? 0, "draft");
    });
  });

  describe("results", () => {
    it("of an order and a patient that are known go on, and nobody has work", async () => {
      await admitted("90017734");
      await order("ORD7730110");
      await example.settled();
      await send({ id: "R110P", order: "ORD7730110", status: "P", minute: 10 });
      await send({ id: "R110F", order: "ORD7730110", status: "F", minute: 20 });
      await send({ id: "R110C", order: "ORD7730110", status: "C", minute: 30, obx: potassium("4.3", "mmol/L", "N", "2823-3", "C") });
      await example.settled();
      expect(idsAtWard()).toEqual(["R110P", "R110F", "R110C"]);
      const reports = example.peers.received("ehr").map(({ body }) => JSON.parse(body).entry.find(({ resource }: { resource: { resourceType: string } }) => resource.resourceType === "DiagnosticReport").resource.status);
      expect(reports).toEqual(["preliminary", "final", "corrected"]);
      expect(example.engine.operations.work.list({ state: "open", limit: 5 })).toEqual([]);
    });

    it("older than their correction, and final, are held: nothing overwrites the correction", async () => {
      const before = atWard().length;
      await send({ id: "R110F2", order: "ORD7730110", status: "F", minute: 25 });
      await eventually(() => entry("ward")?.state === "held");
      expect(entry("ward")?.code).toBe("CAS-103");
      expect(atWard()).toHaveLength(before);
      expect(work("lab-order-review")).toMatchObject([{ code: "CAS-103", owner: "lab-desk" }]);
    });

    it("final again after their correction, without being older, are held as well", async () => {
      await send({ id: "R110F3", order: "ORD7730110", status: "F", minute: 40 });
      await eventually(() => entry("ward")?.state === "held");
      expect(entry("ward")?.code).toBe("CAS-104");
    });

    it("before their order go on and stand on the list of unmatched orders; what follows is held against them", async () => {
      await send({ id: "R111C", order: "ORD7730111", status: "C", minute: 30 });
      await eventually(() => idsAtWard().includes("R111C"));
      expect(work("unmatched-orders")).toMatchObject([{ code: "CAS-102", owner: "lab-desk" }]);
      await send({ id: "R111F", order: "ORD7730111", status: "F", minute: 20 });
      await eventually(() => entry("ward")?.state === "held");
      expect(entry("ward")?.code).toBe("CAS-103");
      expect(idsAtWard()).not.toContain("R111F");
    });

    it("that nobody has ordered go by the laboratory's number", async () => {
      const before = work("unmatched-orders").length;
      await send({ id: "R112P", order: "", filler: "LB112", status: "P", minute: 10 });
      await send({ id: "R112F", order: "", filler: "LB112", status: "F", minute: 20 });
      await eventually(() => idsAtWard().includes("R112F"));
      expect(work("unmatched-orders")).toHaveLength(before + 1);
    });

    it("of a patient whom no admission has named go on, and stand on the list of unmatched patients", async () => {
      await send({ id: "R113", order: "", mrn: "90017799" });
      await eventually(() => idsAtWard().includes("R113"));
      expect(work("unmatched-patients")).toMatchObject([{ code: "CAS-108", owner: "lab-desk" }]);
    });

    it("of another patient than the order are held", async () => {
      await order("ORD7730114");
      await send({ id: "R114", order: "ORD7730114", mrn: "90017799" });
      await eventually(() => entry("ward")?.code === "CAS-106");
      expect(idsAtWard()).not.toContain("R114");
    });

    it("with a code that nobody here knows go on as they came, and stand on the list of unmapped tests", async () => {
      await order("ORD7730115");
      await send({ id: "R115", order: "ORD7730115", obx: potassium("4.1", "mmol/L", "N", "99999-9") });
      await eventually(() => idsAtWard().includes("R115"));
      expect(atWard().find((body) => body.includes("|R115|"))).toContain("99999-9^Potassium^LN||4.1|mmol/L");
      expect(work("unmapped-tests")).toMatchObject([{ code: "CAS-114", owner: "lab-desk" }]);
    });

    it("in another unit are held, and go nowhere until the table says so", async () => {
      await order("ORD7730116");
      await send({ id: "R116", order: "ORD7730116", obx: potassium("16.0", "mg/dL") });
      await eventually(() => entry("ward")?.code === "CAS-115");
      expect([entry("ward")?.state, entry("ehr")?.state]).toEqual(["held", "held"]);
      expect(idsAtWard()).not.toContain("R116");
      expect(work("unmapped-tests").map(({ code }) => code)).toContain("CAS-115");
      // Nobody can say that a value in another unit is within the site's limits: whoever is on call is told at once.
      await eventually(() => pages().some((page) => page.order === "ORD7730116"));
    });

    it("outside their range without a flag go on, and stand on a list; within the site's limits nobody is called", async () => {
      await order("ORD7730117");
      await send({ id: "R117", order: "ORD7730117", obx: potassium("5.6", "mmol/L", "") });
      await eventually(() => idsAtWard().includes("R117"));
      expect(atWard().find((body) => body.includes("|R117|"))).toContain("||5.6|mmol/L|3.5-5.1|||");
      expect(work("unmapped-tests").map(({ code }) => code)).toContain("CAS-116");
      expect(pages().some((page) => page.order === "ORD7730117")).toBe(false);
    });

    it("leave no trace of a patient in the log", () => nothingLeaked());
  });

  describe("critical results", () => {
    const critical = (id: string, number: string, flag = "HH", value = "7.1") => send({ id, order: number, obx: potassium(value, "mmol/L", flag) });
    const say = (body: object) => post("/critical-seen", "paging_token", JSON.stringify(body));
    const alertOf = (number: string) => pages().find((page) => page.order === number)?.alert;

    it("are told at once on a path of their own, though the ward and the record are stuck, and end by the callback alone", async () => {
      example.peers.of("onCall").onDuty = undefined;
      await order("ORD7730120");
      example.peers.of("ward").push(...Array<"AE">(400).fill("AE"));
      await critical("R120", "ORD7730120");
      await eventually(() => alertOf("ORD7730120") !== undefined);
      expect(idsAtWard().at(-1)).toBe("R120");
      expect(entry("ward")?.state).toBe("waiting");
      await eventually(() => entry("on-call")?.state === "held");
      const [item] = work("critical-results");
      expect(item).toMatchObject({ code: "CAS-110", owner: "lab-desk" });
      await expect(example.engine.operations.work.close(item?.id ?? 0, "jdoe", "no", false)).rejects.toMatchObject({ code: "CAS-206" });
      // Nobody's name, and somebody's alert that is none.
      await say({ alert: alertOf("ORD7730120"), by: "" });
      await say({ alert: "of-nobody", by: "nurse" });
      expect(entry("on-call")?.state).toBe("held");
      await say({ alert: alertOf("ORD7730120"), by: "charge nurse" });
      await eventually(() => entry("on-call")?.state === "delivered");
      expect(work("critical-results")).toEqual([]);
      await eventually(() => example.peers.received("inbox").some(({ body }) => body.includes("charge nurse")));
      example.peers.of("ward").length = 0;
      await eventually(() => entry("ward")?.state === "delivered");
    });

    it("whose flag is missing are told of by the site's limits", async () => {
      example.peers.of("onCall").onDuty = "on-call-nurse";
      await order("ORD7730121");
      await critical("R121", "ORD7730121", "", "6.9");
      await eventually(() => entry("on-call")?.state === "delivered");
      expect(alertOf("ORD7730121")).toBeDefined();
    });

    it("of an unknown order and patient are told of before anybody has matched them", async () => {
      await send({ id: "R122", order: "", filler: "LB122", mrn: "90017798", obx: potassium("1.9", "mmol/L", "LL") });
      await eventually(() => alertOf("LB122") !== undefined);
    });

    it("are told of although the pagers are down for a while", async () => {
      await order("ORD7730123");
      example.peers.of("onCall").down = 3;
      await critical("R123", "ORD7730123");
      await eventually(() => entry("on-call")?.state === "delivered");
      expect(pages().filter((page) => page.order === "ORD7730123").map(({ path }) => path)).toEqual(["/page", "/charge-nurse", "/page", "/charge-nurse"]);
    });

    it("that correct a critical one to normal are told of again", async () => {
      await send({ id: "R123C", order: "ORD7730123", filler: "LABR123", status: "C", minute: 30, obx: potassium("4.4", "mmol/L", "N", "2823-3", "C") });
      await eventually(() => pages().filter((page) => page.order === "ORD7730123").length === 5);
    });

    it("leave no trace of a patient in the log", () => nothingLeaked());
  });

  describe("a bad day of the receiver", () => {
    it("AE for a database outage: sent again in order, nothing lost, nothing passes it", async () => {
      for (const n of [130, 131, 132]) await order(`ORD7730${n}`);
      example.peers.of("ward").push(...Array<"AE">(6).fill("AE"));
      for (const n of [130, 131, 132]) await send({ id: `R${n}`, order: `ORD7730${n}` });
      await eventually(() => entry("ward")?.state === "delivered");
      expect(idsAtWard().slice(-9)).toEqual([...Array(7).fill("R130"), "R131", "R132"]);
    });

    it("AR: rejected, kept for somebody to look at, and the next goes on", async () => {
      for (const n of [133, 134]) await order(`ORD7730${n}`);
      example.peers.of("ward").push("AR");
      await send({ id: "R133", order: "ORD7730133" });
      await send({ id: "R134", order: "ORD7730134" });
      await eventually(() => entry("ward")?.state === "delivered");
      expect(idsAtWard().slice(-2)).toEqual(["R133", "R134"]);
      const refused = example.engine.operations.messages({ lane: "lab-results/ward", limit: 2 })[1]?.entries.find(({ lane }) => lane === "lab-results/ward");
      expect(refused).toMatchObject({ state: "rejected", attempts: 1 });
    });

    it("an answer that is lost: the same message again, under the same control id", async () => {
      await order("ORD7730135");
      example.peers.of("ward").push("close");
      await send({ id: "R135", order: "ORD7730135" });
      await eventually(() => entry("ward")?.state === "delivered");
      const [first, second] = atWard().filter((body) => body.includes("|R135|"));
      expect([first, atWard().filter((body) => body.includes("|R135|")).length]).toEqual([second, 2]);
    });
  });

  it("takes results of a client that others wrote (node-hl7-client), one after the other", async () => {
    const client = new Client({ host: "127.0.0.1", version: "2.5.1" });
    const heard: string[] = [];
    const connection = client.createConnection({ port: example.at(2575), version: "2.5.1", waitAck: true }, async (answer) => void heard.push(answer.getMessage().get("MSA.1").toString()));
    try {
      for (const n of [140, 141]) {
        await order(`ORD7730${n}`);
        const { Message } = await import("node-hl7-client");
        await connection.sendMessage(new Message({ text: result({ id: `R${n}`, order: `ORD7730${n}` }) }));
        await eventually(() => heard.length === n - 139);
      }
      expect(heard).toEqual(["AA", "AA"]);
      await eventually(() => idsAtWard().slice(-2).join() === "R140,R141");
    } finally {
      await client.closeAll();
    }
  });

  describe("where a result waits for its order", () => {
    let other: ExampleProject;
    beforeAll(async () => void (other = await exampleProject((text, file) => {
      const own = quick(text).replace("unmatched: { list: unmatched-orders, do: deliver }", "unmatched: { list: unmatched-orders, do: hold, for: 2s }");
      return file === "lab-results.yaml" ? own : quick(text);
    })));
    afterAll(() => other?.close());

    it("it is held, stands on the list, and follows its order", async () => {
      await send({ id: "W1", order: "ORD7730150" }, other);
      await eventually(() => entry("ward", other)?.code === "CAS-102");
      expect(work("unmatched-orders", other)).toHaveLength(1);
      await order("ORD7730150", undefined, other);
      await eventually(() => entry("ward", other)?.state === "delivered");
      expect(work("unmatched-orders", other)).toEqual([]);
    });

    it("a critical one is told of at once all the same", async () => {
      other.peers.of("onCall").onDuty = undefined;
      await send({ id: "W2", order: "ORD7730151", obx: potassium("7.1", "mmol/L", "HH") }, other);
      await eventually(() => pages(other).some((page) => page.order === "ORD7730151"));
      expect(entry("ward", other)?.state).toBe("held");
    });

    it("after its time it goes on without", async () => {
      await eventually(() => idsAtWard(other).includes("W2"));
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
      await send({ id: "C1", order: "", obx: `${potassium()}\rNTE|1|L|Slightly hemolyzed.` }, other);
      await eventually(() => idsAtWard(other).includes("C1"));
      expect(atWard(other)[0]).not.toContain("NTE|");
      expect(other.engine.operations.message(ended("C1").number)?.log.join()).toContain("CLN-110 no-room-for-comments 1");
    });

    it("any other is held for its owner; other destinations, and what comes after it, go on", async () => {
      await send({ id: "C2", order: "", obx: potassium("4.2") }, other);
      await send({ id: "C3", order: "", obx: `${potassium("4.4")}\r${potassium("4.5").replace("OBX|1", "OBX|2")}` }, other);
      await send({ id: "C4", order: "", obx: potassium("4.6") }, other);
      await eventually(() => idsAtWard(other).includes("C4"));
      expect(idsAtWard(other)).toEqual(["C1", "C4"]);
      expect([ended("C2").entries, ended("C3").entries]).toMatchObject([{ ward: "held CLN-103", ehr: "delivered" }, { ward: "held CLN-101", ehr: "delivered" }]);
      expect(work("clinical-differences", other).map(({ code, owner, message }) => [code, owner, message])).toEqual([["CLN-101", "lab-desk", ended("C3").number], ["CLN-103", "lab-desk", ended("C2").number]]);
      nothingLeaked(other);
    });

    it("nobody can wave it through; mended, it is made anew and its work is over", async () => {
      const [, item] = work("clinical-differences", other);
      await other.engine.operations.work.close(item?.id ?? 0, "jdoe", "looks right", true);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(idsAtWard(other)).not.toContain("C2");
      const file = join(other.root, "lab-results.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace(careless, ""));
      await other.engine.reload(await loadProject(other.root));
      for (const id of ["C2", "C3"]) await other.engine.operations.retry("lab-results/ward", ended(id).number);
      await eventually(() => idsAtWard(other).slice(-2).join() === "C2,C3");
      expect(atWard(other).slice(-2).join()).toContain("||4.2|mmol/L|");
      await eventually(() => work("clinical-differences", other).length === 0);
      expect(other.engine.operations.status().conservationGap).toBe(0);
    });
  });
});
