/** What the command line uses of the console. */
export { accessRecord, type Access, type AccessRecord } from "./access-record.ts";
export { consoleApp } from "./console-app.ts";
export { isPurpose, partsOf, purposeOf, purposes, show, timelineOf, type Purpose, type Shown, type Timeline } from "./contents.ts";
export { controlApp } from "./control-app.ts";
export { controlPath } from "./control-path.ts";
export { ageText, laneRow, laneRows, type LaneRow, signs, totals } from "./presenter.ts";
export { serveConsole, serveControl, type Served } from "./serve.ts";
