import type { Reply } from "./http-peer.ts";

/** A FHIR server that takes a transaction or a single resource, and says no to anything else. */
export function ehrReply(body: string): Reply {
  const resource = json(body);
  if (resource?.["resourceType"] !== "Bundle") return { status: 422, json: { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "invalid" }] } };
  const entries = Array.isArray(resource["entry"]) ? resource["entry"] : [];
  return {
    status: 200,
    json: { resourceType: "Bundle", type: "transaction-response", entry: entries.map(() => ({ response: { status: "201 Created" } })) },
  };
}

/** A collector that takes any JSON object, a list of them, and HL7 v2. */
export function collectorReply(body: string): Reply {
  return json(body) || list(body) || body.startsWith("MSH|") ? { status: 202, json: { accepted: true } } : { status: 400, json: { accepted: false } };
}

/** An application that takes whatever it is told. */
export function anyReply(): Reply {
  return { status: 202, json: { accepted: true } };
}

function list(body: string): boolean {
  return body.startsWith("[") && json(`{"list":${body}}`) !== undefined;
}

function json(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
