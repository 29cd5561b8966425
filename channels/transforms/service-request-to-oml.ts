// A FHIR R4 ServiceRequest for a laboratory test, with its Patient and Specimen contained, as OML^O21. A message that lacks what the
// laboratory cannot do without is an error, and goes nowhere.

interface Message {
  set(path: string, value: string): unknown;
}

interface Meta {
  readonly id: string;
  readonly receivedAt: number;
}

interface Tools {
  parseHl7(text: string): Message;
}

type Read = Record<string, any>;

const genders: Record<string, string> = { female: "F", male: "M", other: "O", unknown: "U" };
const priorities: Record<string, string> = { routine: "R", urgent: "A", asap: "A", stat: "S" };
const systems: Record<string, string> = { "http://loinc.org": "LN", "http://snomed.info/sct": "SCT" };

export default function serviceRequestToOml(msg: Read, meta: Meta, { parseHl7 }: Tools): Message {
  const contained = (reference: string | undefined, type: string): Read | undefined =>
    (msg["contained"] ?? []).find((each: Read) => each["resourceType"] === type && `#${each["id"]}` === reference);
  const patient = contained(msg["subject"]?.reference, "Patient");
  const specimen = contained(msg["specimen"]?.[0]?.reference, "Specimen");
  const [mrn] = patient?.["identifier"] ?? [];
  const [order] = msg["identifier"] ?? [];
  const [test] = msg["code"]?.coding ?? [];
  for (const [name, value] of Object.entries({ patient, mrn: mrn?.value, order: order?.value, test: test?.code })) {
    if (!value) throw new Error(`the order has no ${name}`);
  }

  const at = time(new Date(meta.receivedAt).toISOString());
  const oml = parseHl7(
    [`MSH|^~\\&|SLUICE|VISITS|NSLIS|NORTHSIDE LAB|${at}||OML^O21^OML_O21|${meta.id}|T|2.5.1`, "PID|1", "ORC", "OBR|1", ...(specimen ? ["SPM|1"] : []), ""].join("\r"),
  );
  const put = (path: string, value: string | undefined | null) => {
    if (value) oml.set(path, value);
  };
  const concept = (path: string, { system, code, display }: Read) => {
    put(`${path}.1`, code);
    put(`${path}.2`, display);
    put(`${path}.3`, systems[system] ?? system);
  };

  const name = patient?.["name"]?.[0];
  put("PID-3.1", mrn.value);
  put("PID-3.4.2", /^urn:oid:(.+)$/.exec(mrn.system ?? "")?.[1]);
  put("PID-3.4.3", mrn.system?.startsWith("urn:oid:") ? "ISO" : undefined);
  put("PID-3.5", mrn.type?.coding?.[0]?.code ?? "MR");
  put("PID-5.1", name?.family);
  put("PID-5.2", name?.given?.[0]);
  put("PID-5.3", name?.given?.[1]);
  put("PID-7", patient?.["birthDate"]?.replaceAll("-", ""));
  put("PID-8", genders[patient?.["gender"] ?? ""]);
  put("ORC-1", msg["status"] === "revoked" ? "CA" : "NW");
  put("ORC-9", time(msg["authoredOn"]));
  for (const path of ["ORC-2.1", "OBR-2.1"]) put(path, order.value);
  concept("OBR-4", test);
  put("OBR-7", time(specimen?.["collection"]?.collectedDateTime));
  put("OBR-27.6", priorities[msg["priority"] ?? "routine"]);
  for (const path of ["ORC-12", "OBR-16"]) {
    put(`${path}.1`, msg["requester"]?.identifier?.value);
    put(`${path}.2`, msg["requester"]?.display);
  }
  if (specimen) {
    const [kind] = specimen["type"]?.coding ?? [];
    if (kind) concept("SPM-4", kind);
    put("SPM-17.1", time(specimen["collection"]?.collectedDateTime));
  }
  return oml;
}

/** A FHIR instant or dateTime as HL7 writes it, as exact as it was. */
function time(written: string | undefined): string | undefined {
  const [, date = "", clock = "", zone = ""] = /^([\d-]+)(?:T([\d:]+)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(written ?? "") ?? [];
  return `${date.replaceAll("-", "")}${clock.replaceAll(":", "")}${zone === "Z" ? "+0000" : zone.replace(":", "")}`;
}
