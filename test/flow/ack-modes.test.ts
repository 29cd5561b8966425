import { afterEach, describe, expect, test } from "vitest";
import { ask, codeOf, reasonOf, within } from "./asking.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { oru, partnersYaml, sluiceYaml } from "./small-project.ts";

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

interface Parts {
  readonly source: string;
  readonly ward?: string;
  readonly filter?: string;
  /** The partner does not listen. */
  readonly away?: boolean;
  readonly http?: boolean;
  /** What the ward's link lets out; default: all. */
  readonly allow?: string;
  /** How long the lane waits for the ward. */
  readonly timeout?: string;
}

/** One channel from MLLP (or HTTP) to a ward on MLLP, whose answers the test writes. */
async function setUp({ source, ward = "", filter = "", away = false, http = false, timeout = "20s", allow = "*" }: Parts) {
  const partner = new MllpPartner();
  open.push(partner);
  const ports = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  if (!away) await partner.listen(ports.ward);
  const channel = `channel: results
classification: phi
source:
  partner: lab
  ${http ? `http: { port: ${ports.source}, path: /in, id: { header: X-Id } }` : `mllp: { port: ${ports.source} }`}
  format: hl7v2
  ${source}
${filter}
destinations:
  ward:
    partner: ward
    purpose: TREAT
    mllp: { timeout: ${timeout} }
    retry: { initial: 20ms, max: 50ms }
${ward}
`;
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": wardAllowing(partnersYaml(ports), allow), "results.yaml": channel });
  open.push(disk);
  return { partner, ports, disk };
}

/** The last link of the file is the ward's. */
function wardAllowing(partners: string, allow: string): string {
  const at = partners.lastIndexOf('allow: ["*"]');
  return `${partners.slice(0, at)}allow: ["${allow}"]${partners.slice(at + 'allow: ["*"]'.length)}`;
}

const lane = (disk: OnDisk) => disk.engine.operations.status().lanes[0];

describe("ack: processed", () => {
  test("AA once it is filled, before the partner has it", async () => {
    const { ports, disk } = await setUp({ source: "ack: processed", away: true });
    expect(codeOf(await sendMllp(ports.source, oru("C1")))).toBe("AA C1");
    expect(disk.engine.operations.messages({ limit: 1 })[0]?.entries[0]).toMatchObject({ state: "waiting", filled: true });
  });

  test("AE when the transform fails, AR when the boundary refuses, AA when a filter lets it end; and the same again from the record", async () => {
    const { ports, disk } = await setUp({
      source: "ack: processed",
      filter: "filter: { PID-5.1: [EXEMPLAR, THROWN, REFUSED] }",
      // The ward's link lets results out, and nothing else.
      allow: "ORU^R01",
      ward: `    transform: |
      if (msg.get("PID-5.1") === "THROWN") throw new Error("no");
      if (msg.get("PID-5.1") === "REFUSED") msg.set("MSH-9.2", "R30");
`,
    });
    const answersTo = async (id: string, family: string) => {
      const ack = await sendMllp(ports.source, oru(id, family));
      return [codeOf(ack), reasonOf(ack)].filter(Boolean).join(" ");
    };
    const all = async () => [await answersTo("C1", "EXEMPLAR"), await answersTo("C2", "THROWN"), await answersTo("C3", "REFUSED"), await answersTo("C4", "OTHER")];
    const right = ["AA C1", "AE C2 207 SBX-201", "AR C3 207 FLW-207", "AA C4"];
    expect(await all()).toEqual(right);
    expect(await all()).toEqual(right);
    await disk.restart();
    expect(await all()).toEqual(right);
  });
});

