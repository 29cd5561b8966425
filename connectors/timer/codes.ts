import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "TIM-101": { title: "the channel refused the message of a timer" },
  "TIM-102": { title: "moments of a timer passed without a message" },
  "TIM-103": { title: "a timer stood in the future" },
});
