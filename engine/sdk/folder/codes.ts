import { catalogue } from "../error.ts";

/** What may go wrong with files of a folder, wherever the folder is. */
export const codes = catalogue({
  "FIL-101": { title: "a file is empty" },
  "FIL-102": { title: "a file or a record is larger than allowed" },
  "FIL-103": { title: "the channel refused a file" },
  "FIL-104": { title: "a file cannot be cut into messages" },
  "FIL-105": { title: "a file was changed after part of it was taken" },
  "FIL-106": { title: "the channel refused some records of a file" },
  "FIL-107": { title: "entries of a folder were passed over" },
  "FIL-108": { title: "a file could not be read or taken out of its folder" },
  "FIL-109": { title: "a file that was taken before the engine stopped was still in the folder" },
});
