import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineProcess } from "../ledger/engine-process.ts";
import { prescription as rx } from "../simulators/prescription.ts";
import type { ScriptNetwork } from "../simulators/script-network.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

const lane = "prescriptions/network";
/** Of a drug that the project's table knows not to be controlled. */
const plain = { drug: "00999000102", schedule: "", signed: false } as const;

/** The Pharmacy row's time-out after send: the network is asked what became of it, and nothing is ever sent again blindly. */
describe("a prescription without an answer", () => {
  let example: ExampleProject;
  let network: ScriptNetwork;
  beforeEach(async () => {
    example = await exampleProject((text, file) =>
      file === "prescriptions.yaml" ? text.replace("initial: 2s, max: 1m", "initial: 50ms, max: 100ms").replace("initial: 5s", "initial: 80ms").replace("max: 1m", "max: 160ms").replace("attempts: 5", "attempts: 3") : text);
    network = example.peers.of("network");
  });
  afterEach(() => example?.close());

  async function prescribe(message: string): Promise<{ status: number; said: string }> {
    const headers = { authorization: `Bearer ${example.secret("visits_rx_token")}`, "content-type": "application/xml" };
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}/prescriptions`, { method: "POST", headers, body: message });
    const text = await response.text();
    return { status: response.status, said: `${/<(Status|Error|Verify)>/.exec(text)?.[1]} ${/<Code>(\d+)<\/Code>/.exec(text)?.[1]}` };
  }
  const arrived = (id: string) => example.peers.received("network").filter(({ body }) => body.includes(`<MessageID>${id}<`));
  const entry = (id: number) => example.engine.operations.messages({ before: id + 1, limit: 1 })[0]?.entries.find((each) => each.lane === lane);
  const last = () => example.engine.operations.messages({ lane, limit: 1 })[0]?.id ?? 0;
  const undecided = () => expect.poll(() => entry(last())?.code).toBe("LAN-121");

  it("that never reached the network is sent once more, after the network has said so", async () => {
    network.trouble("unheard");
    const message = rx({ ...plain, id: "U-1" });
    expect(await prescribe(message)).toEqual({ status: 200, said: "Status 010" });
    expect(arrived("U-1").map(({ body }) => body)).toEqual([message, message]);
    expect([network.asked, network.given]).toEqual([["U-1"], ["U-1"]]);
    expect(entry(last())).toMatchObject({ state: "delivered", attempts: 2 });
  });

  it("that the pharmacy refused meanwhile ends rejected, and the prescriber gets its Error", async () => {
    network.trouble("lost-refused");
    expect((await prescribe(rx({ ...plain, id: "U-2" }))).said).toBe("Error 900");
    expect(arrived("U-2")).toHaveLength(1);
    expect(entry(last())).toMatchObject({ state: "rejected", code: "FLW-312" });
  });

  it("is not settled by mail about something else, nor by a line that breaks again", async () => {
    network.trouble("lost");
    network.mailbox("other-mail", "silent");
    expect((await prescribe(rx({ ...plain, id: "U-3" }))).said).toBe("Verify 010");
    expect([arrived("U-3").length, network.asked]).toEqual([1, ["U-3", "U-3", "U-3"]]);
  });

  it("what leaves as an inquiry names the message and no patient, and the ledger holds it", async () => {
    network.trouble("lost");
    await prescribe(rx({ ...plain, id: "U-4" }));
    const [inquiry] = example.peers.received("network").filter(({ body }) => body.includes("<GetMessage>"));
    expect(inquiry?.body).toContain("<RelatesToMessageID>U-4</RelatesToMessageID>");
    expect(inquiry?.body).not.toMatch(/ALMA|TESTPATIENT|(?<![0-9a-f])1964(?![0-9a-f])/);
    await expect.poll(async () => (await example.cli("disclosures", "report", "--partner", "scripts-network", "--purpose", "HOPERAT")).out).toContain("2 × phi under BAA-SCRIPTS (baa) for TREAT");
  });

  it("when nobody answers it waits for a person, is on their list, and its cancellation waits behind it", async () => {
    network.trouble("lost");
    network.mailbox("silent", "silent", "silent");
    const first = prescribe(rx({ ...plain, id: "U-5", order: "O-5" })).catch(() => undefined);
    await undecided();
    const id = last();
    const cancel = prescribe(rx({ ...plain, id: "C-5", order: "O-5", type: "CancelRx" })).catch(() => undefined);
    await expect.poll(last).toBeGreaterThan(id);
    // Another prescription is not held up.
    expect((await prescribe(rx({ ...plain, id: "U-6", order: "O-6" }))).said).toBe("Status 010");
    expect([arrived("U-5").length, arrived("C-5").length, network.asked.length]).toEqual([1, 0, 3]);
    const listed = await example.cli("work", "list", "--list", "unknown-prescriptions");
    expect(listed.out).toMatch(new RegExp(`unknown-prescriptions.*pharmacy-desk.*LAN-121.*m${id}`));
    expect((await example.cli("message", "show", `m${id}`)).out).toMatch(/nobody could say whether the message has arrived: a person decides/);
    expect((await example.cli("work", "close", "w1", "--by", "jdoe", "--reason", "seen")).err).toContain("CAS-207");
    // To hurry the lane asks once more; it sends nothing.
    const told = await example.cli("lane", "arrived", lane, `m${id}`, "--by", "jdoe", "--reason", "the pharmacy has it");
    expect([told.code, told.err]).toEqual([0, ""]);
    await Promise.all([first, cancel]);
    expect([arrived("U-5").length, arrived("C-5").length]).toEqual([1, 1]);
    expect(entry(id)).toMatchObject({ state: "delivered", code: "LAN-123" });
    expect((await example.cli("work", "list")).code).toBe(0);
    expect((await example.cli("lane", "resend", lane, `m${id}`, "--by", "jdoe", "--reason", "x")).err).toContain("LAN-124");
  });

  it("a person may also say that it is to be sent again; a restart meanwhile sends nothing", async () => {
    network.trouble("unheard");
    network.mailbox("silent", "silent", "silent");
    const first = prescribe(rx({ ...plain, id: "U-7" })).catch(() => undefined);
    await undecided();
    await example.restart();
    await first;
    const id = last();
    expect([entry(id)?.code, arrived("U-7").length]).toEqual(["LAN-121", 1]);
    expect((await example.cli("lane", "resend", lane, `m${id}`, "--by", "jdoe", "--reason", "they have nothing")).code).toBe(0);
    await example.settled();
    expect([arrived("U-7").length, network.given]).toEqual([2, ["U-7"]]);
  });

  it("killed between send and inquiry, the engine asks after its next start and does not send again", async () => {
    network.trouble("hang");
    const message = rx({ ...plain, id: "U-8" });
    await example.restart(async () => {
      const killed = new EngineProcess(example.root);
      let asked: Promise<unknown> | undefined;
      try {
        await killed.ready;
        asked = prescribe(message).catch(() => undefined);
        await expect.poll(() => arrived("U-8").length).toBe(1);
      } finally {
        // Also where it was not what was awaited: its ports are the next try's.
        await killed.kill();
      }
      await asked;
    });
    await example.settled();
    expect([arrived("U-8").length, network.asked, network.given]).toEqual([1, ["U-8"], ["U-8"]]);
    expect(entry(last())).toMatchObject({ state: "delivered" });
  });
});