describe("ack: delivered", () => {
  test("AA after the partner has taken it, and the same again to a resend", async () => {
    const { ports, partner, disk } = await setUp({ source: "ack: delivered\n  within: 20s" });
    expect(codeOf(await sendMllp(ports.source, oru("C1")))).toBe("AA C1");
    expect(lane(disk)?.ends.delivered).toBe(1);
    expect(codeOf(await sendMllp(ports.source, oru("C1")))).toBe("AA C1");
    await disk.restart();
    expect(codeOf(await sendMllp(ports.source, oru("C1")))).toBe("AA C1");
    expect(partner.arrived).toEqual(["C1"]);
  });

  test("AE with the partner's no, and the same again after a restart", async () => {
    const { ports, partner, disk } = await setUp({ source: "ack: delivered\n  within: 20s" });
    partner.move = (id) => answer("AR", id, "ERR|||101^^HL70357|E\r");
    const ack = await sendMllp(ports.source, oru("C1"));
    expect([codeOf(ack), reasonOf(ack)]).toEqual(["AE C1", "207 FLW-312"]);
    await disk.restart();
    expect(reasonOf(await sendMllp(ports.source, oru("C1")))).toBe("207 FLW-312");
    expect(partner.arrived).toEqual(["C1"]);
  });

  test("what has not left at the deadline is cancelled and answered not now; the same message may come again, and then is delivered", async () => {
    const { ports, partner, disk } = await setUp({ source: "ack: delivered\n  within: 1s", away: true });
    const ack = await ask(ports.source, oru("C1"), 5000);
    expect([codeOf(ack), reasonOf(ack)]).toEqual(["AR C1", "207 FLW-303"]);
    expect(lane(disk)).toMatchObject({ depth: 0, ends: { cancelled: 1 } });
    await partner.listen(ports.ward);
    expect(partner.arrived).toEqual([]);
    await disk.restart();
    expect(codeOf(await ask(ports.source, oru("C1")))).toBe("AA C1");
    expect(partner.arrived).toEqual(["C1"]);
    expect(disk.engine.operations.status().conservationGap).toBe(0);
  });

  test("what may have arrived gets no answer; a resend joins it and gets its answer, after a restart too", async () => {
    const { ports, partner, disk } = await setUp({ source: "ack: delivered\n  within: 1s", timeout: "400ms" });
    partner.move = () => "silent";
    expect(await within(ports.source, oru("C1"), 1800)).toEqual([]);
    await eventually(() => disk.log.join("\n").includes('"event":"unanswered"'));
    const joined = within(ports.source, oru("C1"), 900);
    partner.move = (id) => answer("AA", id);
    await eventually(() => lane(disk)?.ends.delivered === 1);
    await joined;
    await disk.restart();
    expect(codeOf(await sendMllp(ports.source, oru("C1")))).toBe("AA C1");
    expect(new Set(partner.arrived)).toEqual(new Set(["C1"]));
    expect(disk.engine.operations.status().conservationGap).toBe(0);
  });

  test("two senders of the same message share one delivery and one answer", async () => {
    const { ports, partner } = await setUp({ source: "ack: delivered\n  within: 20s", timeout: "400ms" });
    partner.move = () => "silent";
    const both = [sendMllp(ports.source, oru("C1")), sendMllp(ports.source, oru("C1"))];
    await eventually(() => partner.arrived.length > 0);
    partner.move = (id) => answer("AA", id);
    expect((await Promise.all(both)).map(codeOf)).toEqual(["AA C1", "AA C1"]);
  });

  test("a source that waits while the engine stops is not answered, and its message is kept", async () => {
    const { ports, partner, disk } = await setUp({ source: "ack: delivered\n  within: 1m", away: true });
    const waiting = sendMllp(ports.source, oru("C1")).catch((error: Error) => error.message);
    await eventually(() => lane(disk)?.depth === 1);
    await disk.restart();
    expect(await waiting).toBe("closed without an answer");
    await partner.listen(ports.ward);
    expect(codeOf(await sendMllp(ports.source, oru("C1")))).toBe("AA C1");
    expect(partner.arrived).toEqual(["C1"]);
  });

  test("over HTTP: 202, 422, 503 and 504 say the same", async () => {
    const { ports, partner } = await setUp({ source: "ack: delivered\n  within: 5s", http: true });
    const post = async (id: string) => {
      const reply = await fetch(`http://127.0.0.1:${ports.source}/in`, { method: "POST", headers: { "x-id": id }, body: oru(id) });
      return `${reply.status} ${((await reply.json()) as { code?: string }).code ?? ""}`.trim();
    };
    expect(await post("C1")).toBe("202");
    partner.move = (id) => answer("AR", id);
    expect(await post("C2")).toBe("422 FLW-312");
    partner.move = () => "silent";
    expect(await post("C3")).toBe("504 FLW-305");
    await partner.close();
  });
});

describe("respond: from", () => {
  test("the source gets the destination's answer, naming its own message", async () => {
    const { ports, partner, disk } = await setUp({
      source: "respond: { from: ward, within: 20s }",
      ward: `    transform: |
      msg.set("MSH-10", "Q-" + msg.get("MSH-10"));
`,
    });
    partner.move = (id) => answer("AA", id, "QAK|1|OK\rPID|1||900123\r");
    const ack = await sendMllp(ports.source, oru("C1"));
    expect(ack).toContain("\rMSA|AA|C1\rQAK|1|OK\rPID|1||900123\r");
    expect(partner.arrived).toEqual(["Q-C1"]);
    await disk.restart();
    expect(await sendMllp(ports.source, oru("C1"))).toBe(ack);
  });

  test("over HTTP it is the body, with the media type of its format", async () => {
    const { ports, partner } = await setUp({ source: "respond: { from: ward, within: 20s }", http: true });
    partner.move = (id) => answer("AA", id, "QAK|1|OK\r");
    const reply = await fetch(`http://127.0.0.1:${ports.source}/in`, { method: "POST", body: oru("C1") });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "x-application/hl7-v2+er7"]);
    expect(await reply.text()).toContain("\rMSA|AA|C1\rQAK|1|OK\r");
  });
});

