import type { Link } from "../config/project.ts";
import type { Format } from "../sdk/index.ts";

const formats: Readonly<Record<Format, string>> = {
  hl7v2: "HL7 v2",
  fhir: "FHIR R4",
  json: "JSON",
  csv: "delimited text",
  xml: "XML",
  text: "text",
  x12: "X12",
  script: "NCPDP SCRIPT",
  ical: "iCalendar",
};
const carriers: Readonly<Record<string, string>> = { mllp: "MLLP", http: "HTTP", file: "files", timer: "a timer", channel: "a hand-off", fhir: "REST", "fhir-poll": "REST", sftp: "SFTP", database: "SQL", smtp: "SMTP", stripe: "Stripe's API", scim: "SCIM", lookup: "a lookup table", "ical-poll": "HTTP", "ical-feed": "a feed that we serve", "smart-launch": "SMART App Launch" };

/** What is spoken on a link, as people say it: `HL7 v2 over MLLP with TLS`. `url`: where it goes, when that is known; `auth`: how the other side proves itself. */
export function standardOf(format: Format, connector: string, url?: string, auth?: Link["auth"]): string {
  const spoken = `${formats[format] ?? format} over ${carriers[connector] ?? connector}`;
  const isSealed = /^(https|mllps|smtps):/.test(url ?? "") || auth === "tls" || auth === "mtls";
  return isSealed ? `${spoken} with TLS` : spoken;
}
