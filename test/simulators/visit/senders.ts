import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Example } from "../example.ts";
import type { Visit } from "./step.ts";

/** The partners' side of every link into the engine; shares no code with it. */
export function visitOf(example: Example): Visit {
  const { root, at, peers, secret } = example;
  return {
    root,
    at,
    peers,
    secret,
    fixture: (name) => readFileSync(join(root, "fixtures", name), "utf8"),
    post: async (port, path, body, headers) => {
      const response = await fetch(`http://127.0.0.1:${at(port)}${path}`, { method: "POST", body, headers });
      return `${response.status} ${await response.text()}`;
    },
    mllp: (port, message) => mllp(at(port), message),
  };
}

function mllp(port: number, message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`\x0b${message}\x1c\r`));
    socket.setEncoding("utf8");
    socket.setTimeout(20_000, () => socket.destroy(new Error("no answer in time")));
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (!text.includes("\x1c\r")) return;
      socket.destroy();
      resolve(/\rMSA\|(\w+)/.exec(text)?.[1] ?? "no MSA");
    });
  });
}