describe("response transforms", () => {
  const transformed = (code: string) => `    response:
      transform: |
        ${code}
`;
  const kept = (disk: OnDisk) => {
    const detail = disk.engine.operations.message(1);
    return { text: Buffer.from(detail?.responses["results/ward"]?.bytes ?? []).toString(), last: detail?.history.at(-1) };
  };

  test("what the transform makes of the answer is kept, and is what the source gets", async () => {
    const { ports, partner, disk } = await setUp({
      source: "respond: { from: ward, within: 20s }",
      ward: transformed('msg.set("MSH-3", "ENGINE"); for (const s of msg.all("PID")) msg.removeSegment(s);'),
    });
    partner.move = (id) => answer("AA", id, "QAK|1|OK\rPID|1||900123\r");
    const ack = await sendMllp(ports.source, oru("C1"));
    expect(ack).toMatch(/^MSH\|\^~\\&\|ENGINE\|SOUTH\|[\s\S]*\rMSA\|AA\|C1\rQAK\|1\|OK\r$/);
    expect(kept(disk).text).toBe(ack);
  });

  test("one that fails undoes no delivery: the answer stays as it came, with the code and the place", async () => {
    const { ports, partner, disk } = await setUp({ source: "respond: { from: ward, within: 20s }", ward: transformed('throw new Error("EXEMPLAR");') });
    partner.move = (id) => answer("AA", id, "QAK|1|OK\r");
    expect(await sendMllp(ports.source, oru("C1"))).toContain("\rMSA|AA|C1\rQAK|1|OK\r");
    expect(lane(disk)?.ends.delivered).toBe(1);
    expect(kept(disk)).toMatchObject({ text: answer("AA", "C1", "QAK|1|OK\r"), last: { state: "delivered", code: "SBX-201", reason: expect.stringMatching(/results\.yaml:\d+:\d+/) } });
    expect(disk.log.join("\n")).not.toContain("EXEMPLAR");
    expect(partner.arrived).toEqual(["C1"]);
  });
});

describe("enhanced mode", () => {
  const enhanced = (id: string, accept: string, application: string, family = "EXEMPLAR") =>
    oru(id, family).replace("|P|2.5.1\r", `|P|2.5.1|||${accept}|${application}\r`);

  test.each([
    ["AL", "NE", ["CA C1"]],
    ["NE", "AL", ["AA C1"]],
    ["AL", "AL", ["CA C1", "AA C1"]],
    ["ER", "ER", []],
    ["SU", "SU", ["CA C1", "AA C1"]],
    ["NE", "NE", []],
  ])("MSH-15 %s and MSH-16 %s: what a commit and a delivery are answered", async (accept, application, expected) => {
    const { ports, disk } = await setUp({ source: "ack: delivered\n  within: 20s" });
    expect((await within(ports.source, enhanced("C1", accept, application), expected.length > 0 ? 10_000 : 600, expected.length)).map(codeOf)).toEqual(expected);
    await eventually(() => lane(disk)?.ends.delivered === 1);
  });

  test("CA leaves with the commit, the application's answer when the partner has said no", async () => {
    const { ports, partner } = await setUp({ source: "ack: delivered\n  within: 20s", timeout: "400ms" });
    partner.move = () => "silent";
    const frames = within(ports.source, enhanced("C1", "AL", "AL"), 10_000, 2);
    await eventually(() => partner.arrived.length > 0);
    partner.move = (id) => answer("AR", id);
    expect((await frames).map(codeOf)).toEqual(["CA C1", "AE C1"]);
  });

  test.each([
    ["AL", "AL", ["CR C1"]],
    ["NE", "ER", ["AR C1"]],
    ["SU", "SU", []],
  ])("a type that is not taken: MSH-15 %s and MSH-16 %s", async (accept, application, expected) => {
    const { ports } = await setUp({ source: "ack: stored" });
    const message = enhanced("C1", accept, application).replace("ORU^R01", "SIU^S12");
    expect((await within(ports.source, message, expected.length > 0 ? 10_000 : 600, expected.length)).map(codeOf)).toEqual(expected);
  });
});
