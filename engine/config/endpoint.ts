import type { SecretRef } from "../sdk/index.ts";

/** The only hosts a destination may name. */
export interface Endpoint {
  readonly id: string;
  /** `mllp://host:port`, `mllps://`, `http://`, `https://` with an optional base path; a folder: `file:///absolute`, `file://./below-the-project`;
   * `sftp://host/folder`, `postgres://host/database`, `mysql://host/database`, `smtp://`, `smtps://`; a database file: `sqlite:///absolute`, `sqlite://./below-the-project`;
   * a lookup table of the project: `lookup://name`. */
  readonly url: string;
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
  /** Who we are to a protocol with a login of its own (SSH, SQL, SMTP). */
  readonly login?: { readonly user: string; readonly password?: SecretRef; readonly key?: SecretRef };
  /** Host keys of an SSH server by fingerprint, `SHA256:` and base64 as `ssh-keygen -l` prints them. */
  readonly hostKeys?: readonly string[];
}
