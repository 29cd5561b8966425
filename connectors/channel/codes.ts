import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "CHN-201": { title: "the other channel refused the message" },
  "CHN-202": { title: "the other channel cannot take the message now" },
  "CHN-203": { title: "a hand-off was stopped before the other channel answered" },
});
