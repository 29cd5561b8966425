import type { Draws } from "./draws.ts";
import type { Corpora } from "./corpora.ts";

export interface Person {
  readonly given: string;
  readonly middle: string;
  readonly family: string;
  /** `YYYYMMDD`. */
  readonly birth: string;
  readonly phone: string;
  readonly email: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
}

/** Everybody whom one message names, and the numbers it knows them by. */
export interface Household {
  readonly patient: Person;
  readonly relative: Person;
  readonly guarantor: Person;
  readonly insured: Person;
  readonly employer: string;
  readonly mrn: string;
  readonly account: string;
  readonly visit: string;
  readonly member: string;
  readonly ssn: string;
  readonly guarantorSsn: string;
  /** Days of this stay, `YYYYMMDD`. */
  readonly admitted: string;
  readonly died: string;
}

/** Families that are words of a clinic, diseases, drugs, months; short ones; ones with marks, apostrophes and two halves; other scripts. */
const families = [
  "Rose", "May", "Heart", "Parkinson", "Addison", "Crohn", "Bell", "Graves", "Hunter", "Wilson", "Whipple", "Alzheimer", "Hodgkin", "April", "Summer", "Young",
  "Li", "Ng", "Wu", "Oh", "Xu", "Ito", "Łąka", "Müller", "Åkesson", "Çelik", "Nuñez", "Đorđević", "O'Brien", "D'Angelo", "M'Bala", "Rivera-Łuk", "García Márquez",
  "van der Berg", "de la Cruz", "Smith-Jones", "Иванова", "Παπαδοπούλου", "王小明", "محمود", "Nguyễn", "Þórsdóttir", "Straßer", "Bjørnson", "Quartzman", "Peregrinus",
];
const givens = ["Jane", "Olympiada", "Rose", "May", "Zoë", "José", "Mary-Ann", "Siobhán", "Wei", "Yu", "Anaïs", "Björk", "Tomas", "Ai", "Faith", "Grace", "Joy", "Мария", "Ελένη"];
const streets = ["Elm", "Quarry Hill", "Old Mill", "St. Brendan", "Martin Luther King", "Larch", "Bayou", "Tannery", "Saint Olaf", "Cedar Creek"];
const suffixes = ["Street", "Avenue", "Road", "Lane", "Drive", "Court", "Boulevard", "Place", "Parkway", "Terrace"];
const cities = ["Millbrook", "Springfield", "Quincy", "Dunmore", "Altoona", "Fairhope", "Larkspur", "Ozark"];
const states = ["MA", "IL", "NY", "PA", "AL", "TX", "OR", "MO"];
const areas = ["617", "413", "212", "814", "251", "503", "417", "312"];
const trades = ["Foods", "Logistics", "Foundry", "Orchards", "Printing", "Ferry Lines", "Glassworks", "Textiles"];

const consonants = "bcdfghjklmnpqrstvwxz";
const vowels = "aeiouy";

export function household(draws: Draws, from: Corpora): Household {
  const patient = person(draws, from);
  const relative = { ...person(draws, from), ...(draws.chance(0.5) ? { family: patient.family } : {}) };
  const year = 2015 + draws.below(11);
  return {
    patient, relative, guarantor: person(draws, from), insured: person(draws, from),
    employer: `${capital(draws.one(from.nouns))} ${capital(draws.one(from.nouns))} ${draws.one(trades)}`,
    mrn: number(draws, 7 + draws.below(4)), account: `${draws.one(["ACC", "A", "AC-"])}${draws.digits(7 + draws.below(3))}`, visit: `${draws.one(["VN", "V", "E"])}${draws.digits(8)}`,
    member: `${draws.one(["W", "XYZ", "MEM", "H"])}${draws.digits(9)}`, ssn: ssn(draws), guarantorSsn: ssn(draws),
    admitted: day(draws, year, year), died: day(draws, year, year),
  };
}

export function person(draws: Draws, from: Corpora): Person {
  const family = draws.chance(0.35) ? draws.one(families) : draws.chance(0.3) ? capital(draws.one(from.nouns)) : draws.chance(0.5) ? capital(draws.one(from.names).toLowerCase()) : invented(draws);
  const given = draws.chance(0.4) ? draws.one(givens) : capital(draws.one(from.names).toLowerCase());
  const area = draws.one(areas);
  return {
    given, family, middle: draws.text("ABCDEFGHJKLMNPRSTW", 1),
    birth: day(draws, 1922, 2024),
    phone: `${area}${2 + draws.below(8)}${draws.text("0123456789", 6)}`,
    email: `${ascii(given)}${draws.one([".", "_", ""])}${ascii(family)}${draws.digits(2)}@${draws.one(["mail.example", "post.example.org", "inbox.example.net"])}`,
    street: `${draws.digits(2 + draws.below(3))} ${draws.one(streets)} ${draws.one(suffixes)}`,
    city: draws.one(cities), state: draws.one(states), zip: `0${draws.digits(4)}`.slice(draws.below(2), 5).padEnd(5, "7"),
  };
}

function invented(draws: Draws): string {
  let text = "";
  for (let i = 2 + draws.below(2); i > 0; i--) text += draws.text(consonants, 1) + draws.text(vowels, 1) + (draws.chance(0.4) ? draws.text(consonants, 1) : "");
  return capital(text);
}

function number(draws: Draws, length: number): string {
  return draws.chance(0.3) ? `00${draws.digits(length - 2)}` : draws.digits(length);
}

function ssn(draws: Draws): string {
  return `${100 + draws.below(560)}-${String(1 + draws.below(98)).padStart(2, "0")}-${String(1000 + draws.below(8999))}`;
}

function day(draws: Draws, from: number, to: number): string {
  const year = from + draws.below(to - from + 1);
  const month = 1 + draws.below(12);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return `${year}${String(month).padStart(2, "0")}${String(1 + draws.below(last)).padStart(2, "0")}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function ascii(text: string): string {
  return text.normalize("NFKD").replace(/[^A-Za-z]/g, "").toLowerCase() || "mailbox";
}
