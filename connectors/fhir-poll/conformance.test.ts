import type { Envelope } from "../../engine/sdk/index.ts";
import { connectorConformance, settled, type Sender, type SourceHost } from "../../engine/sdk/testing/index.ts";
import fhirPoll from "./index.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
let stamps = Date.parse("2026-01-01T00:00:00Z");

interface Kept {
  readonly resource: { readonly meta: { readonly lastUpdated: string } };
  readonly answers: ("positive" | "negative")[];
}

/** A server for each host: what stands behind the source's place is in its searches, and what the place has passed is answered. */
const servers = new WeakMap<SourceHost, Kept[]>();

function serverOf(host: SourceHost): Kept[] {
  let kept = servers.get(host);
  if (!kept) {
    const all: Kept[] = (kept = []);
    servers.set(host, all);
    host.answer = ({ path }: Envelope) => {
      if (path !== "/Patient/_search") return { status: 404, headers: {}, body: new Uint8Array() };
      const entry = all.map(({ resource }) => ({ resource, search: { mode: "match" } }));
      return { status: 200, headers: { "content-type": "application/fhir+json" }, body: encode({ resourceType: "Bundle", type: "searchset", entry }) };
    };
  }
  return kept;
}

function tell(host: SourceHost, refusedBefore: number): void {
  const place = Date.parse(host.checkpoints.get("Patient") ?? "1970-01-01T00:00:00Z");
  const isRefused = host.problems.filter(({ code }) => code === "FHP-107").length > refusedBefore;
  const kept = serverOf(host);
  for (const each of kept.filter(({ resource }) => Date.parse(resource.meta.lastUpdated) <= place)) {
    each.answers.push(isRefused ? "negative" : "positive");
    kept.splice(kept.indexOf(each), 1);
  }
}

connectorConformance(fhirPoll, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { types: ["Patient"], every: "1s", overlap: "0s" },
    opens: 0,
    message: (text) => encode({ resourceType: "Patient", id: "p", meta: { lastUpdated: new Date((stamps += 60_000)).toISOString() }, name: [{ text }] }),
    connect(host): Sender {
      const kept = serverOf(host);
      const answers: ("positive" | "negative")[] = [];
      return {
        send: (message) => void kept.push({ resource: JSON.parse(new TextDecoder().decode(message)), answers }),
        answers: () => answers,
        heard: () => host.asked.map(({ body }) => new TextDecoder().decode(body)),
        vanish: () => {},
      };
    },
    async fetches(host) {
      serverOf(host);
      const before = host.problems.filter(({ code }) => code === "FHP-107").length;
      await host.clock.advance(1000);
      for (let i = 0; i < 20; i++) await settled();
      tell(host, before);
    },
  },
});
