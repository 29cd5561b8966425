import { expect, test } from "vitest";
import { sampleTerminal } from "./sample-terminal.ts";
import { showSteps } from "./show-steps.ts";
import type { Step } from "./steps.ts";

const terminal = sampleTerminal();
const hl7 = (application: string, rest = "") => `MSH|^~\\&|${application}|B|C|D|20260301||ADT^A01|1|P|2.5\r${rest}`;
const received: Step = { step: "received", result: "value", format: "hl7v2", text: hl7("A") };
const transform = (text: string): Step => ({ destination: "ward", step: "transform", result: "value", format: "hl7v2", text });

test("a message stands whole where it came in, and after a step by what the step changed", () => {
  const steps = [received, transform(hl7("Z", "PID|1")), { destination: "ward", step: "sent", result: "delivered", format: "hl7v2", text: hl7("Z", "PID|1") } as Step];
  expect(showSteps(steps, terminal)).toEqual([
    "received        hl7v2",
    "    MSH|^~\\&|A|B|C|D|20260301||ADT^A01|1|P|2.5",
    "ward transform  hl7v2",
    "    ~ MSH-3: A → Z",
    "    + PID-1: 1",
    "ward sent       delivered",
  ]);
});

test("beside an earlier run, values are shown by what has become different since", () => {
  const before = [received, transform(hl7("Z"))];
  expect(showSteps([received, transform(hl7("Y"))], terminal, before)).toEqual(["received        hl7v2  as before", "ward transform  hl7v2", "    ~ MSH-3: Z → Y"]);
  expect(showSteps(before, terminal, before)).toEqual(["as before: no step has another value"]);
});

test("a failure has its code and place, and no value", () => {
  expect(showSteps([{ step: "filter", result: "failed", code: "SBX-201", at: "a.yaml:3:7" }], terminal)).toEqual(["filter  failed  SBX-201  a.yaml:3:7"]);
});
