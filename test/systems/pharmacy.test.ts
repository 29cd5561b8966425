import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prescription as rx } from "../simulators/prescription.ts";
import { type ScriptNetwork, signingEvidence } from "../simulators/script-network.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

describe("pharmacy", () => {
  let example: ExampleProject;
  let network: ScriptNetwork;
  beforeAll(async () => {
    example = await exampleProject((text, file) => (file === "prescriptions.yaml" ? text.replace("initial: 2s, max: 1m", "initial: 50ms, max: 100ms").replace("initial: 5s", "initial: 100ms") : text));
    network = example.peers.of("network");
  });
  /** Each try of a test has messages of its own, and nothing goes wrong that an earlier one has left. */
  let tries = 0;
  beforeEach(() => {
    tries++;
    network.calm();
  });
  const own = (id: string) => `${id}-${tries}`;
  afterAll(() => example?.close());

  async function prescribe(message: string, evidence?: string): Promise<{ status: number; said: string }> {
    const headers = { authorization: `Bearer ${example.secret("visits_rx_token")}`, "content-type": "application/xml", ...(evidence !== undefined && { "signing-evidence": evidence }) };
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}/prescriptions`, { method: "POST", headers, body: message });
    const text = await response.text();
    const code = /<Code>(\d+)<\/Code>/.exec(text)?.[1];
    return { status: response.status, said: `${/<(Status|Error|Verify)>/.exec(text)?.[1]} ${code}${/<Description>([A-Z0-9-]+)</.exec(text)?.[1] ?? ""}` };
  }
  const arrived = (id: string) => example.peers.received("network").filter(({ body }) => body.includes(`<MessageID>${id}<`));

  it("one of an uncontrolled drug goes without more, and the network's Status comes back", async () => {
    const id = own("P-1");
    expect(await prescribe(rx({ id, drug: "00999000102", schedule: "", signed: false }))).toEqual({ status: 200, said: "Status 010" });
    expect(network.given).toContain(id);
  });

  it("a controlled one arrives byte for byte, with evidence of two factors over those bytes", async () => {
    const id = own("P-2");
    const message = rx({ id });
    const evidence = signingEvidence(message);
    expect(await prescribe(message, evidence)).toEqual({ status: 200, said: "Status 010" });
    expect(arrived(id).map(({ body }) => body)).toEqual([message]);
    // What shows the signing is for us; it goes no further.
    for (const part of evidence.split(".")) expect(JSON.stringify(arrived(id)[0]?.headers)).not.toContain(part);
  });

  it.each([
    ["without evidence", {}, () => undefined, "EPC-203"],
    ["of a drug that no table knows, without evidence", { drug: "00999009999", schedule: "" }, () => undefined, "EPC-203"],
    ["with the evidence of another prescription", {}, () => signingEvidence(rx({ id: "P-other" })), "EPC-205"],
    ["signed with one factor", {}, (message: string) => signingEvidence(message, { factors: ["know"] }), "EPC-206"],
    ["by a version that was not audited", {}, (message: string) => signingEvidence(message, { version: "5.0" }), "EPC-202"],
    ["that does not say it is signed", { signed: false }, signingEvidence, "EPC-207"],
  ] as const)("a controlled one %s is refused with an Error, and none of it arrives", async (name, given, evidence, code) => {
    const id = own(`P-refused-${name.length}-${code}`);
    const message = rx({ id, ...given });
    expect(await prescribe(message, evidence(message))).toEqual({ status: 200, said: `Error 900${code}` });
    expect(arrived(id)).toEqual([]);
    await expect.poll(() => example.log.join("\n")).toContain(code);
  });

  it("an error of the pharmacy reaches the prescriber, and is not sent again", async () => {
    const id = own("P-4");
    network.trouble("pharmacy-error");
    expect((await prescribe(rx({ id, drug: "00999000102", schedule: "", signed: false }))).said).toContain("Error");
    await example.settled();
    expect(arrived(id)).toHaveLength(1);
    expect(network.given).not.toContain(id);
  });

  it("not now: sent again, in order, under the same MessageID", async () => {
    const id = own("P-5");
    network.trouble("busy", "busy");
    expect((await prescribe(rx({ id, drug: "00999000102", schedule: "", signed: false }))).said).toBe("Status 010");
    expect(arrived(id)).toHaveLength(3);
    expect(network.given.filter((each) => each === id)).toHaveLength(1);
  });

  it("no answer after it was taken: the network is asked, says that it has it, and nothing is sent again", async () => {
    const id = own("P-6");
    const message = rx({ id });
    network.trouble("lost");
    expect((await prescribe(message, signingEvidence(message))).said).toBe("Verify 010");
    expect(arrived(id).map(({ body }) => body)).toEqual([message]);
    expect(network.asked.filter((each) => each === id)).toHaveLength(1);
    const [last] = example.engine.operations.messages({ lane: "prescriptions/network", limit: 1 });
    expect(last?.entries[0]).toMatchObject({ state: "delivered", attempts: 1 });
  });

  it("a MessageID that comes twice is answered again and sent once", async () => {
    const id = own("P-7");
    const message = rx({ id });
    const evidence = signingEvidence(message);
    expect([await prescribe(message, evidence), await prescribe(message, evidence)]).toEqual(Array(2).fill({ status: 200, said: "Status 010" }));
    expect(arrived(id)).toHaveLength(1);
  });

  it("a cancellation waits for its prescription, and nobody else's does", async () => {
    const [id, cancelled, order] = [own("P-8"), own("C-8"), own("O-8")];
    network.trouble("busy", "busy", "busy");
    const first = prescribe(rx({ id, order, drug: "00999000102", schedule: "", signed: false }));
    await expect.poll(() => arrived(id).length).toBeGreaterThan(0);
    const cancel = prescribe(rx({ id: cancelled, order, drug: "00999000102", schedule: "", signed: false, type: "CancelRx" }));
    await Promise.all([first, cancel]);
    expect(network.given.indexOf(id)).toBeLessThan(network.given.indexOf(cancelled));
    expect(network.given.indexOf(id)).toBeGreaterThan(-1);
  });

  it("what a pharmacy asks reaches the prescriber's inbox", async () => {
    const id = own("R-1");
    const request = rx({ id, drug: "00999000102", schedule: "", signed: false }).replace(/NewRx/g, "RxRenewalRequest");
    const headers = { authorization: `Bearer ${example.secret("pharmacy_inbox_token")}`, "content-type": "application/xml" };
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}/pharmacy-messages`, { method: "POST", headers, body: request });
    expect([response.status, (await response.text()).includes("<Status>")]).toEqual([200, true]);
    await example.settled();
    expect(example.peers.received("inbox").map(({ body }) => body).filter((body) => body.includes(`<MessageID>${id}<`))).toEqual([request]);
  });

  it("a transform that would touch a controlled prescription is stopped at the way out", async () => {
    const other = await exampleProject((text, file) => (file === "prescriptions.yaml" ? text.replace("    purpose: TREAT\n", "    purpose: TREAT\n    transform: |\n      return String(msg).replace('1 at night', '2 at night');\n") : text));
    try {
      const message = rx({ id: "P-9" });
      const headers = { authorization: `Bearer ${other.secret("visits_rx_token")}`, "content-type": "application/xml", "signing-evidence": signingEvidence(message) };
      const response = await fetch(`http://127.0.0.1:${other.at(8041)}/prescriptions`, { method: "POST", headers, body: message });
      expect(await response.text()).toContain("<Error>");
      expect(other.peers.received("network")).toEqual([]);
      const [held] = other.engine.operations.messages({ lane: "prescriptions/network", limit: 1 });
      expect(held?.entries[0]).toMatchObject({ state: "refused", code: "EPC-211" });
    } finally {
      await other.close();
    }
  });
});
