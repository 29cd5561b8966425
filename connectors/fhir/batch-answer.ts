/** What became of the entries of a batch, one by one. */
export interface BatchAnswer {
  readonly failed: number;
  /** All that failed failed for now, and what was done may be done again: the whole batch can be sent once more. */
  readonly isForNow: boolean;
}

type Read = Readonly<Record<string, unknown>>;

/**
 * Reads a `batch-response` (R4 3.1.0.11.1): entry for entry, in the order of the request. `undefined` where it does not answer this batch, so that
 * nobody knows what became of it.
 */
export function readBatchAnswer(sent: Uint8Array, answered: Uint8Array): BatchAnswer | undefined {
  const asked = entriesOf(sent, "batch");
  const answers = entriesOf(answered, "batch-response");
  if (!asked || !answers || asked.length !== answers.length) return undefined;
  const statuses = answers.map(({ response }) => Number.parseInt(String((response as Read | undefined)?.status ?? ""), 10));
  if (statuses.some((status) => !(status >= 100 && status < 600))) return undefined;
  const failed = statuses.filter((status) => !isDone(status));
  const isRepeatable = asked.every(({ request }, i) => !isDone(statuses[i] as number) || isSafeAgain(request as Read | undefined));
  return { failed: failed.length, isForNow: failed.every(isPassing) && isRepeatable };
}

const isDone = (status: number) => status >= 200 && status < 300;
const isPassing = (status: number) => status === 409 || status === 425 || status === 429 || status >= 500;

/** Done twice it is the same as done once: everything but a create without a condition. */
function isSafeAgain(request: Read | undefined): boolean {
  return request?.method !== "POST" || typeof request.ifNoneExist === "string" || /_search$/.test(String(request.url));
}

function entriesOf(bytes: Uint8Array, type: string): readonly Read[] | undefined {
  try {
    const read = JSON.parse(new TextDecoder().decode(bytes)) as Read | null;
    if (read?.resourceType !== "Bundle" || read.type !== type) return undefined;
    return Array.isArray(read.entry) ? (read.entry as Read[]) : [];
  } catch {
    return undefined;
  }
}
