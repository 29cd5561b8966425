import type { Draws } from "./draws.ts";
import type { Planted } from "./planted.ts";

/** Ways in which a careless mapping or a helpful library writes the same value. */
export interface Form {
  readonly name: string;
  readonly text: string;
}

export function formsOf(planted: Planted): readonly Form[] {
  switch (planted.kind) {
    case "name":
      return nameForms(planted);
    case "birth date":
    case "date":
      return dateForms(planted.value);
    case "phone":
      return phoneForms(planted.value);
    case "ssn":
      return ssnForms(planted.value);
    case "e-mail":
      return mailForms(planted.value);
    case "street":
      return streetForms(planted.value);
    case "zip":
      return [{ name: "as it stands", text: planted.value }, { name: "with four more", text: `${planted.value}-0001` }];
    case "employer":
      return [{ name: "as it stands", text: planted.value }, { name: "with Inc.", text: `${planted.value}, Inc.` }];
    default:
      return idForms(planted.value);
  }
}

export function oneForm(planted: Planted, draws: Draws): Form {
  return draws.one(formsOf(planted));
}

function nameForms({ given = "", family = "", middle = "" }: Planted): Form[] {
  const forms: Form[] = [
    { name: "given family", text: `${given} ${family}` }, { name: "family, given", text: `${family}, ${given}` }, { name: "family^given", text: `${family}^${given}` },
    { name: "given middle family", text: `${given} ${middle} ${family}` }, { name: "given middle. family", text: `${given} ${middle}. ${family}` },
    { name: "family given middle", text: `${family} ${given} ${middle}` }, { name: "given.family", text: `${given}.${family}` }, { name: "given_family", text: `${given}_${family}` },
    { name: "givenfamily", text: `${given}${family}` }, { name: "FAMILY Given", text: `${family.toUpperCase()} ${given}` }, { name: "title given family", text: `Mrs. ${given} ${family}` },
    { name: "family, given, suffix", text: `${family}, ${given}, Jr.` },
  ];
  if (letters(family) >= 4) {
    forms.push({ name: "family", text: family }, { name: "initial. family", text: `${given.charAt(0)}. ${family}` }, { name: "initials family", text: `${given.charAt(0)}${middle} ${family}` }, { name: "family, initial", text: `${family}, ${given.charAt(0)}` });
  }
  return forms;
}

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function dateForms(day: string): Form[] {
  const [y, m, d] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)] as const;
  const [m1, d1, yy, month] = [String(Number(m)), String(Number(d)), y.slice(2), months[Number(m) - 1] ?? ""] as const;
  const ms = Date.UTC(Number(y), Number(m) - 1, Number(d));
  const ordinal = 1 + (ms - Date.UTC(Number(y), 0, 1)) / 86_400_000;
  const short = month.slice(0, 3);
  const th = { 1: "st", 21: "st", 31: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd" }[Number(d)] ?? "th";
  return [
    { name: "YYYYMMDD", text: day }, { name: "YYYY-MM-DD", text: `${y}-${m}-${d}` }, { name: "YYYY/MM/DD", text: `${y}/${m}/${d}` }, { name: "MM/DD/YYYY", text: `${m}/${d}/${y}` },
    { name: "M/D/YYYY", text: `${m1}/${d1}/${y}` }, { name: "M/D/YY", text: `${m1}/${d1}/${yy}` }, { name: "MM/DD/YY", text: `${m}/${d}/${yy}` }, { name: "DD.MM.YYYY", text: `${d}.${m}.${y}` },
    { name: "D.M.YYYY", text: `${d1}.${m1}.${y}` }, { name: "DDMMYYYY", text: `${d}${m}${y}` }, { name: "MMDDYYYY", text: `${m}${d}${y}` }, { name: "Mon D, YYYY", text: `${short} ${d1}, ${y}` },
    { name: "Month D, YYYY", text: `${month} ${d1}, ${y}` }, { name: "D Month YYYY", text: `${d1} ${month} ${y}` }, { name: "Month Dth, YYYY", text: `${month} ${d1}${th}, ${y}` }, { name: "DD-MON-YYYY", text: `${d}-${short.toUpperCase()}-${y}` },
    { name: "RFC 5322", text: `${weekdays[new Date(ms).getUTCDay()]}, ${d} ${short} ${y} 00:00:00 GMT` }, { name: "with time", text: `${y}-${m}-${d}T10:30:00Z` }, { name: "YYYYMMDDHHMMSS", text: `${day}103000` },
    { name: "ordinal day", text: `${y}-${String(ordinal).padStart(3, "0")}` }, { name: "week", text: weekOf(ms) }, { name: "epoch s", text: String(ms / 1000) }, { name: "epoch ms", text: String(ms) },
    { name: "Excel", text: String(ms / 86_400_000 + 25_569) }, { name: "ticks", text: String((BigInt(ms) + 62_135_596_800_000n) * 10_000n) },
  ];
}

