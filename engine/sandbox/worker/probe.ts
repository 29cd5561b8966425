import { readFileSync } from "node:fs";
import { connect } from "node:net";

/** What a worker finds when it tries to get out. */
export interface Probe {
  readonly readDenied: boolean;
  readonly connectDenied: boolean;
  readonly environment: number;
}

/** Tries to read a file that every system has, and to connect to a port of this machine. */
export async function probe(): Promise<Probe> {
  return { readDenied: denied(() => readFileSync("/")), connectDenied: await connectDenied(), environment: Object.keys(process.env).length };
}

function denied(attempt: () => void): boolean {
  try {
    attempt();
    return false;
  } catch (error) {
    return codeOf(error) === "ERR_ACCESS_DENIED";
  }
}

function connectDenied(): Promise<boolean> {
  return new Promise((resolve) => {
    const judge = (error: unknown) => {
      const code = codeOf(error);
      resolve(code === "ERR_ACCESS_DENIED" || code === "ENETUNREACH" || code === "ENETDOWN");
    };
    try {
      const socket = connect(9, "127.0.0.1");
      socket.once("error", judge);
      socket.once("connect", () => {
        socket.destroy();
        resolve(false);
      });
    } catch (error) {
      judge(error);
    }
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
