import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { OpenedStream, StreamTls } from "../../sdk/index.ts";
import type { Secret } from "../secrets.ts";
import { networkFailure } from "./failure.ts";
import type { Target } from "./target.ts";
import { minVersion, type TlsMaterial } from "./tls.ts";

/**
 * A socket as a library is given it: bytes both ways and no way to connect elsewhere. What libraries ask of a socket beside that is
 * the engine's to decide.
 */
export class PinnedStream extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (chunk: Buffer) => void (this.push(chunk) || socket.pause()));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(networkFailure(error, true)));
    socket.on("close", () => this.destroy());
    socket.pause();
    // Nobody may listen yet; an error without a listener would end the process.
    this.on("error", () => {});
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, (error) => done(error ? networkFailure(error, true) : null));
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

export interface StreamParts {
  readonly tls: TlsMaterial;
  readonly openSecret: (ref: NonNullable<NonNullable<Target["endpoint"]["login"]>["password"]>) => Secret;
}

/** What a library gets beside the stream. */
export function openedStream(stream: Duplex, target: Target, { tls, openSecret }: StreamParts): OpenedStream {
  const { login, hostKeys = [] } = target.endpoint;
  const { user, password, key } = login ?? {};
  return {
    stream,
    host: target.host,
    port: target.port,
    path: target.basePath,
    hostKeys: hostKeys.map((each) => each.replace(/^SHA256:/, "")),
    ...(target.startsTls && { tls: streamTls(target, tls) }),
    ...(user !== undefined && {
      login: {
        user,
        ...(password && { password: () => openSecret(password).expose() }),
        ...(key && { privateKey: () => openSecret(key).expose() }),
      },
    }),
  };
}

function streamTls({ servername }: Target, material: TlsMaterial): StreamTls {
  return { ...material, ...(servername === undefined ? {} : { servername }), minVersion, rejectUnauthorized: true };
}
