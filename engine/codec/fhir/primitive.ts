/** The kind that a primitive type has in JSON (FHIR R4, JSON representation 2.6.2.1). */
export function jsonKind(type: string): "boolean" | "number" | "string" {
  if (type === "boolean") return "boolean";
  return type === "integer" || type === "decimal" || type === "positiveInt" || type === "unsignedInt" ? "number" : "string";
}

const date = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/;
const dateTime = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)))?)?)?$/;
const instant = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/;

const forms: Readonly<Record<string, (text: string) => boolean>> = {
  boolean: () => true,
  integer: (text) => /^-?(?:0|[1-9]\d*)$/.test(text) && Math.abs(Number(text)) <= 2_147_483_648 && text !== "2147483648",
  unsignedInt: (text) => /^(?:0|[1-9]\d*)$/.test(text) && Number(text) <= 2_147_483_647,
  positiveInt: (text) => /^[1-9]\d*$/.test(text) && Number(text) <= 2_147_483_647,
  decimal: (text) => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text),
  string: hasContent,
  markdown: hasContent,
  code: (text) => /^\S+(?: \S+)*$/.test(text),
  id: (text) => /^[A-Za-z0-9.-]{1,64}$/.test(text),
  uri: isUri,
  url: isUri,
  canonical: (text) => isUri(text) && (text.startsWith("#") || isAbsolute(text)),
  oid: (text) => /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/.test(text),
  uuid: (text) => /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text),
  base64Binary: isBase64,
  date: (text) => isDay(date.exec(text)),
  dateTime: (text) => isDay(dateTime.exec(text)),
  instant: (text) => isDay(instant.exec(text)),
  time: (text) => /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?$/.test(text),
  xhtml: hasContent,
};

/** Whether a text has the form of its primitive type (FHIR R4, data types 2.24.0.1). */
export function hasForm(type: string, text: string): boolean {
  return forms[type]?.(text) ?? true;
}

function hasContent(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strings have no control characters but tab and line ends
  return text !== "" && /\S/.test(text) && text.length <= 1_048_576 && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text);
}

/** Begins with a scheme (RFC 3986 3.1). */
export function isAbsolute(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text);
}

function isUri(text: string): boolean {
  return text !== "" && !/\s/.test(text);
}

/** Groups of four, the last padded; white space anywhere (RFC 4648 4). One pass: a pattern would look at long white space again and again. */
function isBase64(text: string): boolean {
  let count = 0;
  let padding = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 || (code >= 9 && code <= 13)) continue;
    const isSign = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 43 || code === 47;
    if (code === 61) padding++;
    else if (!isSign || padding > 0) return false;
    count++;
  }
  return count > 0 && count % 4 === 0 && padding <= 2;
}

function isDay(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [, year, month, day] = match;
  if (day === undefined) return true;
  const number = Number(day);
  if (number <= 28) return true;
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  return number <= (Number(month) === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(Number(month)) ? 30 : 31);
}
