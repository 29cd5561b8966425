/** What the command line uses of the console. */
export { accessRecord, type RecordAccess } from "./access-record.ts";
export { consoleApp } from "./console-app.ts";
export { isPurpose, purposes, show, timelineOf, type Purpose, type Shown, type Timeline } from "./contents.ts";
export { controlApp } from "./control-app.ts";
export { controlPath } from "./control-path.ts";
export { ageText, laneRows, signs, totals } from "./presenter.ts";
export { serveConsole, serveControl, type Served } from "./serve.ts";
