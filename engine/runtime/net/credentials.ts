import { EngineError } from "../../sdk/index.ts";

/** How the engine proves to partners who it is, by the credentials of `partners.yaml`; `engine/identity` implements it. */
export interface Credentials {
  /**
   * The value of an `Authorization` header for a partner's credential. Rejects with EngineError `IDN-1*` when none can be had now: nothing has left then,
   * and the answer comes at once while its token endpoint is being left alone.
   */
  authorization(partner: string, name: string, signal: AbortSignal): Promise<string>;
  /** The partner did not take it (401): it is not given again. One that was renewed meanwhile stays. */
  refused(partner: string, name: string, authorization: string): void;
}

/** An engine that has no credentials to give. */
export const noCredentials: Credentials = {
  authorization: (partner) => Promise.reject(new EngineError("NET-215", { partner, sent: false })),
  refused() {},
};
