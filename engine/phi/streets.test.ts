import { expect, test } from "vitest";
import { shortenedStreet } from "./streets.ts";

test.each([
  ["45 Quarry Hill Road", ["45 Quarry Hill"]],
  ["12 Elm Street, Apt 4B", ["12 Elm"]],
  ["7 North Larch Avenue", ["7 North Larch", "7 n Larch"]],
  ["7 N. Larch Ave.", ["7 N. Larch", "7 north Larch"]],
  ["1 A St", []],
  ["Elm Street", []],
])("%s", (line, forms) => {
  expect(shortenedStreet(line)).toEqual(forms);
});
