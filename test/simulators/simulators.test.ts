import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSimulators, type Simulators } from "./simulators.ts";

describe("partner simulators", () => {
  let peers: Simulators;
  beforeAll(async () => void (peers = await startSimulators(() => 0)));
  afterAll(() => peers.close());
  const post = (name: "ehr" | "stripe" | "analytics", body: string, headers = {}) =>
    fetch(`http://127.0.0.1:${peers.ports[name]}/x`, { method: "POST", body, headers });

  it("takes a Bundle and nothing else at the EHR", async () => {
    expect((await post("ehr", '{"resourceType":"Bundle","entry":[{}]}')).status).toBe(200);
    expect((await post("ehr", '{"resourceType":"Patient"}')).status).toBe(422);
    expect((await post("ehr", "not json")).status).toBe(422);
    expect(peers.received("ehr")).toHaveLength(3);
  });

  it("gives the same intent for the same idempotency key", async () => {
    const ask = async (key: string) => ((await (await post("stripe", '{"amount":500,"currency":"usd"}', { "idempotency-key": key })).json()) as { id: string }).id;
    expect(await ask("a")).toBe(await ask("a"));
    expect(await ask("a")).not.toBe(await ask("b"));
    expect((await post("stripe", '{"amount":1}')).status).toBe(400);
  });

  it("acknowledges each frame at the ward, split and joined as they come", async () => {
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
    expect(peers.received("ward")).toHaveLength(2);
    expect(peers.counts().ward).toBe(2);
  });
});
