import { codeOf, type Destination, durationMs, EngineError, type OutboundMessage, type Outcome } from "../../engine/sdk/index.ts";
import { MailFault } from "./mail-fault.ts";
import { mediaTypeOf } from "./media-types.ts";
import type { DestinationOptions } from "./options.ts";

/** Sends each message as the body of one mail. Sender, recipients and subject are constants: mail is shown and kept everywhere on the way. */
export function smtpDestination(options: DestinationOptions): Destination {
  const timeoutMs = durationMs(options.timeout);
  return {
    render: ({ id, content }: OutboundMessage) => ({
      endpoint: options.endpoint ?? "",
      names: {
        subject: options.subject,
        from: options.from,
        ...Object.fromEntries(options.to.map((each, n) => [`to-${n + 1}`, each])),
        mediaType: mediaTypeOf(content.format),
        idempotencyKey: id,
      },
      body: content.bytes,
    }),

    async send(released, ctx): Promise<Outcome> {
      const names = released.envelope.names ?? {};
      let why: Error | undefined;
      try {
        // The mail library is read in by whoever sends, before there is a stream whose events it must hear.
        const [{ mimeOf }, { sendMail }] = await Promise.all([import("./mail.ts"), import("./send-mail.ts")]);
        const opened = await ctx.stream(released);
        const end = (error: Error) => {
          why ??= error;
          opened.stream.destroy();
        };
        const timer = ctx.clock.after(timeoutMs, () => end(new MailFault("SMT-103")));
        const abort = () => end(new EngineError("NET-210"));
        if (ctx.signal.aborted) abort();
        ctx.signal.addEventListener("abort", abort, { once: true });
        try {
          const to = options.to.map((_, n) => names[`to-${n + 1}`] ?? "");
          const { subject = "", from = "", mediaType = "", idempotencyKey = "" } = names;
          const mail = await mimeOf({ from, to, subject, id: idempotencyKey, mediaType, date: ctx.clock.now(), body: opened.body() });
          return (await sendMail(opened, { from, to }, mail)) ? { kind: "delivered" } : { kind: "rejected", code: "SMT-202" };
        } finally {
          timer.cancel();
          ctx.signal.removeEventListener("abort", abort);
          opened.stream.destroy();
        }
      } catch (error) {
        return failed(error, why);
      }
    },

    async close() {},
  };
}

/** What speaks of the sender, the login or the moment would meet every message: the lane waits. Only an answer to the body itself ends a message. */
function failed(error: unknown, why: Error | undefined): Outcome {
  if (!(error instanceof MailFault)) return { kind: "retry", code: codeOf(error, "SMT-102") };
  const code = why instanceof MailFault ? why.code : why instanceof EngineError ? why.code : error.code;
  if (error.isInDoubt) return { kind: "unknown", code };
  return error.code === "SMT-201" ? { kind: "rejected", code } : { kind: "retry", code };
}
