import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "ICL-101": { title: "the calendar could not be fetched" },
  "ICL-102": { title: "the calendar is larger than is taken" },
  "ICL-103": { title: "the server says that nothing changed, and nothing was known" },
  "ICL-104": { title: "the server refused to give the calendar" },
  "ICL-105": { title: "nothing has changed in the calendar for too long" },
  "ICL-106": { title: "events that stood in the calendar are gone" },
  "ICL-107": { title: "an event of the calendar is refused by the channel" },
  "ICL-108": { title: "the engine cannot take what was fetched now" },
  "ICL-109": { title: "the calendar came empty" },
  "ICL-110": { title: "the server asked to be asked later" },
});
