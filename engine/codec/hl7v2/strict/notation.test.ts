import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Place, readStructure, segmentsIn } from "./notation.ts";

const segment = (name: string, min = 1, max = 1): Place => ({ segments: [name], group: "", inner: [], min, max });

describe("the text of a structure", () => {
  it("is segments, choices and groups in order, each with how often", () => {
    expect(readStructure("MSH PID? NTE*\n  ORDER+(<OBR|RXO> OBX[2..5] ZPT[0..*])").places).toEqual([
      segment("MSH"),
      segment("PID", 0),
      segment("NTE", 0, Number.POSITIVE_INFINITY),
      { segments: [], group: "ORDER", min: 1, max: Number.POSITIVE_INFINITY, inner: [{ ...segment("OBR"), segments: ["OBR", "RXO"] }, segment("OBX", 2, 5), segment("ZPT", 0, Number.POSITIVE_INFINITY)] },
    ]);
    expect([...segmentsIn(readStructure("MSH A(PID B?(<OBR|RXO>))").places)]).toEqual(["MSH", "PID", "OBR", "RXO"]);
  });
  it.each([
    ["", "empty", 0],
    ["  ", "empty", 0],
    ["MSH A()", "empty", 6],
    ["MSH A(PID", "open", 4],
    ["MSH PID)", "close", 7],
    ["MSH PIDX", "word", 4],
    ["MSH <OBR>", "word", 4],
    ["MSH <OBR|RX>", "word", 4],
    ["MSH <OBR|RXO>(PID)", "word", 4],
    ["MSH PID?*", "word", 8],
    ["MSH {PID}", "word", 4],
    ["MSH PID[3..1]", "range", 4],
    ["MSH PID[0..0]", "range", 4],
    ["MSH PID[1]", "word", 7],
  ])("%j: %s at %i", (text, kind, at) => {
    expect(readStructure(text)).toEqual({ places: [], slip: { kind, at } });
  });
  it("comes back as the places that it was written of, and no text makes it throw or wait", () => {
    const many = fc.constantFrom(["", 1, 1], ["?", 0, 1], ["*", 0, Number.POSITIVE_INFINITY], ["+", 1, Number.POSITIVE_INFINITY], ["[2..7]", 2, 7], ["[0..*]", 0, Number.POSITIVE_INFINITY]) as fc.Arbitrary<[string, number, number]>;
    const name = fc.constantFrom("PID", "OBX", "ZPT", "NTE");
    const { place } = fc.letrec<{ place: { text: string; place: Place } }>((tie) => ({
      place: fc.oneof(
        { depthSize: "small" },
        fc.tuple(name, many).map(([each, [sign, min, max]]) => ({ text: each + sign, place: segment(each, min, max) })),
        fc.tuple(fc.constantFrom("VISIT", "ORDER_DETAIL", "A"), many, fc.array(tie("place"), { minLength: 1, maxLength: 3 })).map(([group, [sign, min, max], inner]) => ({ text: `${group}${sign}(${inner.map(({ text }) => text).join(" ")})`, place: { segments: [], group, min, max, inner: inner.map((each) => each.place) } })),
      ),
    }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (all) => {
        expect(readStructure(all.map(({ text }) => text).join(" ")).places).toEqual(all.map((each) => each.place));
      }),
    );
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("MSH", "P", "(", ")", "<", "|", ">", "[", "1", "..", "*", "]", "?", "+", " ") }), (text) => Array.isArray(readStructure(text).places)));
  });
});
