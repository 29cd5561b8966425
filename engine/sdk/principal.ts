/**
 * Who sent a request, as the engine has established it. No raw subject: it may name a person. NIST SP 800-63-3: how sure it is who they are (IAL), and how
 * surely they signed in (AAL).
 */
export interface Principal {
  /** The issuer by its name in `sluice.yaml`; `certificate` of one who showed a client certificate. */
  readonly issuer: string;
  /** Keyed hash of the subject: the same for the same subject of the issuer in one installation. */
  readonly subject: string;
  /** `system`: a client that acts for itself. */
  readonly kind: "system" | "person";
  readonly scopes: readonly string[];
  readonly ial?: 1 | 2 | 3;
  readonly aal?: 1 | 2 | 3;
}
