import { catalogue } from "../sdk/error.ts";

/** What can go wrong at the console and the control socket. */
export const codes = catalogue({
  "CON-101": { title: "a route does not say who may use it" },
  "CON-102": { title: "the request names a host that is not this machine" },
  "CON-103": { title: "the request is not understood" },
  "CON-104": { title: "there is no such message or entry" },
  "CON-105": { title: "contents need a purpose" },
  "CON-106": { title: "the console may listen on loopback only" },
  "CON-107": { title: "the port of the console is in use" },
  "CON-108": { title: "another engine answers at the control socket of this project" },
  "CON-109": { title: "the engine could not finish the request" },
  "CON-110": { title: "too many pages are reading the live overview" },
  "CON-111": { title: "too many readers follow the events" },
});
