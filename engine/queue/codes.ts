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
  "LAN-120": { title: "the message may have arrived: its outcome is asked for" },
  "LAN-121": { title: "nobody could say whether the message has arrived: a person decides" },
  "LAN-122": { title: "the message had not arrived, and is sent again" },
  "LAN-123": { title: "a person has said that the message arrived" },
  "LAN-124": { title: "it is not open whether this message has arrived" },
  "LAN-125": { title: "the partner has nothing of the message" },
  "LAN-126": { title: "the answer to the inquiry says nothing of the message" },
  "LAN-127": { title: "nothing can be asked about this message" },
});
