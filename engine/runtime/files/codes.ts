import { catalogue } from "../../sdk/error.ts";

/** Files and folders. 1xx taking, 2xx writing. */
export const codes = catalogue({
  "DIR-101": { title: "a folder is missing, or is no folder" },
  "DIR-102": { title: "a folder belongs to the engine or to the project's own files" },
  "DIR-103": { title: "folders of one source are not on the same file system" },
  "DIR-104": { title: "a folder or file may not be used by the engine's user" },
  "DIR-105": { title: "a folder or file could not be read" },
  "DIR-106": { title: "a file could not be taken out of its folder" },
  "DIR-107": { title: "a file was to go to a folder that is not configured" },
  "DIR-201": { title: "the endpoint is no folder" },
  "DIR-202": { title: "a file name is not safe" },
  "DIR-203": { title: "a file of this name with other content is there already" },
  "DIR-204": { title: "the disk of a folder is full" },
  "DIR-205": { title: "a file could not be written" },
  "DIR-206": { title: "a database file cannot be opened" },
});
