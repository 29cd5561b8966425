/** The vendors' door: all that a connector may import from the engine. */
export * from "./auth.ts";
export * from "./connector.ts";
export * from "./content.ts";
export * from "./context.ts";
export * from "./diagnostic.ts";
export * from "./envelope.ts";
export * from "./error.ts";
export * from "./fhir.ts";
export * from "./files.ts";
export * from "./hand-off.ts";
export * from "./options.ts";
export * from "./outcome.ts";
export * from "./ports.ts";
export * from "./retry-after.ts";
export * from "./schedule.ts";
export * from "./splitter.ts";
export * from "./streams.ts";
