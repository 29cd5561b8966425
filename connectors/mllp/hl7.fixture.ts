/** Small HL7 v2 messages for the tests of this folder, and just enough reading to answer them. */
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export function message(controlId: string, note = ""): Uint8Array {
  const lines = [
    `MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20261122080000||ORU^R01|${controlId}|P|2.5.1`,
    "PID|1||778899^^^NORTH^MR",
    `OBX|1|TX|NOTE^Note||${note}||||||F`,
  ];
  return encode(`${lines.join("\r")}\r`);
}

export function ackFor(controlId: string, code: string, condition?: string): Uint8Array {
  const why = condition === undefined ? "" : `ERR|||${condition}^^HL70357|E\r`;
  return encode(`MSH|^~\\&|EHR|SOUTH|LAB|NORTH|20261122080001||ACK^R01|A${controlId}|P|2.5.1\rMSA|${code}|${controlId}\r${why}`);
}

export const controlIdOf = (body: Uint8Array): string | undefined => decode(body).split("\r")[0]?.split("|")[9];

export function readAck(bytes: Uint8Array) {
  const msa = /^MSH.*?\rMSA\|([^|\r]*)\|?([^|\r]*)/s.exec(decode(bytes));
  const condition = /\rERR\|\|\|(\d+)/.exec(decode(bytes))?.[1];
  return msa ? { code: msa[1] ?? "", controlId: msa[2] ?? "", ...(condition ? { condition } : {}), content: { format: "hl7v2" as const, bytes } } : undefined;
}
