/** What the command line uses of the console. */
export { accessNotice, accessRecord, actor, type Access, type AccessRecord } from "./access-record.ts";
export { consoleApp } from "./console-app.ts";
export { partsOf, show, timelineOf, type Shown, type Timeline } from "./contents.ts";
export { isPurpose, purposeOf, purposes, type Purpose } from "./purposes.ts";
export { controlApp } from "./control-app.ts";
export { controlPath } from "./control-path.ts";
export { ageText, laneRow, laneRows, type LaneRow, signs, totals } from "./presenter.ts";
export { serveConsole, serveControl, type Served } from "./serve.ts";
