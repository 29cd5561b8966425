import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { parseXml } from "./index.ts";

const failure = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.safe];
    throw error;
  }
  return undefined;
};
const text = `<?xml version="1.0"?>\r\n<!-- a > b --><h:order xmlns:h="urn:x" kind='a "b" &lt;c&gt;'>\r\n  <h:id root="1.2"  extension = "A&#10;B"/>\r\n  <id>7</id><id></id>\r\n  <note>one<!-- c -->two<![CDATA[ <x> ]]></note>\r\n  <p>some <b>bold</b> text &amp; more\r\nlines</p>\r\n  <?pi x?><empty/>\r\n</h:order>\n`;

describe("reading XML", () => {
  it("finds elements, attributes and stretches of text", () => {
    const msg = parseXml(text);
    expect(msg.type).toBe("order");
    const get = (path: string) => msg.get(path);
    expect([get("/h:order/@kind"), get("/order/h:id/@extension"), get("/order/id"), get("id[2]"), get("note"), get("p/b"), get("empty")]).toEqual(['a "b" <c>', "A\nB", "7", "", "onetwo <x> ", "bold", ""]);
    expect([get("p"), get("p/text()[2]"), get("/order/nothing"), msg.values("id")]).toEqual(["some  text & more\nlines", " text & more\nlines", "", ["7"]]);
    expect(msg.all("/order/id").map((each) => each.get())).toEqual(["7", ""]);
    expect(msg.all("order")[0]?.get("p/b")).toBe("bold");
  });
  it("gives every value its path and place", () => {
    const msg = parseXml(text);
    expect([...msg.leaves()].map(({ path, value, start, end }) => [path, value, text.slice(start, end)])).toEqual([
      ["/h:order/@xmlns:h", "urn:x", "urn:x"],
      ["/h:order/@kind", 'a "b" <c>', 'a "b" &lt;c&gt;'],
      ["/h:order/h:id/@root", "1.2", "1.2"],
      ["/h:order/h:id/@extension", "A\nB", "A&#10;B"],
      ["/h:order/id[1]", "7", "7"],
      ["/h:order/note/text()[1]", "one", "one"],
      ["/h:order/note/text()[2]", "two <x> ", "two<![CDATA[ <x> ]]>"],
      ["/h:order/p/text()[1]", "some ", "some "],
      ["/h:order/p/b", "bold", "bold"],
      ["/h:order/p/text()[2]", " text & more\nlines", " text &amp; more\r\nlines"],
    ]);
    for (const { path, value } of msg.leaves()) expect(msg.values(path)).toEqual([value]);
  });
  it("refuses what is not well-formed, by line and column and without a quote", () => {
    expect(failure(() => parseXml("<a>\r\n<b></a>"))).toEqual(["XML-001", { line: 2, column: 7 }]);
    for (const each of ["", "x", "<a", "<a/><b/>", "<a b=1/>", "<a b='1' b='2'/>", "<a>&#0;</a>", "<a>\u0001</a>", "<a>]]></a>", "<a b='<'/>", "</a>", "<a></a>x", "<1/>", "<a><!-- -- --></a>"]) {
      expect([each, failure(() => parseXml(each))?.[0]]).toEqual([each, "XML-001"]);
    }
  });
  it("has no document type, no entity of its own, no depth and no size without end", () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>';
    expect(failure(() => parseXml(bomb))).toEqual(["XML-002", { line: 1, column: 1 }]);
    expect(failure(() => parseXml('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'))?.[0]).toBe("XML-002");
    expect(failure(() => parseXml("<a>\n&nbsp;</a>"))).toEqual(["XML-003", { line: 2, column: 6 }]);
    expect(failure(() => parseXml("<a>".repeat(300)))?.[0]).toBe("XML-004");
    expect(failure(() => parseXml(`<a>${"<b/>".repeat(11)}</a>`, { elements: 10 }))?.[0]).toBe("XML-005");
    expect(failure(() => parseXml("<a/>", { length: 3 }))?.[0]).toBe("XML-006");
  });
  it("takes only paths", () => {
    for (const path of ["", "/", "a//b", "a/", "@", "a/@b/c", "a[0]", "a/text()/b", "a b", "@a[1]", "a[1"]) expect([path, failure(() => parseXml("<a/>").get(path))?.[0]]).toEqual([path, "XML-101"]);
  });
});

