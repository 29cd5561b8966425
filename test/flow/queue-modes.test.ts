import { afterEach, describe, expect, test } from "vitest";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { oru, partnersYaml, sluiceYaml } from "./small-project.ts";

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

/** MLLP to a ward, and to a desk that may be its fallback. */
async function setUp(source: string, ward: string, desk?: string) {
  const [partner, other] = [new MllpPartner(), new MllpPartner()];
  open.push(partner, other);
  const ports = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const deskPort = await freePort();
  await partner.listen(ports.ward);
  await other.listen(deskPort);
  const channel = `channel: results
classification: phi
source:
  partner: lab
  mllp: { port: ${ports.source} }
  ${source}
destinations:
  ward:
    partner: ward
    purpose: TREAT
    mllp: { endpoint: feed, timeout: 20s }
${ward}
${desk === undefined ? "" : `  desk:\n    partner: ward\n    purpose: TREAT\n    mllp: { endpoint: desk, timeout: 20s }\n${desk}`}
`;
  const partners = partnersYaml(ports).replace("- { id: feed", `- { id: desk, url: "mllp://127.0.0.1:${deskPort}" }\n      - { id: feed`);
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partners, "results.yaml": channel });
  open.push(disk);
  return { ports, partner, other, disk };
}

const lane = (disk: OnDisk, name: string) => disk.engine.operations.status().lanes.find((each) => each.destination === name);
const code = (ack: string) => /\rMSA\|([A-Z]{2})\|/.exec(ack)?.[1];
const quick = "    retry: { initial: 20ms, max: 50ms }\n";

describe("queue: none", () => {
  test("one attempt, and what fails is a dead letter; the next goes on", async () => {
    const { ports, partner, disk } = await setUp("ack: stored", `    queue: none\n${quick}`);
    partner.move = (id) => (id === "C1" ? answer("AE", id) : answer("AA", id));
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    expect(code(await sendMllp(ports.source, oru("C2")))).toBe("AA");
    await eventually(() => lane(disk, "ward")?.ends.delivered === 1);
    expect([partner.arrived, lane(disk, "ward")?.ends.dead]).toEqual([["C1", "C2"], 1]);
  });

  test("with ack: delivered the source hears of it at once", async () => {
    const { ports, partner } = await setUp("ack: delivered\n  within: 20s", `    queue: none\n${quick}`);
    partner.move = (id) => answer("AE", id);
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AE");
    expect(partner.arrived).toEqual(["C1"]);
  });
});

describe("queue: on-failure", () => {
  test("the answer waits for the first attempt; then the lane retries", async () => {
    const { ports, partner, disk } = await setUp("ack: stored", `    queue: on-failure\n${quick}`);
    let failing = true;
    partner.move = (id) => (failing ? answer("AE", id) : answer("AA", id));
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    expect(partner.arrived.length).toBeGreaterThan(0);
    // Behind a head that fails there is no first attempt to wait for.
    expect(code(await sendMllp(ports.source, oru("C2")))).toBe("AA");
    expect(new Set(partner.arrived)).toEqual(new Set(["C1"]));
    failing = false;
    await eventually(() => lane(disk, "ward")?.ends.delivered === 2);
  });

  test("a first attempt that ends the message is answered as it ended, and so is a resend after a restart", async () => {
    const { ports, partner, disk } = await setUp("ack: stored", `    queue: on-failure\n${quick}`);
    partner.move = (id) => answer("AR", id);
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AE");
    await disk.restart();
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AE");
  });

  test("what failed first, was answered AA and died later is answered AA again", async () => {
    const { ports, partner, disk } = await setUp("ack: stored", "    queue: on-failure\n    retry: { initial: 20ms, max: 50ms, attempts: 3 }\n");
    partner.move = (id) => answer("AE", id);
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    await eventually(() => lane(disk, "ward")?.ends.dead === 1);
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    await disk.restart();
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
  });
});

