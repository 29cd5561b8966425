import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "FIL-201": { title: "a file could not be written" },
});
