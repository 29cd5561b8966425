import type { Code, InboundReply, Receipt } from "../../engine/sdk/index.ts";
import { mediaType } from "./media-type.ts";

/** Codes of R4 IssueType that the engine uses. */
export type IssueType = "structure" | "invalid" | "not-supported" | "not-found" | "processing" | "conflict" | "transient" | "timeout" | "informational";

const issueTypes: ReadonlySet<string> = new Set([
  "invalid", "structure", "required", "value", "invariant", "code-invalid", "extension", "multiple-matches", "not-supported", "not-found", "business-rule", "processing", "conflict",
]);

interface Issue {
  readonly severity: "error" | "information";
  readonly code: string;
  readonly details?: { readonly coding: readonly [{ readonly system: string; readonly code: string }] };
  readonly expression?: readonly string[];
}

/** A message can have thousands of problems; the first ones are enough to mend it. */
const mostIssues = 50;

/** An answer that says why, in codes and places: no value of the message is in it. */
export function refusal(status: number, type: IssueType, code: Code | undefined, problems: Receipt["problems"] = []): InboundReply {
  const issues = problems.length === 0 ? [issue(type, code)] : problems.slice(0, mostIssues).map((each) => issue(each.standard ?? "invalid", each.code, each.path));
  const headers = { "content-type": mediaType, ...(status === 503 && { "retry-after": "5" }) };
  return { status, headers, body: outcome(issues) };
}

/** What a request that was taken is answered with: that it was, and the message's name in the engine. */
export function taken(status: number, headers: Readonly<Record<string, string>>): InboundReply {
  return { status, headers: { "content-type": mediaType, ...headers }, body: outcome([{ severity: "information", code: "informational" }]) };
}

function issue(type: string, code: Code | undefined, path?: string): Issue {
  return {
    severity: "error",
    code: issueTypes.has(type) || type === "transient" || type === "timeout" ? type : "invalid",
    ...(code !== undefined && { details: { coding: [{ system: "urn:sluice:error", code }] as const } }),
    ...(path !== undefined && path !== "" && { expression: [path] }),
  };
}

function outcome(issue: readonly Issue[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ resourceType: "OperationOutcome", issue }));
}
