import fc from "fast-check";
import { expect, it } from "vitest";
import { FrameCutter, FrameReader, FrameWriter } from "./wire.ts";

it("fields come out as they went in, however the stream is cut", () => {
  const frames = fc.array(fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.nat(), fc.double({ noNaN: true })), { maxLength: 6 }), { maxLength: 6 });
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 40 }), (wanted, size) => {
      const writer = new FrameWriter();
      const stream = Buffer.concat(
        wanted.map((fields) => {
          writer.start(1);
          for (const field of fields) typeof field === "string" ? writer.u8(0).text(field) : writer.u8(1).f64(field);
          return Buffer.from(writer.end());
        }),
      );
      const got: unknown[][] = [];
      const cutter = new FrameCutter(1 << 20);
      for (let at = 0; at < stream.length; at += size) {
        cutter.push(stream.subarray(at, at + size), (body) => {
          const reader = new FrameReader(body);
          const count = wanted[got.length]?.length ?? 0;
          reader.u8();
          got.push(Array.from({ length: count }, () => (reader.u8() === 0 ? reader.text() : reader.f64())));
        });
      }
      expect(got).toEqual(wanted);
    }),
  );
});

it("a frame grows beyond the first buffer", () => {
  const text = "ü".repeat(200_000);
  const frame = new FrameWriter().start(1).text(text).end();
  const reader = new FrameReader(frame.subarray(4));
  reader.u8();
  expect(reader.text()).toBe(text);
});

it("a length beyond the limit, or beyond the frame, is refused", () => {
  const huge = Buffer.alloc(4);
  huge.writeUInt32LE(1000);
  expect(() => new FrameCutter(999).push(huge, () => {})).toThrow(RangeError);
  const short = new FrameWriter().start(1).text("abc").end().subarray(4, -1);
  const reader = new FrameReader(short);
  reader.u8();
  expect(() => reader.text()).toThrow(RangeError);
});

it("after a frame that nobody understood, nothing more is taken", () => {
  const frames = Buffer.concat([1, 2].map((kind) => Buffer.from(new FrameWriter().start(kind).end())));
  const cutter = new FrameCutter(999);
  const seen: (number | undefined)[] = [];
  const each = (body: Buffer) => {
    seen.push(body[0]);
    throw new RangeError("odd");
  };
  expect(() => cutter.push(frames, each)).toThrow("odd");
  expect(() => cutter.push(frames, each)).toThrow("broken");
  expect(seen).toEqual([1]);
});

it("a frame with more than its fields is refused", () => {
  const reader = new FrameReader(new FrameWriter().start(1).u32(7).end().subarray(4));
  reader.u8();
  expect(() => reader.finish()).toThrow(RangeError);
  reader.u32();
  reader.finish();
});
