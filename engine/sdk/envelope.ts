/**
 * Everything that would leave for a partner, made by a destination's pure `render`. The guard reads every part of it.
 * No part but `body` may carry patient data for any partner (DESIGN 2, promise 6).
 */
export interface Envelope {
  /** Id of one of the partner's pinned endpoints; hosts stand only in `partners.yaml`. */
  readonly endpoint: string;
  /** HTTP method, where the protocol has one. */
  readonly method?: string;
  /** Path below the pinned endpoint's own path, beginning with `/`; absent: the endpoint's path as it stands. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  /**
   * An address that the partner itself gave: a next page, a file to fetch. It takes the place of `path` and `query`, has the origin of the
   * endpoint, and is opaque: whole as it came, for one request.
   */
  readonly link?: string;
  /**
   * Segments of `path` that are ids which the partner's server has assigned (DESIGN 3). They leave only for a partner whose agreements cover patient data
   * and whose entry says `urlIds: acknowledged`, and never one that is an identifier of the message.
   */
  readonly serverIds?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Other names the protocol shows to the world: `fileName`, `subject`, `topic`, `idempotencyKey`, ... */
  readonly names?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Reference of a credential, for example `file:stripe_key`; the engine adds it after release. */
  readonly credential?: CredentialRef;
}

/** How the engine authenticates an envelope after release. `secret` is a reference, never a value. */
export type CredentialRef =
  | { readonly kind: "bearer"; readonly secret: SecretRef }
  | { readonly kind: "basic"; readonly user: string; readonly secret: SecretRef }
  /** One of the partner's `credentials` in `partners.yaml`: the engine gets a token and adds it. */
  | { readonly kind: "named"; readonly name: string };

/** A secret named in configuration; only the runtime can open it. Prints as `[secret]`. */
export class SecretRef {
  readonly source: "env" | "file";
  readonly name: string;
  constructor(source: "env" | "file", name: string) {
    this.source = source;
    this.name = name;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
}

declare const releasedBrand: unique symbol;

/**
 * An envelope the guard let pass, for one attempt. Only `engine/phi/release.ts` makes one, and the engine's sockets
 * take nothing else; a look-alike object is refused at run time.
 */
export interface Released {
  readonly [releasedBrand]: true;
  readonly partner: string;
  readonly envelope: Envelope;
}
