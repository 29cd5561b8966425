/** Loaded before the engine to see that the drill notices: what a socket reads is said in the log, or left in a file for a moment. */
import { rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const how = process.env["CANARY_SABOTAGE"];
const push = Socket.prototype.push;

Socket.prototype.push = function (chunk: unknown, encoding?: BufferEncoding): boolean {
  if (chunk instanceof Uint8Array && chunk.length > 200) {
    if (how === "log-echo") process.stderr.write(`${JSON.stringify({ event: "read", data: Buffer.from(chunk).toString("base64") })}\n`);
    if (how === "temp-file") {
      const path = join(tmpdir(), `part-${process.hrtime.bigint()}`);
      writeFileSync(path, chunk);
      rmSync(path);
    }
  }
  return push.call(this, chunk, encoding);
};
