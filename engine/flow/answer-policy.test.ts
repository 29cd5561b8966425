import { expect, test } from "vitest";
import type { Ack } from "../sdk/index.ts";
import { outcomeOf } from "./answer-policy.ts";

const ack = (text: string): Ack => {
  const [code = "", condition] = text.split(" ");
  return { code, controlId: "1", ...(condition === undefined ? {} : { condition }), content: { format: "hl7v2", bytes: new Uint8Array() } };
};

test.each([
  ["AA", {}, "delivered"],
  ["CA", {}, "delivered"],
  ["AE", {}, "retry FLW-313"],
  ["CE", {}, "retry FLW-313"],
  ["AE 207", {}, "retry FLW-313"],
  ["AE 999", {}, "retry FLW-313"],
  ["AE 101", {}, "rejected FLW-311"],
  ["AR", {}, "rejected FLW-312"],
  ["CR 203", {}, "rejected FLW-312"],
  ["AR 207", {}, "retry FLW-313"],
  ["AR 206", {}, "retry FLW-313"],
  ["AE 101", { answers: { AE: "retry" } }, "retry FLW-313"],
  ["AE", { answers: { AE: "reject" } }, "rejected FLW-311"],
  ["AR 207", { answers: { AR: "dead" } }, "dead FLW-312"],
  ["CE", { answers: { CE: "dead" } }, "dead FLW-311"],
  ["AE", { accept: ["AA", "AE"] }, "delivered"],
  ["CA", { accept: ["AA"] }, "waits"],
  ["AA", { accept: ["CA"] }, "waits"],
  ["AA", { answers: { AA: "retry" } }, "retry FLW-313"],
  ["ZZ", {}, "unknown FLW-314"],
] as const)("%s with %o: %s", (answer, policy, expected) => {
  const outcome = outcomeOf(policy, ack(answer));
  expect(outcome === undefined ? "waits" : [outcome.kind, ...("code" in outcome ? [outcome.code] : [])].join(" ")).toBe(expected);
});

test("the partner's own answer is kept with every outcome that ends the entry", () => {
  for (const answer of ["AA", "AR", "AE 101"]) expect(outcomeOf({}, ack(answer))).toHaveProperty("response");
});
