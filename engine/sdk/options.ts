import { Type, type Static, type TObject, type TProperties, type TSchema } from "typebox";

export { Type };
export type { Static, TObject, TSchema };

/** Options of a connector. Unknown keys are refused; every property needs a description, a default or an example. */
export function object<P extends TProperties>(properties: P): TObject<P> {
  const schema = Type.Object(properties, { additionalProperties: false });
  // The connector always receives a value where a default stands, but nobody has to write it.
  const required = (schema.required as readonly string[] | undefined) ?? [];
  return Object.assign(schema, { required: required.filter((key) => !("default" in (properties[key] ?? {}))) });
}

/** A TCP port, 1-65535. */
export function port(description: string) {
  return Type.Integer({ description, minimum: 1, maximum: 65535, examples: [2575] });
}

/** A duration such as `500ms`, `5s`, `10m`, `2h`, `7d`; the connector receives milliseconds (see `durationMs`). */
export function duration(description: string, byDefault: string) {
  return Type.String({ description, default: byDefault, pattern: durationPattern, examples: [byDefault] });
}

export const durationPattern = "^[0-9]+(ms|s|m|h|d)$";

/** A size such as `64kb` or `50mb` (powers of 1024); see `sizeBytes`. */
export function size(description: string, byDefault: string) {
  return Type.String({ description, default: byDefault, pattern: sizePattern, examples: [byDefault] });
}

export const sizePattern = "^[0-9]+(b|kb|mb|gb)$";

/** A rate such as `50/s`, `600/m` or `1000/h`; see `ratePerSecond`. */
export function rate(description: string) {
  return Type.String({ description, pattern: ratePattern, examples: ["50/s"] });
}

export const ratePattern = "^[0-9]+/(s|m|h)$";

/** A secret, given only by reference: `${env:NAME}` or `${file:name}`. Reaches the connector as a `SecretRef`. */
export function secret(description: string) {
  return Type.Unsafe<import("./envelope.ts").SecretRef>({
    type: "string",
    description,
    "x-secret": true,
    pattern: "^\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:[A-Za-z0-9_][A-Za-z0-9_./-]*)\\}$",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
    examples: ["${env:PARTNER_TOKEN}"],
  });
}

/** TLS of a listener: certificate and key by file; `ca` asks the peer for a certificate (mTLS). */
export function serverTls() {
  return Type.Object(
    {
      cert: Type.String({ description: "Certificate chain, PEM file relative to the project", examples: ["tls/server.pem"] }),
      key: Type.String({ description: "Private key, PEM file relative to the project", examples: ["tls/server.key"] }),
      ca: Type.Optional(
        Type.String({ description: "Certificate authority for client certificates (mTLS)", examples: ["tls/clients.pem"] }),
      ),
    },
    { additionalProperties: false, description: "TLS of the listener" },
  );
}

const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizeUnits = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;
const rateUnits = { s: 1, m: 60, h: 3600 } as const;

/** Milliseconds of a duration that the schema has accepted. */
export function durationMs(text: string): number {
  const [, n, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (n === undefined) throw new RangeError("not a duration");
  return Number(n) * durationUnits[unit as keyof typeof durationUnits];
}

/** Bytes of a size that the schema has accepted. */
export function sizeBytes(text: string): number {
  const [, n, unit] = /^(\d+)(b|kb|mb|gb)$/.exec(text) ?? [];
  if (n === undefined) throw new RangeError("not a size");
  return Number(n) * sizeUnits[unit as keyof typeof sizeUnits];
}

/** Events per second of a rate that the schema has accepted. */
export function ratePerSecond(text: string): number {
  const [, n, unit] = /^(\d+)\/(s|m|h)$/.exec(text) ?? [];
  if (n === undefined) throw new RangeError("not a rate");
  return Number(n) / rateUnits[unit as keyof typeof rateUnits];
}
