// ORU^R01 to a FHIR R4 transaction: the Patient, one DiagnosticReport for each OBR, one Observation for each OBX.
// Real feeds leave out almost anything, so every part is made of what is there, and nothing is made up.

interface Segment {
  readonly name: string;
  get(path: string): string | null;
  presence(path: string): string;
}

interface Message {
  readonly segments: readonly Segment[];
  get(path: string): string | null;
}

type Resource = Record<string, unknown>;

/** Of the engine: made of the message's own randomness, so that a replay gives the same ids. */
declare function uuid(): string;

export default function oruToBundle(msg: Message): Resource {
  const entries: Resource[] = [];
  const add = (resource: Resource): Resource => {
    const fullUrl = `urn:uuid:${uuid()}`;
    entries.push({ fullUrl, resource, request: { method: "POST", url: resource["resourceType"] } });
    return { reference: fullUrl };
  };
  const find = (name: string) => msg.segments.find((segment) => segment.name === name);

  const pid = find("PID");
  const subject = pid ? add(patientOf(pid)) : undefined;
  let report: Resource | undefined;
  let observation: Resource | undefined;
  let obr: Segment | undefined;
  for (const segment of msg.segments) {
    if (segment.name === "OBR") {
      obr = segment;
      observation = undefined;
      report = reportOf(segment, subject);
      add(report);
    } else if (segment.name === "OBX") {
      observation = undefined;
      if (segment.get("2") === "ED" && report) append(report, "presentedForm", documentOf(segment));
      else if (segment.get("3") || segment.get("3.2") || segment.get("5")) {
        observation = observationOf(segment, obr, subject);
        const reference = add(observation);
        if (report) append(report, "result", reference);
      }
    } else if (segment.name === "NTE" && text(segment, "3")) {
      if (observation) append(observation, "note", { text: text(segment, "3") });
      else if (report) report["conclusion"] = [report["conclusion"], text(segment, "3")].filter(Boolean).join("\n");
    }
  }
  return { resourceType: "Bundle", type: "transaction", entry: entries };
}

function patientOf(pid: Segment): Resource {
  const names = repetitions(pid, "5").map((at) =>
    compact({ family: pid.get(`${at}.1`), given: [pid.get(`${at}.2`), pid.get(`${at}.3`)].filter(Boolean) }),
  );
  return compact({
    resourceType: "Patient",
    identifier: repetitions(pid, "3").map((at) =>
      compact({
        type: coded({ code: pid.get(`${at}.5`), system: "http://terminology.hl7.org/CodeSystem/v2-0203" }),
        system: oid(pid.get(`${at}.4.2`)),
        value: pid.get(`${at}.1`),
        assigner: pid.get(`${at}.4.1`) ? { display: pid.get(`${at}.4.1`) } : undefined,
      }),
    ),
    name: names,
    gender: ({ F: "female", M: "male", O: "other", A: "other", U: "unknown" } as Record<string, string>)[pid.get("8") ?? ""],
    birthDate: dateTime(pid.get("7"))?.slice(0, 10),
  });
}

const reportStatus: Record<string, string> = {
  O: "registered", I: "registered", S: "registered", A: "partial", P: "preliminary", R: "preliminary", C: "corrected", F: "final", X: "cancelled",
};

function reportOf(obr: Segment, subject: Resource | undefined): Resource {
  return compact({
    resourceType: "DiagnosticReport",
    identifier: [identifier(obr, "2", "PLAC"), identifier(obr, "3", "FILL")].filter((found) => found !== undefined),
    status: reportStatus[obr.get("25") ?? ""] ?? "unknown",
    category: [coded({ code: obr.get("24"), system: "http://terminology.hl7.org/CodeSystem/v2-0074" })].filter((found) => found !== undefined),
    code: concept(obr, "4") ?? { text: "laboratory report" },
    subject,
    effectiveDateTime: dateTime(obr.get("7")),
    issued: instant(obr.get("22")),
  });
}

const observationStatus: Record<string, string> = {
  C: "corrected", D: "entered-in-error", F: "final", I: "registered", N: "cancelled", O: "registered",
  P: "preliminary", R: "preliminary", S: "preliminary", U: "final", W: "entered-in-error", X: "cancelled",
};

