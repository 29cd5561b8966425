import { createHash } from "node:crypto";
import { Client, type SFTPWrapper } from "ssh2";
import { EngineError, type OpenedStream } from "../../engine/sdk/index.ts";
import { sftpFailure } from "./failure.ts";

/** One SSH connection with its SFTP channel. */
export interface Session {
  readonly opened: OpenedStream;
  readonly sftp: SFTPWrapper;
  close(): Promise<void>;
}

/**
 * Logs in over a stream that the engine opened. The server's key is compared before anything of ours is shown. Rejects with EngineError
 * `SFT-*`, `SEC-*`; the stream is destroyed then. Who gives a deadline destroys the stream.
 */
export function openSession(opened: OpenedStream): Promise<Session> {
  return new Promise((resolve, reject) => {
    const { stream, login, hostKeys } = opened;
    const client = new Client();
    let isPinned = true;
    const fail = (error: unknown) => {
      client.end();
      stream.destroy();
      reject(isPinned ? sftpFailure(error, "SFT-103") : new EngineError("SFT-101"));
    };
    client.on("error", fail);
    client.on("close", () => fail(new EngineError("SFT-105")));
    stream.once("close", () => fail(new EngineError("SFT-105")));
    client.on("ready", () => {
      client.sftp((error, sftp) => {
        if (error) return fail(error);
        // What goes wrong later is told by the call that was under way; without a listener it would end the process.
        sftp.on("error", () => {});
        resolve({ opened, sftp, close: () => closeSession(client, opened) });
      });
    });
    try {
      client.connect({
        sock: stream,
        username: login?.user ?? "",
        ...(login?.password && { password: login.password() }),
        ...(login?.privateKey && { privateKey: `${login.privateKey()}\n` }),
        // No other way of proving who we are is tried, and no agent of the machine's.
        authHandler: [login?.privateKey ? "publickey" : "password"],
        hostVerifier: (key: Buffer) => {
          isPinned = hostKeys.includes(fingerprint(key));
          return isPinned;
        },
        algorithms,
        // The attempt has a deadline of the engine's clock.
        readyTimeout: 0,
      });
    } catch (error) {
      fail(error instanceof EngineError ? error : new EngineError("SFT-102", {}, { cause: error }));
    }
  });
}

/** As `ssh-keygen -l` prints it, without `SHA256:`. */
export function fingerprint(key: Uint8Array): string {
  return createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
}

/** RFC 9142: what must or should be offered, and nothing of SHA-1 or CBC. */
const algorithms: NonNullable<Parameters<Client["connect"]>[0]["algorithms"]> = {
  kex: ["curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512", "diffie-hellman-group14-sha256"],
  serverHostKey: ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
};

async function closeSession(client: Client, { stream }: OpenedStream): Promise<void> {
  client.end();
  if (stream.closed) return;
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  stream.destroy();
  await closed;
}
