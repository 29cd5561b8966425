import type { ClosedFieldKind, Format, OptionProblem } from "../sdk/index.ts";

/** What config needs to know of connectors; `runtime/registry` answers it. Schemas are plain JSON Schema. */
export interface ConnectorCatalogue {
  readonly names: readonly string[];
  get(name: string): ConnectorEntry | undefined;
}

export interface ConnectorEntry {
  readonly name: string;
  readonly summary: string;
  readonly source?: {
    readonly schema: Readonly<Record<string, unknown>>;
    readonly formats: readonly Format[];
    readonly verify?: VerifyOptions;
    /** Its messages come from the engine itself. */
    readonly fromEngine?: boolean;
    /** URL schemes of the endpoints that it asks; absent: any. */
    readonly schemes?: readonly string[];
    /** Whether with these options it asks its partner; absent: never. */
    readonly asks?: AboutOptions;
    readonly urlIds?: AboutOptions;
  };
  readonly destination?: {
    readonly schema: Readonly<Record<string, unknown>>;
    readonly formats: readonly Format[];
    /** URL schemes of the endpoints it can address; absent: any. */
    readonly schemes?: readonly string[];
    readonly verify?: VerifyOptions;
    /** It hands over to the channel that its option `to` names, and reaches nobody outside. */
    readonly reachesChannel?: boolean;
    /** Its outcome carries what the partner answered, so that an inquiry can go through it. */
    readonly inquires?: boolean;
    /** Whether with these options an id that the partner's server has assigned stands in an address; absent: never. */
    readonly urlIds?: AboutOptions;
    /** The only fields that may go to the party behind it, and how each may be set. */
    readonly closedTo?: (options: Readonly<Record<string, unknown>>) => Readonly<Record<string, readonly ClosedFieldKind[]>>;
  };
}

/** What is wrong with options that fit their schema, as the connector itself says. */
export type VerifyOptions = (options: Readonly<Record<string, unknown>>) => readonly OptionProblem[];

/** What a connector says of itself, by options that fit their schema. */
export type AboutOptions = (options: Readonly<Record<string, unknown>>) => boolean;
