/**
 * T, the limit everything is compared with: one Node process that frames MLLP and answers a fixed AA, and does nothing else.
 * Same care as the engine's transport: no copy of whole frames, `indexOf` for the scan, one write for all answers of a chunk.
 */
import { Buffer } from "node:buffer";
import { createServer, type AddressInfo } from "node:net";

const start = 0x0b;
const end = 0x1c;
const ack = Buffer.from("\x0bMSH|^~\\&|ECHO|X|GEN|Y|20260101000000||ACK|1|P|2.5\rMSA|AA|1\r\x1c\r", "latin1");
const acks = Buffer.concat(Array.from({ length: 64 }, () => ack));

const server = createServer({ noDelay: true }, (socket) => {
  let kept: Buffer | undefined;
  socket.on("data", (chunk: Buffer) => {
    const bytes = kept === undefined ? chunk : Buffer.concat([kept, chunk]);
    let from = 0;
    let frames = 0;
    while (from < bytes.length) {
      if (bytes[from] !== start) return socket.destroy();
      const at = bytes.indexOf(end, from + 1);
      if (at < 0 || at + 1 >= bytes.length) break;
      frames += 1;
      from = at + 2;
    }
    kept = from < bytes.length ? bytes.subarray(from) : undefined;
    for (let left = frames; left > 0; left -= 64) socket.write(acks.subarray(0, ack.length * Math.min(left, 64)));
  });
  socket.on("error", () => socket.destroy());
});

server.listen(0, "127.0.0.1", 1024, () => {
  process.stdout.write(`${JSON.stringify({ event: "ready", ports: [(server.address() as AddressInfo).port] })}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
