import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "SCM-101": { title: "a body is no SCIM resource" },
  "SCM-102": { title: "a SCIM request's media type is not accepted" },
  "SCM-103": { title: "a SCIM change is not understood" },
  "SCM-104": { title: "a SCIM filter is not supported" },
  "SCM-105": { title: "no such user is known here" },
  "SCM-106": { title: "a user of this name is known already" },
  "SCM-107": { title: "a user has changed since the sender looked" },
  "SCM-108": { title: "nothing of this kind is served here" },
});
