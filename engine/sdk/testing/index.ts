/** The conformance kit for connectors: what each must hold, run against an engine and partners in memory. */
import { describe } from "vitest";
import type { ConnectorDefinition, TObject } from "../index.ts";
import { declarationSuite } from "./declaration-suite.ts";
import { type DestinationFixture, destinationSuite } from "./destination-suite.ts";
import { type MakerFixture, makerSuite } from "./maker-suite.ts";
import { type SourceFixture, sourceSuite } from "./source-suite.ts";

export * from "./canary.ts";
export type { DestinationFixture } from "./destination-suite.ts";
export * from "./inbound-peer.ts";
export type { MakerFixture } from "./maker-suite.ts";
export * from "./manual-clock.ts";
export * from "./memory-inbox.ts";
export { completeOptions, optionTables } from "./options.ts";
export * from "./partner-host.ts";
export * from "./source-host.ts";
export * from "./stream-pair.ts";
export type { Sender, SourceFixture } from "./source-suite.ts";

export interface ConnectorFixtures {
  /** The connector's folder, with `connector.yaml` and `README.md`: `new URL("./", import.meta.url)`. */
  readonly folder: URL;
  readonly source?: SourceFixture | MakerFixture;
  readonly destination?: DestinationFixture;
}

/**
 * Declares the conformance suite of one connector. Call it in a `*.test.ts` of the connector's folder.
 * @example connectorConformance(mllp, { folder: new URL("./", import.meta.url), source: {…}, destination: {…} });
 */
export function connectorConformance<S extends TObject, D extends TObject>(
  connector: ConnectorDefinition<S, D>,
  fixtures: ConnectorFixtures,
): void {
  const definition = connector as unknown as ConnectorDefinition;
  describe(`connector ${definition.name}`, () => {
    declarationSuite(definition, fixtures.folder);
    if (definition.source) {
      if (!fixtures.source) throw new Error("the connector has a source: give its fixture");
      if ("dueEveryMs" in fixtures.source) makerSuite(definition.source, fixtures.source);
      else sourceSuite(definition.source, fixtures.source);
    }
    if (definition.destination) {
      if (!fixtures.destination) throw new Error("the connector has a destination: give its fixture");
      destinationSuite(definition.destination, fixtures.destination);
    }
  });
}
