import { catalogue } from "../sdk/index.ts";

/** 1xx: why an entry is dead or waits. */
export const codes = catalogue({
  "LAN-101": { title: "all attempts are used up" },
  "LAN-102": { title: "the message is too old to be sent" },
  "LAN-103": { title: "preparing the message failed in the engine" },
  "LAN-104": { title: "an attempt failed in the engine" },
  "LAN-105": { title: "an outcome could not be recorded" },
  "LAN-106": { title: "the lane could not read its entries" },
  "LAN-110": { title: "others go with the message as one" },
  "LAN-111": { title: "the message goes with the one before it" },
});
