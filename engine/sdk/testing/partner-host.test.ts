import { expect, test } from "vitest";
import { PartnerHost, releaseInMemory } from "./partner-host.ts";

const release = () => releaseInMemory({ endpoint: "e", body: Uint8Array.of(65) });
const nothing = new Uint8Array();

test("the partner in memory refuses what the engine's sockets refuse", async () => {
  const host = new PartnerHost();
  const ctx = host.context();
  const wire = await ctx.wire(release());
  expect(() => wire.send(Uint8Array.of(0x52), release(), nothing)).toThrow("NET-211");
  expect(() => wire.send(new Uint8Array(17), release(), nothing)).toThrow("NET-211");
  const one = release();
  wire.send(Uint8Array.of(0x0b), one, Uint8Array.of(0x1c, 0x0d));
  expect(() => wire.send(nothing, one, nothing)).toThrow("NET-214");
  await expect(ctx.request(one)).rejects.toThrow("NET-214");
  expect(host.arrived).toHaveLength(1);
});
