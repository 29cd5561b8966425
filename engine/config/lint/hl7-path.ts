import { faultOf, fieldCount, fieldOf, type PathFault, versions } from "../../codec/hl7v2/dictionary/index.ts";
import { type MessagePath, parsePath } from "../../codec/hl7v2/path.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { error, warning } from "./rule.ts";
import { newestSegments } from "./segments.ts";
import { isHl7Path, isSegmentPath, type WrittenPath } from "./written-paths.ts";

/** What is wrong with a path of HL7 v2: its form, which is an error, or that its version does not define it, which senders may do all the same. */
export function judgeHl7({ path, at, version, isSegment = false }: WrittenPath): Diagnostic[] {
  if (isSegment && !isSegmentPath(path)) return [error("CFG-167", at, `${path} names no segment of an HL7 v2 message`, 'for example msg.all("OBX"), and of each one get("5.1")')];
  if (!isSegment && !isHl7Path(path)) {
    const near = corrected(path);
    const help = near === undefined ? "segment, field, component: for example PID-5.1, PID-3[2].4 or OBX[3]-5" : `did you mean ${near}?`;
    return [error("CFG-167", at, `${path} is no path of an HL7 v2 message`, help)];
  }
  const place = parsePath(isSegment ? `${path.slice(0, 3)}-1` : path);
  const fault = faultOf(place, version);
  if (!fault || (fault.at === "segment" && newestSegments.has(place.segment))) return [];
  const { message, help } = saying(path, place, version, fault);
  return [warning("CFG-167", at, message, help)];
}

/** `PID.5`, `pid-5-1` and `PID_5_1` as they are probably meant. */
function corrected(path: string): string | undefined {
  const [, segment, index = "", rest = ""] = /^([a-z][a-z0-9]{2})(\[\d+\])?[-._/ ]?(\d.*)$/i.exec(path) ?? [];
  if (segment === undefined) return undefined;
  const near = `${segment.toUpperCase()}${index}-${rest.replace(/[-._/ ]+(?=\d)/g, ".")}`;
  return isHl7Path(near) ? near : undefined;
}

/** The table ends before the newest versions, whose additions it cannot deny. */
function isNewer(version: string | undefined): boolean {
  return version === undefined || !versions.includes(version);
}

function saying(path: string, place: MessagePath, version: string | undefined, fault: PathFault): { message: string; help?: string } {
  const { segment, field } = place;
  const inVersion = isNewer(version) ? `in HL7 v2 up to ${versions.at(-1)}` : `in HL7 v${version}`;
  const rest = path.slice(3);
  if (fault.at === "segment") {
    const since = versions.find((v) => fieldCount(v, segment) !== undefined);
    const near = nearest(segment, fault.near);
    const otherwise = near === undefined ? "a site's own segments begin with Z" : `did you mean ${near}${rest}?`;
    return { message: `there is no segment ${segment} ${inVersion}`, help: since === undefined ? otherwise : `${segment} is of HL7 v${since}` };
  }
  if (fault.at === "field") {
    const since = versions.find((v) => fieldOf(v, segment, field) !== undefined);
    const numbers = Array.from({ length: fault.most }, (_, i) => String(i + 1)).filter((n) => fieldOf(version, segment, Number(n)) !== undefined);
    const near = nearest(String(field), numbers);
    const named = (v: string | undefined, n: number) => `${segment}-${n} (${fieldOf(v, segment, n)?.name})`;
    const message = `${segment} has ${fault.most} fields ${inVersion}`;
    if (since !== undefined) return { message, help: `${named(since, field)} comes with HL7 v${since}` };
    return { message, help: near === undefined ? `the last is ${named(version, fault.most)}` : `did you mean ${named(version, Number(near))}?` };
  }
  if (fault.at === "repetition") return { message: `${fault.of} does not repeat ${inVersion}`, help: "[1] or no number names the one there is" };
  const parts = fault.most === 1 ? `no ${fault.at}s` : `${fault.most} ${fault.at}s`;
  return { message: `${fault.of} has ${parts} ${inVersion}`, help: `a dot leads to a ${fault.at}; they count from 1` };
}
