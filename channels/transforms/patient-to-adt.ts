// A FHIR Patient as ADT^A08, for systems that speak HL7 v2 alone.

interface Message {
  set(path: string, value: string): void;
}

interface Meta {
  readonly id: string;
  readonly receivedAt: number;
}

interface Tools {
  parseHl7(text: string): Message;
}

type Read = Record<string, any>;

const types: Record<string, string> = { female: "F", male: "M", other: "O", unknown: "U" };

export default function patientToAdt(msg: Read, meta: Meta, { parseHl7 }: Tools): Message {
  const at = new Date(meta.receivedAt).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  const adt = parseHl7(`MSH|^~\\&|SLUICE|LAKESIDE|WARD|NORTHSIDE|${at}+0000||ADT^A08^ADT_A01|${meta.id}|P|2.5.1\rEVN|A08|${at}+0000\rPID|1\rPV1|1|N\r`);
  const [identifier] = msg["identifier"] ?? [];
  const name = (msg["name"] ?? []).find((each: Read) => each["use"] === "official") ?? msg["name"]?.[0];
  const put = (path: string, value: string | undefined) => {
    if (value) adt.set(path, value);
  };
  put("PID-3.1", identifier?.value);
  put("PID-3.5", identifier?.type?.coding?.[0]?.code ?? "MR");
  put("PID-5.1", name?.family);
  put("PID-5.2", name?.given?.[0]);
  put("PID-7", msg["birthDate"]?.replaceAll("-", ""));
  put("PID-8", types[msg["gender"] ?? ""]);
  return adt;
}
