import type { Endpoint } from "../../config/project.ts";
import { seal } from "../../phi/release.ts";
import { isReleased } from "../../phi/release.ts";
import { EngineError, type Code, type Envelope, type Released, type SecretRef } from "../../sdk/index.ts";
import { Budget } from "../budget.ts";
import { systemClock } from "../clock.ts";
import { Secret } from "../secrets.ts";
import { type Authenticators, noAuthenticators } from "./authenticators.ts";
import { type Credentials, noCredentials } from "./credentials.ts";
import { Inbound } from "./inbound.ts";
import { Outbound } from "./outbound.ts";

/** The engine's sockets on loopback, with what they report. */
export function loopback(resolvePath: (path: string) => string = (path) => path, budgetBytes = 1_000_000, credentials: Credentials = noCredentials, authenticators: Authenticators = noAuthenticators) {
  const problems: Code[] = [];
  const endpoints = new Map<string, Endpoint>();
  const budget = new Budget(budgetBytes);
  const openSecret = (ref: SecretRef) => {
    if (ref.name !== "TOKEN") throw new EngineError("SEC-101", { variable: ref.name });
    return new Secret("s3cret");
  };
  const inbound = new Inbound({ clock: systemClock, budget, resolvePath, openSecret, authenticators, onProblem: (code) => problems.push(code) });
  const outbound = new Outbound({ clock: systemClock, resolvePath, endpointOf: (_, id) => endpoints.get(id), openSecret, isReleased, credentials });
  return {
    budget,
    inbound,
    outbound,
    problems,
    /** Pins an endpoint, and gives its id. */
    pin(url: string, tls?: Endpoint["tls"]): string {
      const id = `e${endpoints.size + 1}`;
      endpoints.set(id, { id, url, ...(tls ? { tls } : {}) });
      return id;
    },
    async close() {
      await outbound.close();
      await inbound.close();
    },
  };
}

export function released(endpoint: string, text = "", more: Partial<Envelope> = {}): Released {
  return seal("partner", { endpoint, body: new TextEncoder().encode(text), ...more });
}

/** The code a promise rejects with. */
export async function codeOfFailure(promise: Promise<unknown>): Promise<{ code: string; sent: unknown }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineError) return { code: error.code, sent: error.safe.sent };
    throw error;
  }
  throw new Error("it did not fail");
}

/** Waits until something holds, for what only the network decides. */
export async function until(holds: () => boolean, ms = 30_000): Promise<void> {
  for (const end = performance.now() + ms; !holds(); ) {
    if (performance.now() > end) throw new Error("it did not come to hold");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
