/** Check digits and ranges of the numbers that the detectors know. Each takes what its number is made of and nothing else. */

/** ISO/IEC 7812-1, annex B. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const value = digits.charCodeAt(i) - 48;
    sum += twice ? (value > 4 ? value * 2 - 9 : value * 2) : value;
  }
  return sum % 10 === 0;
}

/** Area, group and serial as the Social Security Administration gives them, without its published samples. */
export function isSsn(digits: string): boolean {
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  if (area === "000" || area === "666" || area >= "900" || group === "00" || serial === "0000") return false;
  return digits !== "078051120" && digits !== "219099999" && digits !== "123456789";
}

/** Internal Revenue Service, Publication 1915: groups 50-65, 70-88, 90-92, 94-99. */
export function isItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5));
  return digits.startsWith("9") && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || group >= 94);
}

/** Medicare beneficiary identifier: eleven signs, each of its own kind, without S, L, O, I, B and Z (CMS). */
export function isMbi(word: string): boolean {
  return /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/i.test(word);
}

/** Issuer ranges of the card networks by length. Numbers of SNOMED CT with a namespace look like some and are none. */
export function isPan(digits: string): boolean {
  if (!/^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01]|720)\d{12,13}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$/.test(digits)) return false;
  return luhn(digits) && !/^(\d)\1+$/.test(digits) && !/1000\d{3}1[0-26]\d$/.test(digits);
}

/** National provider identifier: Luhn over 80840 and the number (45 CFR 162.406). */
export function isNpi(digits: string): boolean {
  return /^[12]\d{9}$/.test(digits) && luhn(`80840${digits}`);
}

/** Registration number of the Drug Enforcement Administration. */
export function isDea(word: string): boolean {
  if (!/^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/i.test(word)) return false;
  const d = Array.from(word.slice(2), Number);
  const at = (i: number) => d[i] as number;
  return (at(0) + at(2) + at(4) + 2 * (at(1) + at(3) + at(5))) % 10 === at(6);
}

/** ABA routing number: weights 3, 7, 1. */
export function isRouting(digits: string): boolean {
  const sum = Array.from(digits, Number).reduce((total, value, i) => total + value * ([3, 7, 1][i % 3] as number), 0);
  return sum % 10 === 0 && /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(digits);
}

const vinValues: Readonly<Record<string, number>> = Object.fromEntries([..."ABCDEFGH"].map((c, i) => [c, i + 1]).concat([..."JKLMN"].map((c, i) => [c, i + 1]), [["P", 7], ["R", 9]], [..."STUVWXYZ"].map((c, i) => [c, i + 2])) as [string, number][]);
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Vehicle identification number with its check digit (49 CFR 565.15). */
export function isVin(word: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/i.test(word)) return false;
  const sum = Array.from(word.toUpperCase()).reduce((total, sign, i) => total + (vinValues[sign] ?? Number(sign)) * (vinWeights[i] as number), 0);
  return word.charAt(8).toUpperCase() === (sum % 11 === 10 ? "X" : String(sum % 11));
}

/** GS1 General Specifications: check digit of a GTIN-14. */
export function isGtin(digits: string): boolean {
  const sum = Array.from(digits.slice(0, -1), Number).reduce((total, value, i) => total + value * (i % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1));
}

/** Area and exchange of the North American numbering plan begin with 2 to 9. */
export function isNanp(digits: string): boolean {
  return /^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits) && !/(\d)\1{6}/.test(digits);
}
