import { expect, test } from "vitest";
import * as given from "../phi/testing/given.ts";
import { orderKeyOf } from "./order-key.ts";

const channel = (by: string | undefined, format: "hl7v2" | "json" = "hl7v2") =>
  ({ ...given.channel(), source: { ...given.channel().source, format }, ...(by === undefined ? {} : { order: { by, parallel: 8 } }) });
const adt = (pid: string) => `MSH|^~\\&|REG|N|S|N|20261121||ADT^A04|1|P|2.5.1\rPID|1||${pid}\r`;

test("is the first value at the channel's path", () => {
  expect(orderKeyOf(channel("PID-3.1"), adt("48213^^^N~99^^^X"))).toBe("48213");
  expect(orderKeyOf(channel("PID-3.1"), adt("^^^N~99^^^X"))).toBe("99");
  expect(orderKeyOf(channel("/patient/id", "json"), '{"patient":{"id":"p1"}}')).toBe("p1");
});

test("is none without an order, without a value, and of what cannot be read", () => {
  expect(orderKeyOf(channel(undefined), adt("48213"))).toBeUndefined();
  expect(orderKeyOf(channel("PID-3.1"), adt(""))).toBeUndefined();
  expect(orderKeyOf(channel("PV1-19.1"), adt("48213"))).toBeUndefined();
  expect(orderKeyOf(channel("/patient/id", "json"), "{")).toBeUndefined();
});
