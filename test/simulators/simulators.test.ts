import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSimulators, type Simulators } from "./simulators.ts";

describe("partner simulators", () => {
  let peers: Simulators;
  beforeAll(async () => void (peers = await startSimulators(() => 0)));
  afterAll(() => peers?.close());
  const post = (name: "ehr" | "analytics", body: string, headers = {}) =>
    fetch(`http://127.0.0.1:${peers.ports[name]}/x`, { method: "POST", body, headers });

  it("takes a Bundle and nothing else at the EHR", async () => {
    const before = peers.received("ehr").length;
    expect((await post("ehr", '{"resourceType":"Bundle","entry":[{}]}')).status).toBe(200);
    expect((await post("ehr", '{"resourceType":"Patient"}')).status).toBe(422);
    expect((await post("ehr", "not json")).status).toBe(422);
    expect(peers.received("ehr")).toHaveLength(before + 3);
  });

  it("gives the same intent for the same idempotency key, and knows its parameters", async () => {
    const pay = (body: string, key: string) => fetch(`http://127.0.0.1:${peers.ports.stripe}/v1/payment_intents`, { method: "POST", body, headers: { authorization: "Bearer sk_test_1", "idempotency-key": key } });
    const ask = async (key: string) => ((await (await pay("amount=500&currency=usd", key)).json()) as { id: string }).id;
    expect(await ask("a")).toBe(await ask("a"));
    expect(await ask("a")).not.toBe(await ask("b"));
    expect([(await pay("amount=1", "c")).status, (await pay("amount=501&currency=usd", "a")).status, (await pay("amount=500&diagnosis=I10", "d")).status]).toEqual([400, 400, 400]);
    expect(peers.of("stripe").made).toHaveLength(2);
  });

  it("says itself when an identifier of a patient arrives where no agreement covers it", async () => {
    const others = await startSimulators(() => 0);
    const tell = (body: string) => fetch(`http://127.0.0.1:${others.ports.analytics}/events`, { method: "POST", body });
    await tell(JSON.stringify({ event: "visit", note: Buffer.from("MRN 90017734").toString("base64") }));
    await tell(JSON.stringify({ event: "visit", department: "acute-care" }));
    await expect(others.close()).rejects.toThrow("analytics has received 1 identifiers");
  });

  it("acknowledges each frame at the ward, split and joined as they come", async () => {
    const before = peers.received("ward").length;
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(peers.ports.ward, "127.0.0.1", () => {
        socket.write("\x0bFHS|^~\\&|X|Y|||2026|||file-9\rMSH|^~\\&|A|B|C|D|2026||ADT^A01|id-1|P|2.5\rPID|1\r\x1c");
        setTimeout(() => socket.write("\r\x0bMSH|^~\\&|A|B|C|D|2026||ADT^A01|id-2|P|2.5\r\x1c\r"), 20);
      });
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        text += String(chunk);
        if (text.split("\x1c\r").length === 3) {
          socket.destroy();
          resolve(text);
        }
      });
    });
    expect(answer).toContain("MSA|AA|id-1\r");
    expect(answer).toContain("MSA|AA|id-2\r");
    expect(peers.received("ward")).toHaveLength(before + 2);
    expect(peers.counts().ward).toBe(before + 2);
  });
});
