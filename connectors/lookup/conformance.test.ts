import { EngineError } from "../../engine/sdk/index.ts";
import { connectorConformance } from "../../engine/sdk/testing/index.ts";
import lookup from "./index.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

connectorConformance(lookup, {
  folder: new URL("./", import.meta.url),
  destination: {
    options: { endpoint: "specialties", key: "npi", value: "specialty" },
    format: "json",
    content: (id, text) => encode({ npi: id, specialty: text }),
    wire: (content) => {
      const { npi: key, specialty: value } = JSON.parse(new TextDecoder().decode(content)) as Record<string, string>;
      return encode({ key, value });
    },
    isLocal: true,
    accepts: () => new Uint8Array(),
    rejects: () => new EngineError("IDN-121", { sent: false }),
    busy: () => new EngineError("IDN-122", { sent: false }),
  },
});
