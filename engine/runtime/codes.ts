import { catalogue } from "../sdk/error.ts";

export const codes = catalogue({
  "RUN-101": { title: "the project has mistakes, so nothing was started" },
  "RUN-102": { title: "the store holds messages for a destination the project no longer has" },
  "RUN-103": { title: "a connector package is not listed under trusted" },
  "RUN-104": { title: "a connector package could not be loaded" },
  "RUN-105": { title: "a source could not start" },
  "RUN-106": { title: "the message of a test cannot be edited" },
  "RUN-107": { title: "a test could not be run to its end" },
  "RUN-108": { title: "no running lane has this name" },
  "RUN-121": { title: "a destination that still holds messages cannot be taken away" },
  "RUN-122": { title: "the order of a channel cannot change while it holds messages" },
  "RUN-120": { title: "a message was to be handed to a channel that takes none now" },
  "RUN-109": { title: "the key of the message ids cannot be used" },
});