function observationOf(obx: Segment, obr: Segment | undefined, subject: Resource | undefined): Resource {
  const value = valueOf(obx);
  return compact({
    resourceType: "Observation",
    status: observationStatus[obx.get("11") ?? ""] ?? "unknown",
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }],
    code: concept(obx, "3") ?? { text: "unnamed result" },
    subject,
    effectiveDateTime: dateTime(obx.get("14")) ?? dateTime(obr?.get("7")),
    issued: instant(obx.get("19")),
    ...(value ?? { dataAbsentReason: coded({ code: "unknown", system: "http://terminology.hl7.org/CodeSystem/data-absent-reason" }) }),
    interpretation: repetitions(obx, "8").flatMap((at) => interpretation(obx.get(`${at}.1`), obx.get(`${at}.2`))),
    referenceRange: text(obx, "7") ? [rangeOf(text(obx, "7"), unitOf(obx))] : [],
  });
}

/** OBX-5 by its type in OBX-2. A number that FHIR could not hold exactly stays the text it was. */
function valueOf(obx: Segment): Resource | undefined {
  const written = text(obx, "5");
  if (written === "") return undefined;
  const kind = obx.get("2") ?? "";
  if (repetitions(obx, "5").length > 1) return { valueString: written };
  switch (kind) {
    case "NM":
    case "SN":
      return numeric(obx, kind) ?? { valueString: [written, unitOf(obx)["unit"]].filter(Boolean).join(" ") };
    case "CE":
    case "CWE":
    case "CNE":
    case "CF":
    case "IS":
      return { valueCodeableConcept: concept(obx, "5") ?? { text: written } };
    case "DT":
    case "TS":
    case "DTM": {
      const found = dateTime(written);
      return found ? { valueDateTime: found } : { valueString: written };
    }
    default:
      return { valueString: written };
  }
}

function numeric(obx: Segment, kind: string): Resource | undefined {
  const unit = unitOf(obx);
  const [, sign = "", digits = ""] = kind === "SN" ? ["", obx.get("5.1") ?? "", obx.get("5.2") ?? ""] : (/^([<>]=?)?\s*(.*)$/.exec(obx.get("5") ?? "") ?? []);
  const value = decimal(digits);
  if (value === undefined || !["", "=", "<", "<=", ">", ">="].includes(sign)) return undefined;
  const separator = kind === "SN" ? obx.get("5.3") : "";
  if (!separator) return { valueQuantity: compact({ value, comparator: sign.replace(/^=$/, ""), ...unit }) };
  const second = decimal(obx.get("5.4") ?? "");
  if (second === undefined || sign !== "") return undefined;
  if (separator === "-") return { valueRange: { low: { value, ...unit }, high: { value: second, ...unit } } };
  return separator === ":" ? { valueRatio: { numerator: { value }, denominator: { value: second } } } : undefined;
}

/** The number as it was written: `1.10` stays `1.10`, since its digits say how exact the measurement is. */
function decimal(written: string): unknown {
  const plain = written.replace(/^\+/, "");
  return /^-?(0|[1-9]\d{0,15})(\.\d{1,12})?$/.test(plain) ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(plain) : undefined;
}

function unitOf(obx: Segment): Resource {
  const code = obx.get("6.1") ?? "";
  return compact({
    unit: code || obx.get("6.2"),
    ...(obx.get("6.3") === "UCUM" ? { system: "http://unitsofmeasure.org", code } : {}),
  });
}

function rangeOf(written: string, unit: Resource): Resource {
  const [, low, high] = /^\s*(\d[\d.]*)\s*-\s*(\d[\d.]*)\s*$/.exec(written) ?? [];
  const bound = (digits: string | undefined) => {
    const value = decimal(digits ?? "");
    return value === undefined ? undefined : { value, ...unit };
  };
  return compact({ low: bound(low), high: bound(high), text: written });
}

const interpretations = /^(<|>|A|AA|B|D|H|HH|HU|I|IND|L|LL|LU|MS|N|NEG|POS|R|S|U|VS|W)$/;

