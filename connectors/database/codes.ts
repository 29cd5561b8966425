import { catalogue } from "../../engine/sdk/index.ts";

/** 1xx the database, 2xx what is written, 3xx what is read. */
export const codes = catalogue({
  "DBS-101": { title: "the database does not accept our login" },
  "DBS-102": { title: "the connection to the database broke" },
  "DBS-103": { title: "the database did not answer in time" },
  "DBS-104": { title: "the database does not know or allow what the statement asks for" },
  "DBS-105": { title: "the database cannot do it now" },
  "DBS-201": { title: "a message lacks a field that the statement needs" },
  "DBS-202": { title: "the database refuses a row by one of its constraints" },
  "DBS-203": { title: "a value does not fit its column" },
  "DBS-204": { title: "a message is no JSON object, or no list of them" },
  "DBS-301": { title: "the channel refused a row" },
  "DBS-302": { title: "the checkpoint column is missing, or holds what is no number or time" },
  "DBS-303": { title: "two rows have the same value in the checkpoint column" },
  "DBS-304": { title: "a row is larger than allowed" },
});
