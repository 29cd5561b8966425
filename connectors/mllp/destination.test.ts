import { describe, expect, test } from "vitest";
import { completeOptions, PartnerHost, type PartnerMove, releaseInMemory, settled } from "../../engine/sdk/testing/index.ts";
import { mllpDestination } from "./destination.ts";
import { frame } from "./frame.ts";
import { ackFor, controlIdOf, message, readAck } from "./hl7.fixture.ts";
import { destinationOptions } from "./options.ts";

function setUp(options: Record<string, unknown>, move: (body: Uint8Array) => PartnerMove) {
  const host = new PartnerHost({ readAck, controlId: controlIdOf });
  host.move = move;
  const destination = mllpDestination(completeOptions(destinationOptions, options));
  const send = (id: string) =>
    destination.send(
      releaseInMemory(destination.render({ id, channel: "c", destination: "d", sequence: 1, receivedAt: 0, content: { format: "hl7v2", bytes: message(id) } })),
      host.context(),
    );
  return { host, send };
}

describe("acknowledgement codes", () => {
  test("what an answer comes to is the engine's to say", async () => {
    for (const outcome of [{ kind: "delivered" }, { kind: "retry", code: "FLW-313" }, { kind: "rejected", code: "FLW-312" }, { kind: "unknown", code: "FLW-314" }] as const) {
      const { host, send } = setUp({}, () => frame(ackFor("m1", "AE", "101")));
      const asked: unknown[] = [];
      host.judge = ({ code, controlId, condition }) => {
        asked.push([code, controlId, condition]);
        return outcome;
      };
      expect(await send("m1")).toEqual(outcome);
      expect(asked).toEqual([["AE", "m1", "101"]]);
      // After a doubt the wire is not used again.
      expect(host.wire === undefined).toBe(outcome.kind === "unknown");
    }
  });

  test("an acknowledgement that settles nothing is waited past", async () => {
    const { host, send } = setUp({}, () => frame(ackFor("m1", "CA")));
    host.judge = ({ code, content }) => (code === "CA" ? undefined : { kind: "delivered", response: content });
    const sent = send("m1");
    await settled();
    host.wire?.answer(frame(ackFor("m1", "AA")));
    expect((await sent).kind).toBe("delivered");
  });
});

describe("the frame", () => {
  test.each([0x0b, 0x1c])("content with the byte %i is refused before anything leaves", (byte) => {
    const destination = mllpDestination(completeOptions(destinationOptions, {}));
    const bytes = Uint8Array.from([...message("m1"), byte, 0x0d, ...message("m2")]);
    const render = () => destination.render({ id: "m1", channel: "c", destination: "d", sequence: 1, receivedAt: 0, content: { format: "hl7v2", bytes } });
    expect(render).toThrow(expect.objectContaining({ code: "MLP-209" }));
  });
});

describe("the wire", () => {
  test("one connection serves message after message", async () => {
    const { host, send } = setUp({}, (body) => frame(ackFor(controlIdOf(body) ?? "", "AA")));
    await send("m1");
    const { wire } = host;
    await send("m2");
    expect(host.wire).toBe(wire);
  });

  test("after silence it is closed, so that nothing late can be heard on it", async () => {
    const { host, send } = setUp({ timeout: "5s" }, () => "silent");
    const sent = send("m1");
    await settled();
    await host.clock.advance(4999);
    expect(host.wire).toBeDefined();
    await host.clock.advance(1);
    expect(await sent).toEqual({ kind: "unknown", code: "MLP-201" });
    expect(host.wire).toBeUndefined();
  });

  test("an acknowledgement in pieces, after a wrong one in the same chunk", async () => {
    const { host, send } = setUp({}, () => "silent");
    const sent = send("m1");
    await settled();
    const answer = Uint8Array.from([...frame(ackFor("m0", "AR")), ...frame(ackFor("m1", "AA"))]);
    for (const byte of answer) host.wire?.answer(Uint8Array.of(byte));
    expect((await sent).kind).toBe("delivered");
  });
});
