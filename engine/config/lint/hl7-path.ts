import { faultOf, fieldCount, fieldOf, type PathFault, versions } from "../../codec/hl7v2/dictionary/index.ts";
import { isNamedPath, isPlace, resolveNames } from "../../codec/hl7v2/names/resolve.ts";
import { type MessagePath, numbered, parsePath } from "../../codec/hl7v2/path.ts";
import type { Hl7Profile } from "../../codec/hl7v2/profile.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { error, warning } from "./rule.ts";
import { newestSegments } from "./segments.ts";
import { isHl7Path, isSegmentPath, type WrittenPath } from "./written-paths.ts";

/** What is wrong with a path of HL7 v2: its form, which is an error, or that its version does not define it, which senders may do all the same. */
export function judgeHl7(written: WrittenPath): Diagnostic[] {
  const { path, at, version, profile, isSegment = false } = written;
  if (isNamedPath(path)) return judgeNames(written);
  if (isSegment && !isSegmentPath(path)) return [error("CFG-167", at, `${path} names no segment of an HL7 v2 message`, 'for example msg.all("OBX"), and of each one get("5.1")')];
  if (!isSegment && !isHl7Path(path)) {
    const near = corrected(path);
    const help = near === undefined ? "segment, field, component: for example PID-5.1, PID-3[2].4 or OBX[3]-5" : `did you mean ${near}?`;
    return [error("CFG-167", at, `${path} is no path of an HL7 v2 message`, help)];
  }
  const place = parsePath(isSegment ? `${path.slice(0, 3)}-1` : path);
  if (!isSegment && profile && !isDeclared(place, profile)) {
    const fields = Object.keys(profile.fields).filter((each) => each.startsWith(`${place.segment}-`));
    return [warning("CFG-167", at, `the profile "${profile.name}" declares no ${place.segment}-${place.field}`, `it declares ${fields.join(", ")}`)];
  }
  const fault = faultOf(place, version);
  if (!fault || (fault.at === "segment" && newestSegments.has(place.segment))) return [];
  const { message, help } = saying(path, place, version, fault);
  return [warning("CFG-167", at, message, help)];
}

/** A path with names: each is one of the standard's, or a short name; that its version defines the place is asked as of numbers. */
function judgeNames(written: WrittenPath): Diagnostic[] {
  const { path, at, isSegment = false } = written;
  const found = resolveNames(path);
  if (!isPlace(found)) {
    const numbers = corrected(path);
    const near = nearest(found.name, found.known);
    const meant = numbers ?? (near === undefined ? undefined : path.replace(new RegExp(`(^|\\.)${found.name}(?![A-Za-z0-9])`), `$1${near}`));
    const example = "a short name such as patient.name.family, the standard's names such as PID.patientName.familyName, or numbers such as PID-5.1";
    return [error("CFG-167", at, `${path} is no path of an HL7 v2 message`, meant === undefined ? example : `did you mean ${meant}?`)];
  }
  if (isSegment !== (found.field === 0)) {
    return [error("CFG-167", at, isSegment ? `${path} names no segment of an HL7 v2 message` : `${path} is a segment, not a value of one`, isSegment ? 'for example msg.all("observation")' : "go on with the name of a field")];
  }
  return isSegment ? [] : judgeHl7({ ...written, path: numbered(path) });
}

/** Whether a profile says something of this field; of segments that it does not speak of, all. */
function isDeclared({ segment, field }: MessagePath, { fields }: Hl7Profile): boolean {
  const own = Object.keys(fields).filter((each) => each.startsWith(`${segment}-`));
  return !segment.startsWith("Z") || own.length === 0 || own.some((each) => parsePath(each).field === field);
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
