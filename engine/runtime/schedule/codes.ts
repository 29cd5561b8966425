import { catalogue } from "../../sdk/error.ts";

export const codes = catalogue({
  "SCH-101": { title: "a schedule is neither a cron expression nor an interval" },
  "SCH-102": { title: "a cron expression cannot be read" },
  "SCH-103": { title: "a time zone is not known" },
  "SCH-104": { title: "a schedule is never due" },
});
