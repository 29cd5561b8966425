import { type Code, EngineError } from "../../sdk/error.ts";
import { buildScript, type Content, Written } from "./build.ts";
import { parseScript, type ScriptMessage } from "./message.ts";
import { versionIn } from "./structures.ts";

/** Answers of SCRIPT: Status (it was taken), Error (it was not), Verify (the last receiver has it, where a receipt was asked for). */
export interface ScriptAckOptions {
  readonly kind: "Status" | "Error" | "Verify";
  /** Status and Verify: 000 taken by an intermediary, 010 by the last receiver; Error: 600, 601, 602, 900. */
  readonly code: string;
  /** What the engine says is wrong, as a code: the only description there is. */
  readonly error?: Code;
  /** Milliseconds since 1970, for SentTime. */
  readonly now: number;
  /** MessageID of the answer. */
  readonly messageId: string;
}

/**
 * An answer to a message: To and From swapped, RelatesToMessageID its MessageID, in its version. Of the message it says those again and only in the form that
 * they have in the standard; it holds no words. Never throws for what came: an unreadable message is answered without what could not be read.
 */
export function buildScriptAck(received: { readonly text?: string }, { kind, code, error, now, messageId }: ScriptAckOptions): string {
  const isCode = kind === "Error" ? /^(?:600|601|602|900)$/.test(code) : /^0\d\d$/.test(code);
  if (!isCode || !/^[0-9A-Za-z._-]{1,35}$/.test(messageId) || (error !== undefined && !/^[A-Z][A-Z0-9]{1,4}-\d{3}$/.test(error))) throw new EngineError("ACK-001");
  const message = received.text === undefined ? undefined : readable(received.text);
  const said: Content = { Code: code, ...(error !== undefined && { Description: error }) };
  return buildScript({
    version: statedVersion(message),
    header: {
      To: party(message, "From"),
      From: party(message, "To"),
      MessageID: messageId,
      RelatesToMessageID: message === undefined ? undefined : formed(message.controlId, /^[!-~]{1,70}$/),
      SentTime: new Date(now).toISOString(),
    },
    body: { [kind]: kind === "Verify" ? { VerifyStatus: said } : said },
  });
}

/** What a Status, Error or Verify says; nothing for another transaction or text. */
export function readScriptAck(text: string): { readonly kind: "Status" | "Error" | "Verify"; readonly code: string; readonly relatesTo: string } | undefined {
  const message = readable(text);
  const kind = message?.type;
  if (message === undefined || (kind !== "Status" && kind !== "Error" && kind !== "Verify")) return undefined;
  const code = (message.get(`/Message/Body/${kind}/Code`) || message.get(`/Message/Body/${kind}/VerifyStatus/Code`)).trim();
  return /^\d{3}$/.test(code) ? { kind, code, relatesTo: message.get("message.relatesTo").trim() } : undefined;
}

function readable(text: string): ScriptMessage | undefined {
  try {
    return parseScript(text);
  } catch {
    return undefined;
  }
}

/** As the sender writes it, so that it recognises its own; an id in the place of the version goes nowhere. */
function statedVersion(message: ScriptMessage | undefined): string {
  const stated = formed(message?.version ?? "", /^v?\d{7,8}$/);
  return stated !== undefined && versionIn(stated) !== undefined ? stated : "2017071";
}

/** The other side of the message with its qualifier; an empty element where there is none, since the header has to have both. */
function party(message: ScriptMessage | undefined, name: "To" | "From"): Content {
  const at = `/Message/Header/${name}`;
  const id = formed(message?.get(at).trim() ?? "", /^[\w.:@/+-]{1,255}$/) ?? "";
  const qualifier = formed(message?.get(`${at}/@Qualifier`) ?? "", /^[A-Z]{1,3}$/);
  return qualifier === undefined ? id : new Written({ Qualifier: qualifier }, id);
}

/** Something that has not the standard's form may be anything, and is not said again. */
function formed(value: string, form: RegExp): string | undefined {
  return form.test(value) ? value : undefined;
}
