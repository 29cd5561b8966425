import { EngineError } from "../../engine/sdk/index.ts";
import { connectorConformance } from "../../engine/sdk/testing/index.ts";
import icalFeed from "./index.ts";

connectorConformance(icalFeed, {
  folder: new URL("./", import.meta.url),
  destination: {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as YAML writes it
    options: { endpoint: "calendars", secret: "${file:calendar_feeds}", feeds: { "uma-sample": 1 } },
    format: "json",
    content: (id, text) => new TextEncoder().encode(JSON.stringify({ id, text })),
    isLocal: true,
    answersAtOnce: true,
    accepts: () => "silent",
    rejects: () => new EngineError("ICL-120", { sent: false }),
    busy: () => new EngineError("ICL-122", { sent: false }),
  },
});
