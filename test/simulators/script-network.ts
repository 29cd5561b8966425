import { createHash, createPrivateKey, sign } from "node:crypto";
import { createServer } from "node:http";
import type { Arrivals } from "./arrivals.ts";
import { simulator } from "./simulator.ts";

/**
 * What goes wrong with the next message. `lost`: it is taken, and no answer comes. `hang`: the same, and the line stays open. `lost-refused`: as lost, and later the pharmacy says no. `unheard`: the line breaks before it
 * is taken. `pharmacy-error`: the pharmacy says no. `busy`: not now.
 */
export type NetworkTrouble = "lost" | "hang" | "lost-refused" | "unheard" | "pharmacy-error" | "busy";

/** What goes wrong with the next inquiry. `silent`: no answer. `other-mail`: a message about something else is in the mailbox before it. */
export type MailboxTrouble = "silent" | "other-mail";

export interface ScriptNetwork {
  /** For the next message, then the one after it, and so on. */
  trouble(...kinds: NetworkTrouble[]): void;
  /** For the next inquiry (GetMessage), then the one after it. */
  mailbox(...kinds: MailboxTrouble[]): void;
  /** Nothing goes wrong any more of what was still to. */
  calm(): void;
  /** MessageIDs that inquiries were about, in order. */
  readonly asked: readonly string[];
  /** MessageIDs that a pharmacy was really given, in order; a repeat is given to nobody. */
  readonly given: readonly string[];
}

const tag = (text: string, name: string) => new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)</`).exec(text)?.[1] ?? "";

/** The answer of an intermediary, written without the engine's codec: that is its use. */
function answer(text: string, body: string, id: string, about = tag(text, "MessageID")): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Message xmlns="http://www.ncpdp.org/schema/SCRIPT" version="20170715"><Header><To Qualifier="D">${tag(text, "From")}</To><From Qualifier="ZZZ">NETWORK</From><MessageID>${id}</MessageID><RelatesToMessageID>${about}</RelatesToMessageID><SentTime>2026-03-04T15:00:00Z</SentTime></Header><Body>${body}</Body></Message>`;
}

/** A network of pharmacies as prescribers see it: Status for what it took, once for each MessageID, Error for what a pharmacy refused. */
export const scriptNetwork = simulator<ScriptNetwork>("network", 8070, (arrivals: Arrivals) => {
  const troubles: NetworkTrouble[] = [];
  const mailboxTroubles: MailboxTrouble[] = [];
  const given: string[] = [];
  const refused: string[] = [];
  const asked: string[] = [];
  /** What waits in the mailbox about a message: a Verify once the pharmacy has it, its Error, or no mail at all. */
  const mail = (body: string, id: string): string => {
    const about = tag(body, "RelatesToMessageID");
    if (refused.includes(about)) return answer(body, "<Error><Code>900</Code></Error>", id, about);
    if (given.includes(about)) return answer(body, "<Verify><VerifyStatus><Code>010</Code></VerifyStatus></Verify>", id, about);
    return answer(body, "<Status><Code>000</Code></Status>", id);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      arrivals.push({ path: request.url ?? "", headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])), body });
      const id = tag(body, "MessageID");
      if (body.includes("<GetMessage>")) {
        asked.push(tag(body, "RelatesToMessageID"));
        const trouble = mailboxTroubles.shift();
        if (trouble === "silent") return void request.socket.destroy();
        const said = trouble === "other-mail" ? answer(body, "<Status><Code>010</Code></Status>", `N-${arrivals.count}`, "SOMETHING-ELSE") : mail(body, `N-${arrivals.count}`);
        return void response.writeHead(200, { "content-type": "application/xml" }).end(said);
      }
      const trouble = troubles.shift();
      if (trouble === "unheard") return void request.socket.destroy();
      const say = (said: string) => response.writeHead(200, { "content-type": "application/xml" }).end(answer(body, said, `N-${arrivals.count}`));
      if (trouble === "busy") return void say("<Error><Code>600</Code></Error>");
      if (trouble === "pharmacy-error") return void say("<Error><Code>601</Code></Error>");
      if (!given.includes(id)) given.push(id);
      if (trouble === "hang") return;
      if (trouble === "lost-refused") refused.push(id);
      if (trouble === "lost" || trouble === "lost-refused") return void request.socket.destroy();
      say("<Status><Code>010</Code></Status>");
    });
  });
  return { server, told: { trouble: (...kinds) => void troubles.push(...kinds), mailbox: (...kinds) => void mailboxTroubles.push(...kinds), calm: () => void (troubles.length = mailboxTroubles.length = 0), given, asked } };
});

/** The example's own signing application: a key for simulation alone, whose public part stands in `partners.yaml`. */
const key = createPrivateKey({ key: Buffer.from("MC4CAQAwBQYDK2VwBCIEILd5+kb0mkFbsh9V6XOUKjCBrYEt1SZRwsxxrC+75bTk", "base64"), format: "der", type: "pkcs8" });

/** What the application states of a prescription that was just signed with two factors there: a compact JWS over its bytes. */
export function signingEvidence(prescription: string, claims: object = {}): string {
  const sha256 = createHash("sha256").update(prescription).digest("hex");
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const said = `${part({ alg: "EdDSA" })}.${part({ sha256, factors: ["know", "have"], signedAt: Math.floor(Date.now() / 1000), application: "Visits Rx", version: "4.2", ...claims })}`;
  return `${said}.${sign(null, Buffer.from(said), key).toString("base64url")}`;
}
