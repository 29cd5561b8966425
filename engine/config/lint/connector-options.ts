import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel, VerifyOptions } from "../project.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** Options that fit their schema one by one may still not go together: the connector says so itself. */
export const connectorOptions: Rule = {
  code: "CFG-136",
  check(project, { connectors }) {
    const verified = (channel: Channel, at: readonly string[], options: Readonly<Record<string, unknown>>, verify: VerifyOptions | undefined): Diagnostic[] => {
      if (!verify || hasErrorIn(project, channel.place.at(...at))) return [];
      return verify(options).map(({ path, message, help }) => {
        const full = [...at, ...path];
        const place = path.length > 0 && isWritten(channel.place, ...full) ? channel.place.at(...full) : channel.place.atKey(...at);
        return error("CFG-136", place, message, help);
      });
    };
    return [
      ...project.channels.flatMap((channel) => {
        const { connector, options } = channel.source;
        return verified(channel, ["source", connector], options, connectors.get(connector)?.source?.verify);
      }),
      ...destinationsOf(project).flatMap(({ channel, destination, path }) => {
        const { connector, options } = destination;
        return verified(channel, [...path, connector], options, connectors.get(connector)?.destination?.verify);
      }),
    ];
  },
};
