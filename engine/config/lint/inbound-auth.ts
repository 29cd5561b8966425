import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import type { Channel, Project } from "../project.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { error, type Rule } from "./rule.ts";

const ways = ["bearer", "basic", "token", "signature", "certificate"] as const;
/** What is asked of a token beside that it is valid. */
const ofTokens = ["scope", "aal", "ial"] as const;

/** A source asks for one proof, and only a token can be asked for scopes and assurance; its issuer stands in `sluice.yaml`. */
export const inboundAuth: Rule = {
  code: "CFG-243",
  check(project) {
    return project.channels.flatMap((channel) => {
      const { place, source } = channel;
      const { auth } = source.options;
      if (typeof auth !== "object" || auth === null || hasErrorIn(project, place.at("source", source.connector))) return [];
      return judged(auth as Readonly<Record<string, unknown>>, channel, project);
    });
  },
};

function judged(auth: Readonly<Record<string, unknown>>, { place, source: { connector, options } }: Channel, project: Project): Diagnostic[] {
  const at = ["source", connector, "auth"];
  const written = ways.filter((way) => auth[way] !== undefined);
  const [first, second] = written;
  if (second !== undefined) return [error("CFG-243", place.atKey(...at, second), `"${second}" stands beside "${first}", and a sender proves itself in one way`, `keep one of ${written.join(", ")}`)];
  const odd = ofTokens.find((key) => auth[key] !== undefined);
  if (auth.token === undefined && odd !== undefined) return [error("CFG-243", place.atKey(...at, odd), `"${odd}" is asked of tokens, and this source takes none`, "add token: and the name of an issuer, or take it away")];
  if (first === undefined) return [error("CFG-243", place.at(...at), "nothing says how senders prove who they are", `choose one of ${ways.join(", ")}`)];
  const { ca } = (options.tls ?? {}) as { readonly ca?: unknown };
  if (first === "certificate" && ca === undefined) return [error("CFG-243", place.atKey(...at, "certificate"), "this source asks nobody for a certificate", "add tls: { cert, key, ca } with the authority that signs them")];
  const { issuers = {} } = project.settings.identity ?? {};
  if (typeof auth.token !== "string" || Object.hasOwn(issuers, auth.token)) return [];
  const known = Object.keys(issuers);
  return [error("CFG-244", place.at(...at, "token"), `there is no issuer "${auth.token}"`, known.length === 0 ? "add it under identity: issuers: in sluice.yaml" : choices(auth.token, known, "issuers"))];
}
