import { expect, test } from "vitest";
import { parseScript } from "./index.ts";
import { validateScript } from "./validate.ts";
import { buildScriptInquiry, readScriptInquiry } from "./inquiry.ts";

const message = (header: string, body = "<NewRx><Patient><HumanPatient><Name><LastName>EXEMPLAR</LastName></Name></HumanPatient></Patient></NewRx>", version = "20170715") =>
  `<Message TransactionVersion="${version}"><Header>${header}</Header><Body>${body}</Body></Message>`;
const sent = message('<To Qualifier="P">0999999</To><From Qualifier="D">777</From><MessageID>RX-1</MessageID><SentTime>2026-03-04T15:00:00Z</SentTime>');
const inquiry = buildScriptInquiry(sent, { id: "q1", now: 0 }) ?? "";
const said = (body: string, about: string) => readScriptInquiry(sent, inquiry, message(`<To>777</To><From>N</From><MessageID>A</MessageID><RelatesToMessageID>${about}</RelatesToMessageID><SentTime>2026-03-04T15:00:00Z</SentTime>`, body));

test("the inquiry is a valid GetMessage that relates to the message and holds nothing else of it", () => {
  const tree = parseScript(inquiry);
  expect([tree.type, tree.controlId, tree.get("message.relatesTo"), tree.get("message.to"), tree.get("message.from"), tree.version]).toEqual(["GetMessage", "q1", "RX-1", "0999999", "777", "20170715"]);
  expect(validateScript(tree).filter(({ severity }) => severity === "error")).toEqual([]);
  expect(inquiry).not.toContain("EXEMPLAR");
});

test.each([
  ["no SCRIPT", "<a/>"],
  ["no MessageID", sent.replace("<MessageID>RX-1</MessageID>", "")],
  ["an id that is no id", sent.replace("RX-1", "RX 1 of Ada Exemplar")],
  ["no receiver", sent.replace('<To Qualifier="P">0999999</To>', "")],
  ["an unknown version", sent.replace("20170715", "10.6")],
])("nothing can be asked about %s", (_, text) => expect(buildScriptInquiry(text, { id: "q1", now: 0 })).toBeUndefined());

test.each([
  ["<Verify><VerifyStatus><Code>010</Code></VerifyStatus></Verify>", "RX-1", "taken"],
  ["<Status><Code>000</Code></Status>", "RX-1", "taken"],
  ["<Error><Code>900</Code></Error>", "RX-1", "refused"],
  ["<Error><Code>601</Code></Error>", "RX-1", "refused"],
  ["<Error><Code>600</Code></Error>", "RX-1", "absent"],
  ["<Status><Code>000</Code></Status>", "q1", "absent"],
  ["<Error><Code>900</Code></Error>", "q1", "nothing"],
  ["<Verify><VerifyStatus><Code>010</Code></VerifyStatus></Verify>", "RX-2", "nothing"],
  ["<RxRenewalRequest/>", "RX-1", "nothing"],
  ["", "", "nothing"],
])("%s about %s says %s", (body, about, expected) => expect(said(body, about)).toBe(expected));

test("what cannot be read says nothing", () => expect(readScriptInquiry(sent, inquiry, "<html>")).toBe("nothing"));
