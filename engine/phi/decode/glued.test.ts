import { expect, test } from "vitest";
import { glued } from "./glued.ts";

test.each([
  ["values of JSON", '{"a":"021","b":"39"}', "ab\n\n02139"],
  ["values of JSON behind a long one", `{"x":"${"long ".repeat(20)}","a":"021","b":"39"}`, "xab\n\n02139"],
  ["values of JSON with quotes in them", '{"a":"0\\"","b":"39"}', 'ab\n\n0\\"39'],
  ["keys of JSON", '{"_021":1,"_39":1}', "02139"],
  ["attributes", '<v a="021" b="39"/>', "02139"],
  ["cells", 'x,"021","39"', "x 02139"],
  ["fields of HL7 v2", "ZZZ|021|39", "ZZZ 02139"],
  ["a word and a number stay apart", '{"a":"visit","b":"021","c":"39"}', "abc\n\nvisit 02139"],
  ["words of two alphabets stay apart", '{"visit":1,"\u0418\u0432\u0430":1,"\u043d":1,"at":1}', "visit \u0418\u0432\u0430\u043d at"],
  ["the parts of a name", "638283_456000", "638283456000"],
])("%s", (_, text, whole) => {
  expect(glued(text)).toBe(whole);
});
test("numbers of JSON are amounts", () => {
  expect(glued('{"a":[0,21,39]}')).toBeUndefined();
});
