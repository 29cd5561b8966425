import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Arrivals } from "./arrivals.ts";
import { acknowledged, answered999, type Claimed, claimsIn, eligible271, rejectedFile, remitted835, said277, status277 } from "./clearinghouse-x12.ts";
import { SftpServer } from "./sftp-server.ts";
import type { Simulator } from "./simulator.ts";

/** What goes wrong with the next file or question. `refused-file`: TA1 and nothing else. `lost`: the answer never comes. `busy`: not now. `unknown-member`: nobody is found. */
export type HouseTrouble = "refused-file" | "lost" | "busy" | "unknown-member";

export interface Clearinghouse {
  /** For the next file or question, then the one after it, and so on. */
  trouble(...kinds: HouseTrouble[]): void;
  /** Nothing goes wrong any more of what was still to. */
  calm(): void;
  /** Claims, by their numbers, that the 999 of their file rejects. */
  rejects(...claims: string[]): void;
  /** Claims that a payer does not take: rejected in the 277CA. */
  refuses(...claims: string[]): void;
  /** What a payer does not pay. */
  denies(...claims: string[]): void;
  /** Claims that were taken, by number: what it was sent of each. */
  readonly claims: ReadonlyMap<string, Claimed>;
  /** Every 837 that arrived, by name. */
  readonly files: ReadonlyMap<string, string>;
  /** The payers pay what they have taken: one 835 for these claims, or all. Gives its text and puts it, changed or not, into the outbox. */
  pays(claims?: readonly string[], change?: (text: string) => string): string;
  /** A payer says where a claim stands: a 277 with this category (STC01-1) into the outbox. */
  says(claim: string, category: string): void;
  /** Puts a file into the outbox as it is. */
  puts(name: string, text: string): void;
  /** Files in a folder of the partner: `outbox`, `taken`, `failed`. */
  names(folder: string): readonly string[];
}

/** Of simulation alone; its fingerprint stands in the example's `partners.yaml`. */
const hostKey = {
  private: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\nc2gtZWQyNTUxOQAAACDZ7WfHeIhOq3vS4Xs3IxvVjHKPTBRvPwBOXogAZ71VvAAA\nAIg/WyiZP1somQAAAAtzc2gtZWQyNTUxOQAAACDZ7WfHeIhOq3vS4Xs3IxvVjHKP\nTBRvPwBOXogAZ71VvAAAAEDX1/HfXJxwV/H2zYCgLs1BdcLm6owQmjGYx2KhG0Eg\nrtntZ8d4iE6re9LhezcjG9WMco9MFG8/AE5eiABnvVW8AAAAAAECAwQF\n-----END OPENSSH PRIVATE KEY-----\n",
  public: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINntZ8d4iE6re9LhezcjG9WMco9MFG8/AE5eiABnvVW8",
};
const realtimePort = 8075;
const sftpPort = 8076;
const home = "/visits";

/** A clearinghouse: questions in real time over HTTP, files over SFTP. Each 837 is answered with a 999, the claims that it accepts with a 277CA, later somebody pays. */
export const clearinghouse: Simulator<Clearinghouse> = {
  name: "clearinghouse",
  port: realtimePort,
  start: async (port, arrivals, at) => {
    const house = new House(arrivals);
    const server = createServer((request, response) => house.asked(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    try {
      await house.listen(port === 0 ? 0 : at(sftpPort));
    } catch (error) {
      server.close();
      throw error;
    }
    return {
      port: (server.address() as AddressInfo).port,
      told: house,
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await house.close();
      },
    };
  },
};

class House implements Clearinghouse {
  readonly claims = new Map<string, Claimed>();
  readonly files = new Map<string, string>();
  readonly #arrivals: Arrivals;
  readonly #sftp = new SftpServer({ user: "visits", isAnyPassword: true, hostKey });
  readonly #troubles: HouseTrouble[] = [];
  readonly #rejected = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #denied = new Set<string>();
  readonly #paid = new Set<string>();
  #control = 0;

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
    for (const folder of ["", "/inbox", "/outbox", "/taken", "/failed"]) this.#sftp.folders.add(`${home}${folder}`);
    this.#sftp.onFile = (path, bytes) => this.#filed(path, bytes.toString("utf8"));
  }

  async listen(port: number): Promise<void> {
    await this.#sftp.listen(port);
  }

  close(): Promise<void> {
    return this.#sftp.close();
  }

  trouble(...kinds: HouseTrouble[]): void {
    this.#troubles.push(...kinds);
  }

  calm(): void {
    this.#troubles.length = 0;
  }

  rejects(...claims: string[]): void {
    for (const claim of claims) this.#rejected.add(claim);
  }

  refuses(...claims: string[]): void {
    for (const claim of claims) this.#refused.add(claim);
  }

  denies(...claims: string[]): void {
    for (const claim of claims) this.#denied.add(claim);
  }

  pays(claims?: readonly string[], change: (text: string) => string = (text) => text): string {
    const due = claims ?? [...this.claims.keys()].filter((claim) => !this.#paid.has(claim));
    const found = due.flatMap((claim) => this.claims.get(claim) ?? []);
    for (const { claim } of found) this.#paid.add(claim);
    const text = change(remitted835(++this.#control, found, (claim) => this.#denied.has(claim)));
    this.puts(`remit-${this.#control}.835`, text);
    return text;
  }

  says(claim: string, category: string): void {
    const control = ++this.#control;
    this.puts(`status-${control}.277`, said277(control, claim, category));
  }

  puts(name: string, text: string): void {
    this.#sftp.put(`${home}/outbox/${name}`, text);
  }

  names(folder: string): readonly string[] {
    return this.#sftp.names(`${home}/${folder}`);
  }

  /** An 837 under its own name. Whatever it is, it is answered by itself. */
  #filed(path: string, text: string): void {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!path.startsWith(`${home}/inbox/`) || name.startsWith(".")) return;
    this.#arrivals.push({ path, headers: {}, body: text });
    this.files.set(name, text);
    const trouble = this.#troubles.shift();
    if (trouble === "lost") return;
    const control = ++this.#control;
    if (trouble === "refused-file") return this.puts(`answer-${control}.ta1`, rejectedFile(control, text));
    const claims = claimsIn(text);
    this.puts(`answer-${control}.999`, answered999(control, text, claims, (claim) => this.#rejected.has(claim)));
    const taken = claims.filter(({ claim }) => !this.#rejected.has(claim));
    // Who was rejected and is sent again is looked at anew.
    for (const { claim } of claims) this.#rejected.delete(claim);
    if (taken.length === 0) return;
    this.puts(`answer-${control}.277ca`, acknowledged(control, taken, (claim) => this.#refused.has(claim)));
    for (const each of taken) if (!this.#refused.delete(each.claim)) this.claims.set(each.claim, each);
  }

  asked(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      this.#arrivals.push({ path: request.url ?? "", headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])), body });
      const trouble = this.#troubles.shift();
      if (trouble === "lost") return void request.socket.destroy();
      if (trouble === "busy") return void response.writeHead(503, { "retry-after": "1" }).end();
      const control = ++this.#control;
      const said = body.includes("ST*270*") ? eligible271(control, body, trouble !== "unknown-member") : body.includes("ST*276*") ? status277(control, body, this.claims) : undefined;
      if (said === undefined) return void response.writeHead(400).end();
      response.writeHead(200, { "content-type": "application/edi-x12" }).end(said);
    });
  }
}
