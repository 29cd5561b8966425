import { createHash } from "node:crypto";
import type { Planted } from "../planted.ts";
import { squashed } from "./squash.ts";

const months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/** What one identifier looks like once everything but letters and digits is gone. */
export function needlesOf(planted: Planted): string[] {
  switch (planted.kind) {
    case "name": {
      const [g, f, m] = [squashed(planted.given ?? ""), squashed(planted.family ?? ""), squashed(planted.middle ?? "")];
      return [g + f, f + g, g + m + f, f + g + m, f + m + g, ...(f.length >= 4 ? [f] : [])];
    }
    case "birth date":
    case "date":
      return dates(planted.value);
    case "phone":
      return [planted.value];
    case "ssn":
      return [planted.value.replaceAll("-", "")];
    case "e-mail": {
      const [local = "", host = ""] = planted.value.split("@");
      return [squashed(planted.value), `${squashed(local)}sluice${squashed(host)}`, ...(local.length >= 6 ? [squashed(local)] : [])];
    }
    case "street":
      // The last word is abbreviated at will.
      return [squashed(planted.value.replace(/ \S+$/, ""))];
    default: {
      const plain = squashed(planted.value);
      const bare = plain.replace(/^0+/, "");
      return bare.length >= 5 ? [plain, bare] : [plain];
    }
  }
}

function dates(day: string): string[] {
  const [y, m, d] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  const [m1, d1, yy] = [String(Number(m)), String(Number(d)), y.slice(2)];
  const at = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  const ms = at.getTime();
  const ordinal = String(Math.round((ms - Date.UTC(Number(y), 0, 0)) / 86_400_000)).padStart(3, "0");
  const numeric = [y + m + d, m + d + y, d + m + y, m1 + d1 + y, d1 + m1 + y, y + ordinal, week(at)];
  const short = [m1 + d1 + yy, m + d + yy, d + m + yy, d1 + m1 + yy];
  const words = [months[Number(m) - 1] ?? "", (months[Number(m) - 1] ?? "").slice(0, 3)].flatMap((month) => [month + d1 + y, month + d + y, d1 + month + y, d + month + y, ...["st", "nd", "rd", "th"].map((th) => month + d1 + th + y)]);
  const clocks = [String(Math.abs(ms / 1000)), String(Math.abs(ms)), String(ms / 86_400_000 + 25_569), String(BigInt(ms) * 10_000n + 621_355_968_000_000_000n)];
  return [...numeric, ...short, ...words, ...clocks].filter((form) => form.length >= 4);
}

function week(day: Date): string {
  const thursday = new Date(day);
  thursday.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = new Date(Date.UTC(thursday.getUTCFullYear(), 0, 1));
  const count = Math.ceil(((thursday.getTime() - first.getTime()) / 86_400_000 + 1) / 7);
  return `${thursday.getUTCFullYear()}w${String(count).padStart(2, "0")}${day.getUTCDay() || 7}`;
}

const algorithms = ["md5", "sha1", "sha256", "sha512"];

/** Digests of a value as people take them: as it stands, trimmed and small, its digits. Hex and both base64, without padding. */
export function digestsOf({ value, kind }: Planted): string[] {
  const small = value.trim().toLowerCase();
  const digits = kind === "e-mail" ? small : value.replace(/\D+/g, "");
  const forms = new Set([value, small, digits, value.replace(/^0+/, "")].filter((form) => form.length >= 4));
  return [...forms].flatMap((form) => algorithms.flatMap((algorithm) => {
    const digest = createHash(algorithm).update(form).digest();
    return [digest.toString("hex"), digest.toString("base64url"), digest.toString("base64").replace(/=+$/, "")];
  }));
}
