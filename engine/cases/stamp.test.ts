import { expect, test } from "vitest";
import { stampOf } from "./stamp.ts";

const noon = Date.UTC(2026, 2, 1, 12);

test.each([
  ["20260301120000", { kind: "time", value: noon }],
  ["202603011200", { kind: "time", value: noon }],
  ["20260301120000.25", { kind: "time", value: noon + 250 }],
  ["20260301070000-0500", { kind: "time", value: noon }],
  ["20260301173000+0530", { kind: "time", value: noon }],
  ["20260301", { kind: "time", value: Date.UTC(2026, 2, 1) }],
  ["2026-03-01T12:00:00Z", { kind: "time", value: noon }],
  ["2026-03-01T13:00:00.000+01:00", { kind: "time", value: noon }],
  ["2026-03-01T12:00:00", { kind: "time", value: noon }],
  ["2026-03-01", { kind: "time", value: Date.UTC(2026, 2, 1) }],
  ["7", { kind: "number", value: 7 }],
  ["20261301", undefined],
  ["yesterday", undefined],
  ["", undefined],
])("%s", (text, stamp) => expect(stampOf(text)).toEqual(stamp));
