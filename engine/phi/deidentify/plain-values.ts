// Values that say nothing of who somebody is, in the one form in which they may stand. Anything beside that form, and they are gone.

const wholeDigits = 7;
const findingDigits = 6;
const measuredDigits = 7;

/**
 * A number that can be a finding: before the point at most seven digits, without a zero in front, six of them significant. One with decimals has six digits before the
 * point and is rounded to seven in all. What is longer is a number of a person or a day: ZIP codes keep their zero, telephones have seven digits or ten, days eight.
 */
export function number(value: string): string | undefined {
  const text = value.trim();
  const [, sign = "", whole = "", decimals = ""] = /^([+-]?)(0|[1-9]\d*)(?:\.(\d{1,20}))?$/.exec(text) ?? [];
  if (whole === "" || whole.length > wholeDigits) return undefined;
  const fraction = decimals.replace(/0+$/, "");
  if (fraction === "") return whole.replace(/0+$/, "").length > findingDigits || isMonth(whole) ? undefined : decimals.length > measuredDigits ? `${sign}${whole}` : text;
  if (whole.length >= wholeDigits) return undefined;
  if (`${whole}${decimals}`.replace(/^0+/, "").length <= measuredDigits) return text;
  const rounded = String(Number(Number(text).toPrecision(measuredDigits)));
  return /^-?\d+(?:\.\d+)?$/.test(rounded) ? rounded : undefined;
}

/** `197512`: a year from 1850 to 2200 and a month. */
function isMonth(whole: string): boolean {
  const [year, month] = [Number(whole.slice(0, 4)), Number(whole.slice(4))];
  return whole.length === 6 && year >= 1850 && year <= 2200 && month >= 1 && month <= 12;
}

/** The number of a segment: `1`, `12`. */
export function ordinal(value: string): string | undefined {
  return /^\d{1,4}$/.test(value) ? value : undefined;
}

/** Which part of an observation or a form: `1`, `2.1`. In groups of two digits, since three groups of three are a social security number. */
export function index(value: string): string | undefined {
  return /^\d{1,3}$|^\d{1,2}(?:\.\d{1,2}){1,3}$/.test(value) ? value : undefined;
}

/** `70-99`, `<5.0`, `>= 60`: what a laboratory calls normal. Its ends are numbers as above, the lower first. */
export function range(value: string): string | undefined {
  const text = value.trim();
  const { low, high, end } = /^(?:(?<low>[+-]?[\d.]+)\s*-\s*(?<high>[+-]?[\d.]+)|(?:<|>|<=|>=)\s*(?<end>[\d.]+))$/.exec(text)?.groups ?? {};
  const ends = [low, high, end].filter((each) => each !== undefined);
  if (ends.length === 0 || ends.some((each) => number(each) !== each)) return undefined;
  return low !== undefined && Number(low) > Number(high) ? undefined : text;
}

const atoms = new Set((
  "g kg mg ug mcg ng pg fg L dL mL uL fL l dl ml ul fl mol mmol umol nmol pmol eq meq mEq Eq U IU mU mIU uIU kU kIU MIU mosm mOsm Osm % a mo wk d h hr min s sec ms " +
  "m cm mm um nm km m2 cm2 m3 cm3 mm3 in [in_i] [lb_av] lb lbs oz kPa Pa mmHg mm[Hg] cm[H2O] bpm Cel C F [degF] degF K M thou thous mil cells cell copies {copies} ratio " +
  "index score pH [pH] CFU cfu HPF hpf LPF lpf [iU] m[iU] u[iU] k[iU] [IU] mg/dL kcal cal J W Hz dB [diop] mV V 1 10*3 10*6 10*9 10*12 10^3 10^6 10^9 10^12 x10*3 x10^3 x10E3 10E3 10E6 10E9 " +
  "{1.73_m2} 1.73m2 {1.73m2} 1.73_m2 tablet tab capsule cap puff dose drop"
).split(" "));

/** A unit of UCUM, or of the ones that laboratories write; each part of it is a known one. */
export function units(value: string): string | undefined {
  const text = value.trim();
  const parts = text.split("/");
  if (text.length > 24 || parts.length > 4) return undefined;
  return parts.every((each, at) => (each === "" && at === 0 && parts.length > 1) || isUnit(each)) ? text : undefined;
}

function isUnit(text: string): boolean {
  return atoms.has(text) || text.split(".").every((each) => atoms.has(each) || atoms.has(each.replace(/[-+]?[1-3]$/, "")) || /^1(?:0{1,3})?$/.test(each) || /^\d(?:\.\d+)?$/.test(each));
}