describe("writing XML", () => {
  it("changes one span", () => {
    const set = (path: string, value: string | number) => parseXml(text).set(path, value).toString();
    expect(set("/order/@kind", `'"<&`)).toBe(text.replace('a "b" &lt;c&gt;', "&apos;&quot;&lt;&amp;"));
    expect(set("/order/id[1]", "<8>\r")).toBe(text.replace("<id>7<", "<id>&lt;8&gt;&#13;<"));
    expect(set("/order/id[2]", 9)).toBe(text.replace("<id></id>", "<id>9</id>"));
    expect(set("note", "all")).toBe(text.replace(/<note>.*<\/note>/s, "<note>all</note>"));
    expect(set("note/text()[2]", "x")).toBe(text.replace("two<![CDATA[ <x> ]]>", "x"));
    expect(set("empty", "full")).toBe(text.replace("<empty/>", "<empty>full</empty>"));
    expect(parseXml(text).set("empty", "a").set("empty", "b").set("note", "c").set("note", "d").get("note")).toBe("d");
    expect(parseXml(text).set("empty", "a").set("empty", "b").toString()).toBe(text.replace("<empty/>", "<empty>b</empty>"));
    expect(set("/order/id[1]", "7")).toBe(text);
    const msg = parseXml(text);
    msg.all("/order/id")[1]?.setText("x");
    msg.all("/order/h:id")[0]?.set("@root", "y");
    expect([...msg.leaves()].filter(({ value }) => value === "x" || value === "y").map(({ path }) => path)).toEqual(["/h:order/h:id/@root", "/h:order/id[2]"]);
  });
  it("refuses what it cannot write", () => {
    const set = (path: string, value: unknown) => failure(() => parseXml(text).set(path, value as string))?.[0];
    expect([set("id", "x"), set("gone", "x"), set("p", "x"), set("empty", "\u0000"), set("empty", "\ud800"), set("empty", null), set("@kind", "\uffff")]).toEqual(["XML-102", "XML-102", "XML-104", "XML-103", "XML-103", "XML-103", "XML-103"]);
  });
  it("gives any document back as it was, and reads what was set", () => {
    const word = fc.string({ unit: fc.constantFrom("a", " ", "&", "<", ">", '"', "'", "]", "\r", "\n", "\t", "é", "😀", "\u0085", "\u2028"), maxLength: 6 });
    const quote = (value: string) => value.replace(/[&<>"'\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    const leaf = fc.tuple(fc.constantFrom("a", "b", "x:c"), word, word).map(([name, attribute, value]) => `<${name} k="${quote(attribute)}" l='1'>${quote(value)}</${name}>`);
    const part = fc.oneof(leaf, fc.constantFrom("<d/>", "<!-- > -->", "<?pi >?>", "<![CDATA[ <&> ]]>", "text &amp; ", "\r\n"));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), word, fc.nat(), (parts, given, n) => {
        const document = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<r xmlns:x='u'>${parts.join("")}</r>`;
        const msg = parseXml(document);
        expect(msg.toString()).toBe(document);
        const leaves = [...msg.leaves()];
        const leaf = leaves[n % leaves.length];
        if (leaf === undefined) return;
        // White space alone between elements is layout, and no leaf.
        const value = leaf.path.endsWith("]") ? `v${given}` : given;
        const edited = msg.set(leaf.path, value).toString();
        expect([edited.startsWith(document.slice(0, leaf.start)), edited.endsWith(document.slice(leaf.end))]).toEqual([true, true]);
        expect([msg.get(leaf.path), parseXml(edited).get(leaf.path)]).toEqual([value, value]);
      }),
    );
  });
});
