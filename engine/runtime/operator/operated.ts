import type { FlowPorts } from "../../flow/ports.ts";
import type { Code } from "../../sdk/index.ts";
import type { Budget } from "../budget.ts";
import type { ChannelRunner } from "../channel-runner.ts";
import type { Events } from "../events.ts";

/** The engine as its operators see it. Runners are asked for at each call: a reload may have put others in their place. */
export interface Operated {
  readonly name: string;
  readonly startedAt: number;
  readonly runners: readonly ChannelRunner[];
  /** Why the engine is not ready. */
  readonly code: Code | undefined;
  readonly ports: FlowPorts;
  readonly events: Events;
  readonly budget: Budget;
}
