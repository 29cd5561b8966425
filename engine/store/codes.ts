import { catalogue } from "../sdk/index.ts";

/** 1xx: the store does not open. 2xx: it does not write. 3xx: one request or one content. 4xx: backup and restore. */
export const codes = catalogue({
  "STO-101": { title: "another engine has this store open" },
  "STO-102": { title: "the file system cannot keep what is acknowledged" },
  "STO-103": { title: "the store cannot be read or written" },
  "STO-104": { title: "the record is damaged or is no record" },
  "STO-105": { title: "the record was written by another version" },
  "STO-106": { title: "the key of the store is missing" },
  "STO-107": { title: "the key does not belong to this record" },
  "STO-108": { title: "the key file can be read by others" },
  "STO-201": { title: "the disk is full" },
  "STO-202": { title: "the reserve of free disk space is used up" },
  "STO-203": { title: "a write to the disk failed and the store stopped" },
  "STO-204": { title: "the record refused a write" },
  "STO-205": { title: "the store is closed" },
  "STO-301": { title: "there is no such entry" },
  "STO-302": { title: "the entry is not in a state that allows this" },
  "STO-303": { title: "a stored content was altered" },
  "STO-304": { title: "a message has too many destinations" },
  "STO-310": { title: "a message was to follow another that is not in the record" },
  "STO-305": { title: "the contents of the message are not kept any more" },
  "STO-401": { title: "the folder for the backup cannot be used" },
  "STO-402": { title: "the backup is not whole or was altered" },
  "STO-403": { title: "the folder to restore into is not empty" },
});
