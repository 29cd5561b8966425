import { catalogue } from "../../sdk/index.ts";

/** What `sluice doctor` finds beside what the rooms themselves would refuse. */
export const codes = catalogue({
  "DOC-101": { title: "this version of Node is too old" },
  "DOC-102": { title: "a wall of the sandbox does not stand on this machine" },
  "DOC-103": { title: "the disk takes long to make a write durable" },
  "DOC-104": { title: "the disk has little free space" },
  "DOC-105": { title: "the folder of the store is open to others" },
  "DOC-106": { title: "a certificate is not valid today" },
  "DOC-107": { title: "a certificate ends soon" },
  "DOC-108": { title: "a private key does not belong to its certificate" },
  "DOC-109": { title: "a private key can be read by others" },
  "DOC-110": { title: "an agreement is not in force" },
  "DOC-111": { title: "an agreement ends soon" },
  "DOC-112": { title: "an endpoint does not answer" },
  "DOC-113": { title: "an endpoint answers without the TLS that is expected of it" },
  "DOC-114": { title: "the clock of this machine is wrong" },
  "DOC-115": { title: "the project has mistakes" },
});
