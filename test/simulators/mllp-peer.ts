import { createServer, type Server } from "node:net";
import type { Arrivals } from "./arrivals.ts";

/** What it says to the next message instead of AA: its database is down (AE), it does not want it (AR), or it goes away after having taken it. */
export type MllpMove = "AE" | "AR" | "close";

/** A system on MLLP that takes everything with AA, unless a test has told it otherwise. Its framing shares no code with the engine: that is its use. */
export function mllpPeer(arrivals: Arrivals, moves: MllpMove[] = [], type = "ACK"): Server {
  return createServer((socket) => {
    let text = "";
    socket.setEncoding("latin1");
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf("\x1c\r"); end >= 0; end = text.indexOf("\x1c\r")) {
        const message = text.slice(text.indexOf("\x0b") + 1, end);
        text = text.slice(end + 2);
        arrivals.push({ headers: {}, path: "", body: Buffer.from(message, "latin1").toString("utf8") });
        const move = moves.shift();
        if (move === "close") socket.destroy();
        else socket.write(`\x0b${answer(message, move ?? "AA", type)}\x1c\r`, "latin1");
      }
    });
  });
}

/** A ward or a laboratory that a test can give bad days. */
export function mllpSystem(arrivals: Arrivals, type?: string): { readonly server: Server; readonly told: MllpMove[] } {
  const told: MllpMove[] = [];
  return { server: mllpPeer(arrivals, told, type), told };
}

/** An original-mode answer to the first MSH, wherever an envelope or a byte-order mark puts it, with sender and receiver exchanged. */
function answer(message: string, code: string, type: string): string {
  const head = message.replace(/^\xef\xbb\xbf/, "").split(/[\r\n]+/).find((line) => line.startsWith("MSH")) ?? "MSH|^~\\&";
  const mark = head.charAt(3) || "|";
  const field = (n: number) => head.split(mark)[n - 1] ?? "";
  const back = ["MSH", head.slice(4, 8), field(5), field(6), field(3), field(4), field(7), "", type, `W${field(10)}`.slice(0, 20), field(11) || "P", field(12) || "2.5.1"];
  return `${back.join(mark)}\r${["MSA", code, field(10)].join(mark)}\r`;
}
