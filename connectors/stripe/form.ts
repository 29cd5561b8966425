import { EngineError } from "../../engine/sdk/index.ts";
import { profiles, type StripeObject } from "./objects.ts";

/** The fields as Stripe takes them, `application/x-www-form-urlencoded`, in the order of the closed list. Throws EngineError `STR-101` or `STR-102`. */
export function form(json: Uint8Array, object: StripeObject): Uint8Array {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(fieldsOf(json))) {
    if (!Object.hasOwn(profiles[object], name)) throw new EngineError("STR-101");
    if (typeof value === "object") throw new EngineError("STR-102");
    fields.append(name, String(value));
  }
  return new TextEncoder().encode(fields.toString());
}

function fieldsOf(json: Uint8Array): object {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch {
    throw new EngineError("STR-102");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new EngineError("STR-102");
  return value;
}
