import type { Condition, MapOptions, MapTables, Row } from "./tables.ts";

/** Fields that number or type what stands beside them, and say nothing of their own. */
const structural: Readonly<Record<string, readonly number[]>> = { EVN: [1], OBX: [1, 2], ORC: [1] };
/** Segments whose first field is a set id. */
const counted: ReadonlySet<string> = new Set("ACC AIG AIL AIP AIS AL1 ARV CTD DG1 FT1 GT1 IAM IN1 NK1 NTE OBR OBX OH1 OH4 PID PR1 PRT PV1 RGS ROL SPM TQ1 TQ2 TXA".split(" "));

/** Which fields the maps of a segment speak of: as a source, or in a condition. What no map speaks of is lost, and told. */
export class Spoken {
  readonly #tables: MapTables;
  readonly #known = new Map<string, ReadonlySet<number>>();

  constructor(tables: MapTables) {
    this.#tables = tables;
  }

  /** Numbers of the fields among those valued of which no map speaks, and no row of the channel: a row that leaves a field out is an answer too. */
  left(segment: string, valued: readonly number[], maps: readonly string[], { rows }: MapOptions): readonly number[] {
    const own = maps.flatMap((map) => (rows?.[map] ?? []).map(({ from }) => fieldOf(from, segment)));
    return valued.filter((field) => !(field === 1 && counted.has(segment)) && !structural[segment]?.includes(field) && !own.includes(field) && !maps.some((map) => this.#of(map, segment).has(field)));
  }

  #of(map: string, segment: string): ReadonlySet<number> {
    let fields = this.#known.get(map);
    if (fields === undefined) {
      const rows = this.#tables.segments[map] ?? Object.entries(this.#tables.segments).find(([name]) => name.toLowerCase() === map.toLowerCase())?.[1] ?? [];
      this.#known.set(map, (fields = new Set(rows.flatMap(pathsIn).map((path) => fieldOf(path, segment)))));
    }
    return fields;
  }
}

function* pathsOf(condition: Condition): Generator<string> {
  for (const each of condition.slice(1)) {
    if (typeof each === "string") yield each;
    else if (Array.isArray(each) && typeof each[0] === "string" && /^[v=#l!&|]$/.test(each[0])) yield* pathsOf(each as unknown as Condition);
  }
}

function pathsIn([from, , , , constant, when]: Row): readonly string[] {
  return [from, ...(Array.isArray(constant) ? (constant as readonly string[]) : []), ...(when ? pathsOf(when) : [])];
}

function fieldOf(path: string, segment: string): number {
  const [, name, field] = /^([A-Z][A-Z0-9]{2})-(\d+)/.exec(path) ?? [];
  return name === segment ? Number(field) : 0;
}
