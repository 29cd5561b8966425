import type { Duplex } from "node:stream";
import type { DatabaseSync } from "node:sqlite";

/** What a library needs to begin TLS inside its protocol (PostgreSQL, MySQL, STARTTLS). Names of `node:tls`; verification is never off. */
export interface StreamTls {
  readonly ca?: Uint8Array;
  readonly cert?: Uint8Array;
  readonly key?: Uint8Array;
  /** Absent when the endpoint is an address. */
  readonly servername?: string;
  readonly minVersion: "TLSv1.2";
  readonly rejectUnauthorized: true;
}

/**
 * A connection to a pinned endpoint for a library that speaks its protocol (ssh2, pg, mysql2, nodemailer). The engine opened it: a
 * library is given `stream` and never an address to connect to.
 */
export interface OpenedStream {
  /** TCP, or TLS where the endpoint's scheme begins with it (`smtps`): connected, the certificate verified. */
  readonly stream: Duplex;
  /** TLS must begin inside the protocol before a login or any content: always off loopback, and where the endpoint has `tls`. */
  readonly tls?: StreamTls;
  /** The endpoint's login, opened for this stream alone. Throw EngineError `SEC-*` when they cannot be opened. */
  readonly login?: { readonly user: string; password?(): string; privateKey?(): string };
  /** SHA-256 fingerprints (base64, without padding) of the host keys that the endpoint pins; any other must be refused. */
  readonly hostKeys: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Path of the endpoint's URL, beginning with `/` or empty: the database's name, a folder. */
  readonly path: string;
}

/** A stream of one attempt. */
export interface SendStream extends OpenedStream {
  /** A copy of the bytes that the guard released: the only content that may be written. */
  body(): Uint8Array;
}

/** A database file of a pinned `sqlite:` endpoint. Whoever opened it closes it. */
export interface OpenedDatabase {
  readonly database: DatabaseSync;
}

export interface SendDatabase extends OpenedDatabase {
  body(): Uint8Array;
}
