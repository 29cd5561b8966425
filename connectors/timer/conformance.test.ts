import { connectorConformance } from "../../engine/sdk/testing/index.ts";
import timer from "./index.ts";

connectorConformance(timer, {
  folder: new URL("./", import.meta.url),
  source: { options: { every: "10s" }, dueEveryMs: 10_000 },
});
