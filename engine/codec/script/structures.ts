import table from "../../../schemas/script/structures.json" with { type: "json" };

/** What may stand in an element, in its usual order. */
export interface Structure {
  readonly name: string;
  readonly items: readonly Item[];
  /** Its order is known from the standard's schema, not from messages alone. */
  readonly isSequence: boolean;
  /** By the name of an element: which item it is, and what type the element has. */
  readonly places: ReadonlyMap<string, { readonly item: Item; readonly at: number; readonly type: string }>;
}

/** One place in a structure: an element, or a choice of several. */
export interface Item {
  readonly alternatives: readonly { readonly name: string; readonly type: string }[];
  readonly min: 0 | 1;
  /** Its absence is noted, and is no error. */
  readonly isExpected: boolean;
  readonly repeats: boolean;
  /** Whether its place among the others is known. */
  readonly isOrdered: boolean;
  /** Of this version alone; absent: of both. */
  readonly version?: string;
}

export const versions: readonly string[] = table.versions;

/** Transactions whose content the tables know; the others are known by name. */
export const transactions: ReadonlySet<string> = new Set(table.transactions.full.split(" "));
export const namedTransactions: ReadonlySet<string> = new Set(table.transactions.named.split(" "));

/** Forms of text, by their names in the tables. */
export const forms: ReadonlyMap<string, RegExp> = new Map(Object.entries(table.forms).map(([name, form]) => [name, new RegExp(`^(?:${form})$`)]));

/** Structures by the names of their types. A table that is not whole stops the start. */
export const structures: ReadonlyMap<string, Structure> = readStructures(table.types);

/** Every element that the tables know, by its bare name: `LastName`. */
export const elementNames: ReadonlySet<string> = new Set([...structures.values()].flatMap(({ places }) => [...places.keys()]));

/** `2017071` and `2023011`, from what a message says: `2017071`, `20170715`, `v2023011`; nothing for another version. */
export function versionIn(stated: string): string | undefined {
  return versions.find((version) => stated.replace(/^v/i, "").startsWith(version));
}

/** The version of all that a message states (`2017071`, `20170715` are one); nothing where it states none that is known, or two. */
export function versionOf(stated: readonly string[]): string | undefined {
  const [version, ...others] = new Set(stated.map(versionIn));
  return others.length === 0 ? version : undefined;
}

function readStructures(types: Readonly<Record<string, string>>): ReadonlyMap<string, Structure> {
  const sequences = new Set(table.sequences.split(" "));
  const isKnown = (type: string) => Object.hasOwn(types, type) || Object.hasOwn(table.forms, type);
  return new Map(
    Object.entries(types).map(([name, text]): [string, Structure] => {
      const items = text === "transactions!" ? [bodyItem()] : [...itemsOf(text, (type) => Object.hasOwn(types, type))];
      const places = new Map(items.flatMap((item, at) => item.alternatives.map((each) => [each.name, { item, at, type: each.type }] as const)));
      if ([...places.values()].some(({ type }) => !isKnown(type))) throw new RangeError(`SCRIPT structures, type ${name}`);
      return [name, { name, items, places, isSequence: sequences.has(name) }];
    }),
  );
}

function bodyItem(): Item {
  const alternatives = [...transactions, ...namedTransactions].map((name) => ({ name, type: transactions.has(name) ? name : "ds" }));
  return { alternatives, min: 1, isExpected: false, repeats: false, isOrdered: true };
}

function* itemsOf(text: string, isType: (name: string) => boolean): Generator<Item> {
  const [ordered = "", free = ""] = text.split(";");
  for (const [part, isOrdered] of [[ordered, true], [free, false]] as const) {
    for (const word of part.split(" ").filter((each) => each !== "")) {
      const [, names = "", sign = "", version] = /^([\w:|]+)([!+*~]?)(?:@(\d{7}))?$/.exec(word) ?? [];
      if (names === "") throw new RangeError(`SCRIPT structures, item ${word}`);
      const alternatives = names.split("|").map((each) => {
        const [name = "", type = isType(name) ? name : "text"] = each.split(":");
        return { name, type };
      });
      yield { alternatives, min: sign === "!" || sign === "+" ? 1 : 0, isExpected: sign === "~", repeats: sign === "*" || sign === "+", isOrdered, ...(version !== undefined && { version }) };
    }
  }
}
