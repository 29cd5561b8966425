/** An electronic prescription application as its audit found it (21 CFR 1311.300). */
export interface SigningApplication {
  readonly name: string;
  readonly version: string;
  /** Ed25519 or P-256, SubjectPublicKeyInfo in base64: under it the application states what was signed. */
  readonly key: string;
  /** `date`: `YYYY-MM-DD`. */
  readonly audit: { readonly auditor: string; readonly date: string; readonly isOfThisVersion: boolean; readonly document: { readonly ref: string; readonly sha256: string } };
}
