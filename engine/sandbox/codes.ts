import { catalogue } from "../sdk/error.ts";

/** 1xx: code that cannot be loaded; 2xx: what became of one message; 3xx: the sandbox itself. */
export const codes = catalogue({
  "SBX-101": { title: "code has a syntax error" },
  "SBX-102": { title: "TypeScript that is more than types" },
  "SBX-103": { title: "code imports what is no code file of the project" },
  "SBX-105": { title: "code imports a name that its file does not export" },
  "SBX-104": { title: "module without one default export" },
  "SBX-201": { title: "code threw an error" },
  "SBX-202": { title: "code ran longer than its time limit" },
  "SBX-203": { title: "code used more memory than its limit" },
  "SBX-204": { title: "code waits for a promise that never settles" },
  "SBX-205": { title: "code returned something that cannot be sent" },
  "SBX-206": { title: "output is larger than its limit" },
  "SBX-207": { title: "output is not acceptable JSON" },
  "SBX-208": { title: "code made its worker process crash" },
  "SBX-209": { title: "message cannot be read in the format of the channel" },
  "SBX-210": { title: "default export is not a function" },
  "SBX-301": { title: "no network wall around transforms" },
  "SBX-302": { title: "sandbox worker did not start" },
  "SBX-303": { title: "channel has no code loaded" },
  "SBX-304": { title: "sandbox is closed" },
});
