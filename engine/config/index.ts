/** Configuration: YAML to a project in which every value knows its place, diagnostics, and lint rules. */
export { codes as configCodes } from "./codes.ts";
export { formatDiagnostics, type FormatOptions } from "./diagnostics/format.ts";
export { byPlace } from "./diagnostics/order.ts";
export { codeOf } from "./code-of.ts";
export { type FileSystem, memoryFiles, nodeFiles } from "./files.ts";
export { lintProject } from "./lint-project.ts";
export { keepingOf } from "./read/keeping.ts";
export { readProject, type ReadOptions } from "./read/project.ts";
export { type PlacedSecret, secretRefs } from "./secret-refs.ts";
export * from "./project.ts";
export { isLoopback } from "./lint/loopback.ts";
export { configRules } from "./lint/index.ts";
export { publishedSchemas } from "./schema/published.ts";
