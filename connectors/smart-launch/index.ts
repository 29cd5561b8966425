import { defineConnector } from "../../engine/sdk/index.ts";
import { problems, sourceOptions } from "./options.ts";
import { smartLaunchSource } from "./source.ts";

export default defineConnector({
  name: "smart-launch",
  summary: "Launches from an electronic record: who signed in there, and the patient before them",
  standard: "SMART App Launch 2.2",
  stability: "beta",
  source: { options: sourceOptions, formats: ["json"], asks: () => true, schemes: ["http", "https"], verify: problems, create: smartLaunchSource },
});
