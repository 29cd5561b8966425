import type { Level } from "../../engine/config/project.ts";

/** A project as its files say it: what the generator makes, a mutation changes, and both YAML and project values are made of. */
export interface Plan {
  readonly owner: string;
  readonly partners: Record<string, PlannedPartner>;
  readonly channels: PlannedChannel[];
  readonly lookups: Record<string, Record<string, string>>;
}

export interface PlannedPartner {
  kind: string;
  owner?: string;
  endpoints?: { id: string; url: string }[];
  agreements?: PlannedAgreement[];
  inbound?: "allowed" | "never";
  outbound?: "allowed" | "never";
  ceiling?: { level?: Level; compartments?: string[]; purposes?: string[]; obligations?: string[] };
  mayDeidentify?: boolean;
  breakGlass?: boolean;
  reply?: { level: Level; compartments?: string[] };
}

export interface PlannedAgreement {
  id: string;
  basis: string;
  levels: Level[];
  compartments?: string[];
  purposes?: string[];
  owners?: string[];
  mayAggregateOwners?: boolean;
  determination?: { expert: string; configHash: string; recipients: string[] };
  effective: string;
  expires?: string;
  terminated?: string;
  timezone: string;
}

export interface PlannedChannel {
  channel: string;
  classification: Level | { level: Level; compartments?: string[]; purposes?: string[] };
  partner: string;
  respond?: string;
  transform?: boolean;
  lookups?: string[];
  destinations: Record<string, PlannedDestination>;
}

export interface PlannedDestination {
  partner: string;
  /** The channel that it hands over to; then `partner` is the engine itself. */
  to?: string;
  sends?: Level;
  purpose?: string;
  transform?: boolean;
  deidentify?: { method: string; certificate?: string; dates?: string; ids?: string; transform?: boolean };
  only?: Record<string, Record<string, unknown>>;
  path?: string;
  fallback?: string;
}

export const code = "return msg;\n";