describe("a partner in enhanced mode", () => {
  const both = (first: string, second: string) => (id: string) => `${answer(first, id)}\x1c\r\x0b${answer(second, id)}`;

  test("CA delivers by default, and what the application says later answers nothing else", async () => {
    const { ports, partner, disk } = await setUp("ack: delivered\n  within: 20s", quick);
    partner.move = both("CA", "AR");
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    partner.move = (id) => answer("AA", id);
    expect(code(await sendMllp(ports.source, oru("C2")))).toBe("AA");
    expect(lane(disk, "ward")?.ends).toMatchObject({ delivered: 2, rejected: 0 });
  });

  test("with accept: [AA] it is the application's answer that counts; a commit that failed is tried again", async () => {
    const { ports, partner, disk } = await setUp("ack: delivered\n  within: 20s", `    accept: [AA]\n    answers: { AR: dead }\n${quick}`);
    partner.move = both("CA", "AA");
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    partner.move = both("CA", "AR");
    expect(code(await sendMllp(ports.source, oru("C2")))).toBe("AE");
    let failing = true;
    partner.move = (id) => {
      const now = failing ? answer("CE", id) : both("CA", "AA")(id);
      failing = false;
      return now;
    };
    expect(code(await sendMllp(ports.source, oru("C3")))).toBe("AA");
    expect(partner.arrived).toEqual(["C1", "C2", "C3", "C3"]);
    expect(lane(disk, "ward")?.ends).toMatchObject({ delivered: 2, dead: 1 });
  });
});

describe("fallback", () => {
  test("takes nothing of its own, and what is rejected or dead elsewhere; the source is answered as it ends there", async () => {
    const { ports, partner, other, disk } = await setUp("ack: delivered\n  within: 20s", `    fallback: desk\n${quick}`, quick);
    expect(code(await sendMllp(ports.source, oru("C1")))).toBe("AA");
    partner.move = (id) => answer("AR", id);
    expect(code(await sendMllp(ports.source, oru("C2")))).toBe("AA");
    other.move = (id) => answer("AR", id);
    expect(code(await sendMllp(ports.source, oru("C3")))).toBe("AE");
    expect([partner.arrived, other.arrived]).toEqual([["C1", "C2", "C3"], ["C2", "C3"]]);
    expect([lane(disk, "ward"), lane(disk, "desk")]).toMatchObject([
      { received: 3, ends: { delivered: 1, rejected: 2 } },
      { received: 2, ends: { delivered: 1, rejected: 1 } },
    ]);
    expect(disk.engine.operations.status().conservationGap).toBe(0);
    await disk.restart();
    expect(code(await sendMllp(ports.source, oru("C2")))).toBe("AA");
    expect(code(await sendMllp(ports.source, oru("C3")))).toBe("AE");
    expect(disk.engine.operations.status().conservationGap).toBe(0);
  });

  test("what came to it waits there through a restart", async () => {
    const { ports, partner, other, disk } = await setUp("ack: stored", `    fallback: desk\n    queue: none\n${quick}`, quick);
    partner.move = (id) => answer("AE", id);
    await other.close();
    for (const id of ["C1", "C2", "C3"]) expect(code(await sendMllp(ports.source, oru(id)))).toBe("AA");
    await eventually(() => lane(disk, "desk")?.depth === 3);
    await disk.restart();
    expect(lane(disk, "desk")).toMatchObject({ depth: 3, received: 3 });
    const port = Number(/desk, url: "mllp:\/\/127.0.0.1:(\d+)/.exec(await partnersOf(disk))?.[1]);
    await other.listen(port);
    await eventually(() => lane(disk, "desk")?.ends.delivered === 3);
    expect(other.arrived).toEqual(["C1", "C2", "C3"]);
    expect(disk.engine.operations.status().conservationGap).toBe(0);
  });
});

async function partnersOf(disk: OnDisk): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(`${disk.root}/partners.yaml`, "utf8");
}
