import { SMTPServer } from "smtp-server";
import { connectorConformance, type PartnerHost } from "../../engine/sdk/testing/index.ts";
import smtp from "./index.ts";

/** A mail server of the smtp-server package at the other end of the host's streams. */
function prepare(host: PartnerHost): void {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const [, encoded = ""] = Buffer.concat(chunks).toString().split("\r\n\r\n");
        const body = new Uint8Array(Buffer.from(encoded, "base64"));
        host.arrived.push(body);
        const move = host.move(body);
        if (move === "close") return void host.stream?.destroy();
        if (move === "silent") return;
        if (typeof move === "object" && "status" in move && move.status >= 400) return done(Object.assign(new Error("no"), { responseCode: move.status }));
        done(null, `${session.id} taken`);
      });
    },
  });
  server.on("error", () => {});
  host.serve = (stream) => (server as unknown as { connect(socket: unknown, options: object): void }).connect(Object.assign(stream, { readyState: "open" }), { remoteAddress: "127.0.0.1", id: "c" });
}

const answer = (status: number) => () => ({ status, headers: {}, body: new Uint8Array() });

connectorConformance(smtp, {
  folder: new URL("./", import.meta.url),
  destination: {
    options: { endpoint: "mail", from: "interfaces@clinic.example", to: ["oncall@clinic.example"], subject: "Interface report" },
    format: "text",
    content: (id, text) => new TextEncoder().encode(`${id}: ${text}\n.\n`),
    prepare,
    accepts: answer(250),
    rejects: answer(554),
    busy: answer(451),
  },
});
