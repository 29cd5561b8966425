import type { Call, Command, ExitCode } from "./command.ts";
import { projectFlag } from "./project-folder.ts";
import { wrongCall } from "./wrong-call.ts";

const parts: Readonly<Record<string, (call: Call) => Promise<ExitCode>>> = {
  verify: async (call) => (await import("./disclosures-verify.ts")).verify(call),
  anchor: async (call) => (await import("./disclosures-key.ts")).anchor(call),
  key: async (call) => (await import("./disclosures-key.ts")).key(call),
  "renew-key": async (call) => (await import("./disclosures-key.ts")).renewKey(call),
  begin: async (call) => (await import("./disclosures-key.ts")).begin(call),
  report: async (call) => (await import("./disclosures-report.ts")).report(call),
  patient: async (call) => (await import("./disclosures-report.ts")).patient(call),
  export: async (call) => (await import("./disclosures-report.ts")).exportEvents(call),
};

export const command: Command = {
  name: "disclosures",
  summary: "what left, to whom, under which agreement; and whether the ledger of it is whole",
  usage: `sluice disclosures report --partner P --purpose P [--from DATE] [--to DATE]
  patient --id MRN [--owner O] --purpose P [--from DATE] [--to DATE] [--all]
  export --balp --purpose P [--from DATE] [--to DATE]
  verify [FILE… | --dir DIR] --key PUBLIC [--anchor FILE] [--part]
  key | anchor | renew-key | begin --yes [--project DIR] [--json]`,
  examples: [
    "sluice disclosures report --partner ehr --from 2026-01-01 --purpose HOPERAT",
    "sluice disclosures patient --id 4711 --purpose PATRQT",
    "sluice disclosures export --balp --from 2026-03-01 --purpose HOPERAT",
    "sluice disclosures key",
    "sluice disclosures verify --dir copy --key ledger.pub --anchor checkpoint.json",
  ],
  options: {
    ...projectFlag, dir: { type: "string" }, key: { type: "string", multiple: true }, anchor: { type: "string", multiple: true }, part: { type: "boolean" }, partner: { type: "string" },
    from: { type: "string" }, to: { type: "string" }, id: { type: "string" }, owner: { type: "string" }, purpose: { type: "string" }, all: { type: "boolean" }, balp: { type: "boolean" }, yes: { type: "boolean" },
  },
  positionals: { min: 1, max: 10_000, help: "report, patient, export, verify, key, anchor, renew-key or begin" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const [what = "", ...words] = call.words;
  const part = Object.hasOwn(parts, what) ? parts[what] : undefined;
  if (!part) return wrongCall(call.terminal, `no "disclosures ${what}"; there is ${Object.keys(parts).join(", ")}`, "disclosures");
  if (words.length > 0 && what !== "verify") return wrongCall(call.terminal, `disclosures ${what} takes no words beside its flags`, "disclosures");
  return part({ ...call, words });
}
