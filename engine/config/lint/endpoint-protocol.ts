import type { Diagnostic } from "../../sdk/index.ts";
import type { Endpoint } from "../project.ts";
import { wholePartners } from "../read/soundness.ts";
import { error, type Rule } from "./rule.ts";

/** An endpoint has what its protocol needs, and nothing that would have no effect. */
export const endpointProtocol: Rule = {
  code: "CFG-192",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { place, endpoints } of wholePartners(project).values()) {
      for (const [i, endpoint] of endpoints.entries()) {
        for (const [key, message, help] of mistakes(endpoint)) {
          const at = endpoint[key] === undefined ? place.at("endpoints", i, "url") : place.atKey("endpoints", i, key);
          found.push(error("CFG-192", key === "url" ? place.at("endpoints", i, "url") : at, message, help));
        }
      }
    }
    return found;
  },
};

type Mistake = readonly [key: "url" | "login" | "hostKeys" | "tls", message: string, help: string];

const withLogin = new Set(["sftp", "postgres", "mysql", "smtp", "smtps"]);
// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
const aLogin = 'add login: { user: NAME, password: "${file:NAME}" }';

function mistakes({ url, login, hostKeys, tls }: Endpoint): Mistake[] {
  const scheme = url.split(":", 1)[0] ?? "";
  const isSql = scheme === "postgres" || scheme === "mysql";
  const found: Mistake[] = [];
  if (login && !withLogin.has(scheme)) found.push(["login", `${scheme} has no login of its own`, "authentication over HTTP stands in the destination's auth"]);
  if (!login && (isSql || scheme === "sftp")) found.push(["login", `${scheme} asks who we are, and this endpoint has no login`, aLogin]);
  if (login && !login.password && !login.key) found.push(["login", "a login without a password or key", aLogin]);
  if (login?.key && scheme !== "sftp") found.push(["login", `${scheme} takes a password, and no key`, aLogin]);
  if (login?.password && login.key) found.push(["login", "a login with a password and a key", "write one of them: a server that refuses the key would be shown the password"]);
  if (scheme === "sftp" && !hostKeys) found.push(["hostKeys", "nobody checks which server answers", "add hostKeys: [SHA256:…] with the fingerprint that the partner gave you (ssh-keygen -lf of its host key)"]);
  if (scheme !== "sftp" && hostKeys) found.push(["hostKeys", `${scheme} has no host keys`, "they belong to an sftp:// endpoint; for TLS name tls: { ca }"]);
  if (scheme === "sftp" && tls) found.push(["tls", "SSH does not use TLS", "hostKeys says which server is the right one"]);
  if (isSql && !/^[a-z]+:\/\/[^/]+\/[^/]+$/.test(url)) found.push(["url", "the address names no database", `write ${scheme}://host/DATABASE`]);
  return found;
}
