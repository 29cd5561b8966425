import { catalogue } from "../sdk/error.ts";

/** What can go wrong between a person and a command. */
export const codes = catalogue({
  "CLI-101": { title: "the engine of this project is not running" },
  "CLI-102": { title: "no project here" },
  "CLI-103": { title: "no source of this project takes this file" },
  "CLI-104": { title: "the engine refused the request" },
  "CLI-105": { title: "the folder already holds a project" },
  "CLI-106": { title: "a port that simulated partners need is in use" },
  "CLI-107": { title: "nobody listens at the target" },
  "CLI-108": { title: "no answer came in time" },
  "CLI-131": { title: "a file of that name is there already" },
  "CLI-132": { title: "a file holds no private key of a person" },
  "CLI-133": { title: "the revision to compare with is not there" },
  "CLI-134": { title: "no map can be drawn of a project that cannot be read" },
  "CLI-135": { title: "the simulated partners of the example are not installed" },
  "CLI-110": { title: "a file cannot be read" },
});