/** ISO 8601 week date. */
function weekOf(ms: number): string {
  const weekday = (new Date(ms).getUTCDay() + 6) % 7;
  const thursday = new Date(ms + (3 - weekday) * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return `${year}-W${String(week).padStart(2, "0")}-${weekday + 1}`;
}

function phoneForms(phone: string): Form[] {
  const [a, e, s] = [phone.slice(0, 3), phone.slice(3, 6), phone.slice(6)];
  return [
    { name: "ten digits", text: phone }, { name: "(area) number", text: `(${a}) ${e}-${s}` }, { name: "dashes", text: `${a}-${e}-${s}` }, { name: "dots", text: `${a}.${e}.${s}` }, { name: "spaces", text: `${a} ${e} ${s}` },
    { name: "E.164", text: `+1${phone}` }, { name: "1-dashes", text: `1-${a}-${e}-${s}` }, { name: "00", text: `001${phone}` }, { name: "tel:", text: `tel:+1-${a}-${e}-${s}` }, { name: "extension", text: `${a}-${e}-${s} x12` },
  ];
}

function ssnForms(ssn: string): Form[] {
  const digits = ssn.replaceAll("-", "");
  return [{ name: "dashes", text: ssn }, { name: "nine digits", text: digits }, { name: "spaces", text: ssn.replaceAll("-", " ") }, { name: "dots", text: ssn.replaceAll("-", ".") }, { name: "urn", text: `urn:oid:2.16.840.1.113883.4.1:${digits}` }];
}

function mailForms(mail: string): Form[] {
  const [local = "", host = ""] = mail.split("@");
  return [{ name: "as it stands", text: mail }, { name: "mailto", text: `mailto:${mail}` }, { name: "named", text: `"Contact" <${mail}>` }, { name: "tagged", text: `${local}+sluice@${host}` }, ...(local.length >= 6 ? [{ name: "local part", text: local }] : [])];
}

const abbreviated: Readonly<Record<string, string>> = {
  Street: "St", Avenue: "Ave", Road: "Rd", Lane: "Ln", Drive: "Dr", Court: "Ct", Boulevard: "Blvd", Place: "Pl", Parkway: "Pkwy", Terrace: "Ter",
};

function streetForms(street: string): Form[] {
  const short = street.replace(/\w+$/, (suffix) => abbreviated[suffix] ?? suffix);
  return [{ name: "as it stands", text: street }, { name: "upper", text: street.toUpperCase() }, { name: "abbreviated", text: short }, { name: "abbreviated with a dot", text: `${short}.` }, { name: "with unit", text: `${street}, Apt 4B` }];
}

function idForms(id: string): Form[] {
  const bare = id.replace(/^0+/, "");
  const forms = [
    { name: "as it stands", text: id }, { name: "with assigner", text: `NS^^^${id}` }, { name: "cx", text: `${id}^^^NS^MR` }, { name: "urn", text: `urn:oid:1.2.36.146.595:${id}` }, { name: "reference", text: `Patient/${id}` },
    { name: "in groups", text: id.replace(/(\w{3})(?=\w)/g, "$1-") }, { name: "#", text: `#${id}` },
  ];
  if (bare !== id && bare.length >= 5) forms.push({ name: "without zeros", text: bare });
  if (/^\d+$/.test(id)) forms.push({ name: "zeros before", text: id.padStart(id.length + 3, "0") });
  return forms;
}

function letters(text: string): number {
  return text.normalize("NFKD").replace(/[^\p{L}]/gu, "").length;
}