function interpretation(code: string | null, name: string | null): Resource[] {
  if (!code) return [];
  return interpretations.test(code)
    ? [compact({ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code }], text: name })]
    : [{ text: name ? `${code} ${name}` : code }];
}

function documentOf(obx: Segment): Resource {
  const kind = [obx.get("5.2"), obx.get("5.3")].filter(Boolean).join("/").toLowerCase();
  return compact({ contentType: kind || "application/octet-stream", title: obx.get("3.2"), data: /^base64$/i.test(obx.get("5.4") ?? "") ? obx.get("5.5") : undefined });
}

// Pieces

const systems: Record<string, string> = { LN: "http://loinc.org", SCT: "http://snomed.info/sct", UCUM: "http://unitsofmeasure.org" };

/** A coded field with its alternate: components 1-3 and 4-6. */
function concept(segment: Segment, field: string): Resource | undefined {
  const part = (n: number) => segment.get(`${field}.${n}`);
  const coding = [1, 4]
    .filter((n) => part(n))
    .map((n) => compact({ system: systems[part(n + 2) ?? ""], code: part(n), display: part(n + 1) }));
  const name = part(9) || part(2) || part(5);
  return coding.length === 0 && !name ? undefined : compact({ coding, text: name });
}

function coded(coding: { readonly code: string | null; readonly system: string }): Resource | undefined {
  return coding.code ? { coding: [coding] } : undefined;
}

function identifier(segment: Segment, field: string, kind: string): Resource | undefined {
  const value = segment.get(`${field}.1`);
  if (!value) return undefined;
  return compact({ type: coded({ code: kind, system: "http://terminology.hl7.org/CodeSystem/v2-0203" }), system: oid(segment.get(`${field}.3`)), value });
}

function oid(written: string | null): string | undefined {
  return /^[0-2](\.\d+)+$/.test(written ?? "") ? `urn:oid:${written}` : undefined;
}

/** Paths of the repetitions of a field that hold something. */
function repetitions(segment: Segment, field: string): string[] {
  const found: string[] = [];
  for (let n = 1; n <= 100 && segment.presence(`${field}[${n}]`) !== "absent"; n++) found.push(`${field}[${n}]`);
  return found.filter((at) => segment.presence(at) === "value");
}

/** A text field whole: repetitions as lines, and a component separator that nobody escaped stays in the text. */
function text(segment: Segment, field: string): string {
  return repetitions(segment, field)
    .map((at) => {
      const parts: string[] = [];
      for (let n = 1; n <= 50 && segment.presence(`${at}.${n}`) !== "absent"; n++) parts.push(segment.get(`${at}.${n}`) ?? "");
      return parts.join("^");
    })
    .join("\n");
}

/** A FHIR dateTime as exact as the HL7 one. FHIR knows no time of day without a zone, so there only the day remains. */
function dateTime(written: string | null | undefined): string | undefined {
  const found = /^(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?(\.\d{1,4})?)?([+-]\d{4})?$/.exec(written ?? "");
  if (!found) return undefined;
  const [, year = "", month, day, hour, minute, second = "00", fraction = "", zone] = found;
  const days = month && day ? new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() : 31;
  if (Number(month ?? 1) < 1 || Number(month ?? 1) > 12 || Number(day ?? 1) < 1 || Number(day ?? 1) > days) return undefined;
  const date = [year, month, day].filter(Boolean).join("-");
  if (!day || !hour || !zone || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return date;
  return `${date}T${hour}:${minute}:${second}${fraction}${zone.slice(0, 3)}:${zone.slice(3)}`;
}

function instant(written: string | null): string | undefined {
  const found = dateTime(written);
  return found?.includes("T") ? found : undefined;
}

function append(resource: Resource, key: string, value: unknown): void {
  resource[key] = [...((resource[key] as unknown[] | undefined) ?? []), value];
}

/** FHIR has no empty things: what is empty is left out. */
function compact(resource: Resource): Resource {
  return Object.fromEntries(
    Object.entries(resource).filter(([, value]) => {
      if (value === undefined || value === null || value === "") return false;
      if (Array.isArray(value)) return value.length > 0;
      return typeof value !== "object" || Object.keys(value).length > 0;
    }),
  );
}
