import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "SMT-101": { title: "the mail server does not accept our login" },
  "SMT-102": { title: "the connection to the mail server broke, or its TLS was not accepted" },
  "SMT-103": { title: "the mail server did not answer in time" },
  "SMT-104": { title: "the mail server does not take mail from this sender or for these recipients" },
  "SMT-105": { title: "the mail server asks to try again later" },
  "SMT-201": { title: "the mail server refuses a message" },
  "SMT-202": { title: "some recipients of a message were refused" },
});
