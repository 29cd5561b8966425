import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "HTP-101": { title: "a request had no body" },
  "HTP-102": { title: "a request's media type is not accepted here" },
  "HTP-103": { title: "the header that names a message cannot be used" },
  "HTP-201": { title: "the partner asked to try later" },
  "HTP-202": { title: "the partner answered with a server error" },
  "HTP-203": { title: "the partner answered with a redirect" },
  "HTP-204": { title: "the partner rejected the request" },
  "HTP-205": { title: "the partner's answer has no meaning here" },
  "HTP-206": { title: "the exchange broke after bytes had left" },
  "HTP-207": { title: "the request could not be sent" },
  "HTP-208": { title: "the partner did not accept the engine's credential" },
  "HTP-209": { title: "the partner knows no such address" },
});
