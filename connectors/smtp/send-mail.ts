import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { EngineError, type OpenedStream } from "../../engine/sdk/index.ts";
import { MailFault } from "./mail-fault.ts";

/** One mail over a stream that the engine opened (RFC 5321). `false`: some recipients were refused, and the others have it. Rejects with `MailFault` or EngineError `SEC-*`. */
export async function sendMail({ stream, tls, login, host }: OpenedStream, envelope: { readonly from: string; readonly to: readonly string[] }, mail: Buffer): Promise<boolean> {
  let isBodyAsked = false;
  const connection = new SMTPConnection({
    connection: stream as never,
    host: tls?.servername ?? host,
    // Either the engine has begun TLS, or it must begin here before anything is said; on loopback without `tls` there is none.
    secured: tls === undefined,
    ...(tls ? { requireTLS: true, tls: { ...tls, ca: buffer(tls.ca), cert: buffer(tls.cert), key: buffer(tls.key) } } : { ignoreTLS: true }),
    // Else the name of this machine would be told.
    name: "sluice.invalid",
    // The attempt has a deadline of the engine's clock.
    connectionTimeout: forever,
    greetingTimeout: forever,
    socketTimeout: forever,
    logger: false,
  });
  const broke = new Promise<never>((_, reject) => {
    connection.on("error", (error) => reject(faultOf(error, isBodyAsked)));
    connection.on("end", () => reject(faultOf(undefined, isBodyAsked)));
    stream.once("close", () => reject(faultOf(undefined, isBodyAsked)));
  });
  broke.catch(() => undefined);
  try {
    await Promise.race([broke, new Promise<void>((resolve) => connection.connect(() => resolve()))]);
    const password = login?.password?.();
    if (login && password !== undefined) {
      const credentials = { user: login.user, pass: password };
      await Promise.race([broke, new Promise<void>((resolve, reject) => connection.login({ credentials } as never, (error) => (error ? reject(faultOf(error, false)) : resolve())))]);
    }
    const body = Readable.from(
      (function* () {
        isBodyAsked = true;
        yield mail;
      })(),
    );
    const refused = await Promise.race([
      broke,
      new Promise<number>((resolve, reject) =>
        connection.send({ from: envelope.from, to: [...envelope.to] }, body, (error, info) => (error ? reject(faultOf(error, isBodyAsked)) : resolve(info?.rejected?.length ?? 0)))),
    ]);
    connection.quit();
    return refused === 0;
  } finally {
    connection.close();
  }
}

/** Longer than any attempt. */
const forever = 24 * 3_600_000;

function buffer(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes);
}

function faultOf(error: unknown, isBodyAsked: boolean): Error {
  if (error instanceof EngineError || error instanceof MailFault) return error;
  const { responseCode, code, command } = (error ?? {}) as { readonly responseCode?: number; readonly code?: string; readonly command?: string };
  if (responseCode === undefined) return new MailFault("SMT-102", { isInDoubt: isBodyAsked, cause: error });
  if (code === "EAUTH") return new MailFault("SMT-101", { cause: error });
  if (responseCode < 500) return new MailFault("SMT-105", { cause: error });
  return new MailFault(isBodyAsked && code !== "EENVELOPE" && command !== "MAIL FROM" ? "SMT-201" : "SMT-104", { cause: error });
}
