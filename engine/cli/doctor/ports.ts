import { createServer } from "node:net";
import type { Project } from "../../config/project.ts";
import { listed } from "../spoken.ts";
import type { Finding, Patient } from "./finding.ts";

interface Wanted {
  readonly port: number;
  readonly host: string;
  readonly by: string;
}

/** Ports that the project listens on: nobody else may have them. */
export async function ports({ project, running }: Patient): Promise<Finding[]> {
  if (!project) return [];
  const wanted = portsOf(project);
  const names = listed([...new Set(wanted.map(({ port }) => String(port)))]);
  if (running) return [{ check: "ports", verdict: "ok", what: `${names}: the engine of this project has them` }];
  const found: Finding[] = [];
  for (const { port, host, by } of wanted) {
    const error = await tried(port, host);
    if (error === undefined) continue;
    const help = error === "EADDRINUSE" ? `see who has it (ss -ltnp), or choose another port` : "the page of the code says why a port is refused";
    found.push({ check: "ports", verdict: "error", code: error === "EADDRINUSE" ? "NET-101" : "NET-102", what: `${host}:${port} of ${by} is not free (${error})`, help });
  }
  return found.length > 0 ? found : [{ check: "ports", verdict: "ok", what: `${names} are free` }];
}

function portsOf(project: Project): Wanted[] {
  const sources = project.channels.flatMap(({ name, source: { options } }): Wanted[] => {
    const { port, host } = options;
    return typeof port === "number" && port > 0 ? [{ port, host: typeof host === "string" ? host : "127.0.0.1", by: name }] : [];
  });
  const all = [...sources, { port: project.settings.console.port, host: "127.0.0.1", by: "the console" }];
  // Channels may share one.
  return all.filter(({ port, host }, i) => all.findIndex((other) => other.port === port && other.host === host) === i);
}

function tried(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}
