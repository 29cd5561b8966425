import { catalogue } from "../../sdk/error.ts";

export const codes = catalogue({
  "NET-101": { title: "a port is already in use" },
  "NET-102": { title: "the engine cannot listen on this address" },
  "NET-103": { title: "a TLS file cannot be used" },
  "NET-104": { title: "two channels claim the same route" },
  "NET-105": { title: "channels that share a port do not agree about TLS" },
  "NET-106": { title: "a connection was closed because too many are open" },
  "NET-107": { title: "a peer failed the TLS handshake" },
  "NET-108": { title: "an HTTP request was not understood or came too slowly" },
  "NET-109": { title: "a request without a valid credential was turned away" },
  "NET-110": { title: "a sender exceeded its rate limit" },
  "NET-111": { title: "a request body was larger than allowed" },
  "NET-112": { title: "a request was turned away because the byte budget is used up" },
  "NET-201": { title: "something that the guard did not release tried to leave" },
  "NET-202": { title: "the envelope names no pinned endpoint of this partner" },
  "NET-203": { title: "the endpoint's address is never allowed" },
  "NET-204": { title: "the endpoint's host name was not found" },
  "NET-205": { title: "the partner could not be reached" },
  "NET-206": { title: "the partner did not answer the connection in time" },
  "NET-207": { title: "the partner's TLS certificate or handshake was not accepted" },
  "NET-208": { title: "the connection broke after bytes had left" },
  "NET-209": { title: "no answer came in time" },
  "NET-210": { title: "the attempt was stopped" },
  "NET-211": { title: "framing around a released body is too long" },
  "NET-212": { title: "a connector set a header that belongs to the engine" },
  "NET-213": { title: "the path leaves the pinned endpoint" },
});

/** What stands behind a file secret or an environment secret that cannot be opened (`runtime/secrets.ts`). */
export const secretCodes = catalogue({
  "SEC-101": { title: "an environment variable that holds a secret is missing" },
  "SEC-102": { title: "a file that holds a secret is missing or unreadable" },
  "SEC-103": { title: "a secret's file can be read by others" },
  "SEC-104": { title: "a secret's name leaves the secrets folder" },
  "SEC-105": { title: "a secret is empty" },
});
