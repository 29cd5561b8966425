import type { Diagnostic } from "../../sdk/index.ts";
import { wholePartners } from "../read/soundness.ts";
import { isSelf } from "../self.ts";
import { hostOf, isLoopback } from "./loopback.ts";
import { error, type Rule } from "./rule.ts";
import { listenerOf } from "./source-roles.ts";

/** `auth: none` is for links that cannot leave this machine. */
export const authNone: Rule = {
  code: "CFG-155",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { place, name, links, endpoints } of wholePartners(project).values()) {
      if (isSelf(name)) continue;
      const away = endpoints.find((endpoint) => endpoint.url !== "" && !/^(file|sqlite|lookup):/.test(endpoint.url) && !isLoopback(hostOf(endpoint.url)));
      if (links.outbound?.auth !== "none" || !away) continue;
      const message = `"${name}" is reached over the network (endpoint "${away.id}"), and nobody asks who answers`;
      found.push(error("CFG-155", place.at("links", "outbound", "auth"), message, "choose mtls, tls, bearer or basic; none is for 127.0.0.1"));
    }
    for (const { place, source } of project.channels) {
      const listener = listenerOf(source);
      const host = listener?.options.host;
      if (wholePartners(project).get(source.partner)?.links.inbound?.auth !== "none" || typeof host !== "string" || isLoopback(host)) continue;
      const message = `anyone who reaches this port may send as "${source.partner}", whose inbound link says auth: none`;
      found.push(error("CFG-155", place.at("source", source.connector, ...(listener?.path ?? []), "host"), message, "listen on 127.0.0.1, or let the link ask for mtls, tls or bearer"));
    }
    return found;
  },
};
