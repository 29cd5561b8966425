import { catalogue } from "../sdk/error.ts";

export const codes = catalogue({
  "CAS-101": { title: "the message names no case" },
  "CAS-102": { title: "the case of the message is not known" },
  "CAS-103": { title: "the message is older than what is known of its case" },
  "CAS-104": { title: "the case may not move this way" },
  "CAS-105": { title: "nothing says whether the message is older than what is known of its case" },
  "CAS-106": { title: "the message and its case do not agree on what they have in common" },
  "CAS-107": { title: "the state that the message brings its case to cannot be told" },
  "CAS-108": { title: "the message belongs to another case, which is not known" },
  "CAS-109": { title: "the case is overdue" },
  "CAS-110": { title: "a critical result waits for somebody to acknowledge it" },
  "CAS-111": { title: "nothing in the message is critical" },
  "CAS-112": { title: "the message acknowledges an alert that is not known" },
  "CAS-113": { title: "an alert stands for this version of the result already" },
  "CAS-201": { title: "the file of cases cannot be read or written" },
  "CAS-202": { title: "the file of cases is not one of this engine" },
  "CAS-203": { title: "there is no such item of work" },
  "CAS-205": { title: "work is closed by somebody and for a reason" },
  "CAS-206": { title: "an alert is acknowledged, not closed" },
  "CAS-204": { title: "the item of work is closed" },
});
