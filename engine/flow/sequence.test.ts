import { expect, test } from "vitest";
import type { AcceptRequest } from "../store/store.ts";
import { EngineError } from "../sdk/index.ts";
import { bytes, channel, message, setUp } from "./flow.fixture.ts";

/** A record of where links stand, that refuses as the store does. */
function record() {
  const places = new Map<string, string>();
  const accepted: string[] = [];
  const move = ({ of, value, after }: NonNullable<AcceptRequest["checkpoint"]>) => {
    if (after !== undefined && (places.get(of) ?? "") !== after) throw new EngineError("STO-310");
    places.set(of, value);
  };
  const accept = async (request: AcceptRequest) => {
    if (request.checkpoint) move(request.checkpoint);
    const id = accepted.push(Buffer.from(request.raw.bytes).toString());
    return { kind: "accepted", id, sameIdOtherBytes: false } as const;
  };
  return { places, accepted, accept, store: { checkpoint: (of: string) => places.get(of), moveCheckpoint: async (checkpoint: never) => move(checkpoint) } };
}

const numbered = (n: string, more = "") => bytes(message(`C${n}`).replace(/^(MSH(?:\|[^|\r]*){11})[^\r]*/, `$1|${n}${more}`));
const source = { ...channel().source, sequence: true as const };

function opened() {
  const kept = record();
  const { flow } = setUp({ channel: channel({ source }), accept: kept.accept as never, store: kept.store as never });
  const send = async (n: string, more = "") => {
    const receipt = await flow.receive(numbered(n, more));
    return `${receipt.kind} ${/\rMSA\|([^\r]*)/.exec(Buffer.from(receipt.ack ?? []).toString())?.[1]}`;
  };
  return { ...kept, flow, send };
}

test("numbers go on by one from the first that is accepted; the last one again is known, any other is refused with the number that is expected", async () => {
  const { send, accepted } = opened();
  expect(await send("0")).toBe("duplicate AA|C0||-1");
  expect(await send("7")).toBe("accepted AA|C7||8");
  expect(await send("8")).toBe("accepted AA|C8||9");
  expect(await send("8")).toBe("duplicate AA|C8||9");
  expect(await send("10")).toMatch(/^refused AR\|C10\|[^|]*\|9$/);
  expect(await send("5")).toMatch(/^refused AR\|C5\|[^|]*\|9$/);
  expect(await send("9")).toBe("accepted AA|C9||10");
  expect(accepted.length).toBe(3);
});

test("0 asks for the number that is expected, -1 begins anew, and a message without a number is no part of it", async () => {
  const { send, accepted } = opened();
  await send("3");
  expect(await send("0")).toBe("duplicate AA|C0||4");
  expect(await send("-1")).toBe("duplicate AA|C-1||-1");
  expect(await send("40")).toBe("accepted AA|C40||41");
  expect(await send("")).toBe("accepted AA|C");
  expect(accepted.length).toBe(3);
});

test("each sender has numbers of its own, and they survive the flow", async () => {
  const first = opened();
  await first.send("3");
  const other = await first.flow.receive(bytes(Buffer.from(numbered("11")).toString().replace("|LIS|", "|RIS|")));
  expect(other.kind).toBe("accepted");
  const again = setUp({ channel: channel({ source }), accept: first.accept as never, store: first.store as never });
  expect((await again.flow.receive(numbered("5"))).code).toBe("FLW-111");
  expect((await again.flow.receive(numbered("4"))).kind).toBe("accepted");
});

test("messages that come before the answer of the one before are taken in their turn, and none lands without the one before it", async () => {
  const { flow, accepted } = opened();
  const all = await Promise.all(["1", "2", "3"].map((n) => flow.receive(numbered(n))));
  expect([all.map(({ kind }) => kind), accepted.length]).toEqual([["accepted", "accepted", "accepted"], 3]);
  const kept = record();
  let fail = true;
  const accept = async (request: AcceptRequest) => {
    if (fail) throw new EngineError("STO-203");
    return kept.accept(request);
  };
  const broken = setUp({ channel: channel({ source }), accept: accept as never, store: kept.store as never });
  expect((await broken.flow.receive(numbered("1"))).kind).toBe("unavailable");
  fail = false;
  expect((await broken.flow.receive(numbered("1"))).kind).toBe("accepted");
});
