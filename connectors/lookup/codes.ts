import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "IDN-124": { title: "a row for a lookup table has no key" },
});
