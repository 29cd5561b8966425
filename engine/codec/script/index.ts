export { aliases } from "./aliases.ts";
export { buildScriptAck, readScriptAck, type ScriptAckOptions } from "./ack.ts";
export { buildScript, type Content, type ScriptParts, Written } from "./build.ts";
export { parseScript, ScriptMessage } from "./message.ts";
export { type Schedule, type Scheduled, scheduleOf } from "./schedule.ts";
