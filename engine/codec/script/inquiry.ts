import type { Said } from "../inquiry.ts";
import { readScriptAck } from "./ack.ts";
import { buildScript, type Content, Written } from "./build.ts";
import { parseScript, type ScriptMessage } from "./message.ts";
import { versionIn } from "./structures.ts";

/**
 * GetMessage of SCRIPT 2017071 and 2023011, the one transaction by which a sender asks: it fetches from the mailbox what waits there, and RelatesToMessageID says
 * about which message. The standard knows no inquiry by MessageID alone. To, From and version are the message's own. Nothing for a text that is no SCRIPT
 * message, or that lacks one of them in the standard's form.
 */
export function buildScriptInquiry(sent: string, { id, now }: { readonly id: string; readonly now: number }): string | undefined {
  const message = readable(sent);
  if (message === undefined || !/^[!-~]{1,70}$/.test(message.controlId) || versionIn(message.version) === undefined || !/^v?\d{7,8}$/.test(message.version)) return undefined;
  const [To, From] = [party(message, "To"), party(message, "From")];
  if (To === undefined || From === undefined) return undefined;
  return buildScript({
    version: message.version,
    header: { To, From, MessageID: id, RelatesToMessageID: message.controlId, SentTime: new Date(now).toISOString() },
    body: { GetMessage: { NumberOfMessages: 1 } },
  });
}

/**
 * What the answer says of the message that was sent. Verify, Status and Error speak of the message that they relate to: Verify and Status that it was taken, Error 601 and 900
 * that it was refused; 600 and 602 that it could not be passed on. A Status for the inquiry itself says that no mail waits: the partner has nothing to tell of
 * it. Everything else, other mail among it, says nothing, and stays in the mailbox, since it is not acknowledged.
 */
export function readScriptInquiry(sent: string, inquiry: string, answer: string): Said {
  const ack = readScriptAck(answer);
  const [asked, own] = [readable(sent)?.controlId, readable(inquiry)?.controlId];
  if (ack === undefined || asked === undefined || asked === "") return "nothing";
  if (ack.relatesTo === asked) {
    if (ack.kind !== "Error") return "taken";
    return ack.code === "600" || ack.code === "602" ? "absent" : "refused";
  }
  return ack.kind === "Status" && ack.relatesTo === own ? "absent" : "nothing";
}

function readable(text: string): ScriptMessage | undefined {
  try {
    return parseScript(text);
  } catch {
    return undefined;
  }
}

function party(message: ScriptMessage, name: "To" | "From"): Content | undefined {
  const at = `/Message/Header/${name}`;
  const [id, qualifier] = [message.get(at).trim(), message.get(`${at}/@Qualifier`)];
  if (!/^[\w.:@/+-]{1,255}$/.test(id)) return undefined;
  return /^[A-Z]{1,3}$/.test(qualifier) ? new Written({ Qualifier: qualifier }, id) : id;
}
