import MimeNode from "nodemailer/lib/mime-node";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** The engine's id of the message: the same at every repeat, so that a mailbox can tell one. */
  readonly id: string;
  readonly mediaType: string;
  readonly date: number;
  readonly body: Uint8Array;
}

/** One part, base64, so that the body arrives byte for byte (RFC 5322, RFC 2045). */
export async function mimeOf({ from, to, subject, id, mediaType, date, body }: Mail): Promise<Buffer> {
  const node = new MimeNode(mediaType, { disableFileAccess: true, disableUrlAccess: true });
  node.setHeader([
    { key: "From", value: from },
    { key: "To", value: to.join(", ") },
    { key: "Subject", value: subject },
    { key: "Date", value: new Date(date).toUTCString().replace("GMT", "+0000") },
    { key: "Message-ID", value: `<${id}@${from.slice(from.indexOf("@") + 1)}>` },
    { key: "Auto-Submitted", value: "auto-generated" },
    { key: "Content-Transfer-Encoding", value: "base64" },
  ]);
  node.setContent(Buffer.from(body));
  return node.build();
}
