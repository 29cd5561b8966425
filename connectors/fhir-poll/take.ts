import type { FhirResource, SourceContext } from "../../engine/sdk/index.ts";
import { RoundEnded } from "./ask.ts";

/**
 * Hands one resource to the engine under the name of its version, so that searches which overlap bring nothing twice. What the channel refuses has nobody to be
 * answered to: it is told as a problem and passed. Throws `RoundEnded` where the engine cannot take it now.
 */
export async function take({ bytes, type, id, versionId, lastUpdated }: FhirResource, ctx: SourceContext): Promise<void> {
  const version = versionId || lastUpdated;
  const identity = id === "" ? undefined : [type, id, version].filter((part) => part !== "").join("/");
  const { kind } = await ctx.receive(bytes, { whole: true, ...(identity !== undefined && { identity }) });
  if (kind === "unavailable" || kind === "unanswered") throw new RoundEnded("FHP-108");
  if (kind === "refused") ctx.problem("FHP-107", { resources: 1 });
}
