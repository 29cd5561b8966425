/** Hosts that name terminologies, profiles and namespaces. They are words of standards: nobody is found through them. */
const hosts = new Set([
  "hl7.org", "loinc.org", "snomed.info", "unitsofmeasure.org", "nlm.nih.gov", "cms.gov", "cdc.gov", "nucc.org", "ama-assn.org", "fda.gov", "ncpdp.org", "x12.org", "dicom.org", "nema.org",
  "ihe.net", "who.int", "iso.org", "w3.org", "iana.org", "ietf.org", "oasis-open.org", "xmlsoap.org", "fhir.org", "hl7.eu", "healthit.gov", "ahrq.gov", "nubc.org", "ada.org", "rxnav.nlm.nih.gov",
  "va.gov", "nppes.cms.hhs.gov", "smarthealthit.org", "openid.net", "schema.org", "regenstrief.org",
]);

/** Of a host, or of one that it belongs to. */
export function isKnownHost(host: string): boolean {
  for (let at = 0; ; at++) {
    if (hosts.has(host.slice(at))) return true;
    at = host.indexOf(".", at);
    if (at < 0) return false;
  }
}

/** Those that stand in most messages, dozens of times in some. */
const common = ["loinc.org", "unitsofmeasure.org", "terminology.hl7.org", "hl7.org", "snomed.info", "www.nlm.nih.gov"];

/** Whether one of them stands from `start` to `end`, without a string made to look. */
export function isCommonHost(text: string, start: number, end: number): boolean {
  for (const host of common) if (host.length === end - start && text.startsWith(host, start)) return true;
  return false;
}
