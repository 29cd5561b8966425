import type { Checkpoint, SourceContext } from "../../engine/sdk/index.ts";

/** What the source keeps of a user: nothing that names anybody. */
export interface Known {
  readonly id: string;
  /** Counts up with every change. */
  readonly version: number;
  readonly active: boolean;
  /** Keyed hash of `userName`, which is compared without case (RFC 7643 section 4.1.1). */
  readonly name: string;
}

type Places = Pick<SourceContext, "checkpoint" | "moveCheckpoint" | "opaque">;

const gone = "gone";

/**
 * Which users an identity provider has made here. A service provider must know that (RFC 7644 section 3), and the engine keeps no directory: an id, a version and a
 * keyed hash stand in the source's places, and a user's place moves in the same commit as the message about it.
 */
export class Roster {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  find(id: string): Known | undefined {
    const [version, state, name] = (this.#places.checkpoint(`user.${id}`) ?? "").split(" ");
    return name === undefined ? undefined : { id, version: Number(version), active: state === "active", name };
  }

  named(userName: string): Known | undefined {
    const name = this.nameOf(userName);
    const id = this.#places.checkpoint(`name.${name}`);
    const known = id ? this.find(id) : undefined;
    return known?.name === name ? known : undefined;
  }

  nameOf(userName: string): string {
    return this.#places.opaque(`scim name ${userName.toLowerCase()}`);
  }

  /** An id that no user has had: one that is deleted never comes back under the same (RFC 7643 section 3.1). */
  mint(userName: string): string {
    for (let n = 0; ; n++) {
      const id = this.#places.opaque(`scim user ${userName.toLowerCase()} ${n}`);
      if (!this.#places.checkpoint(`user.${id}`)) return id;
    }
  }

  /** All of them, in the order in which they came. */
  *all(): Generator<Known> {
    const count = this.#count();
    for (let n = 1; n <= count; n++) {
      const known = this.find(this.#places.checkpoint(`slot.${n}`) ?? "");
      if (known) yield known;
    }
  }

  /** Before the message: what points at a user of whom there is no place yet points at nobody. */
  async prepare(id: string, name: string, isNew: boolean): Promise<void> {
    await this.#places.moveCheckpoint({ of: `name.${name}`, value: id });
    const count = this.#count();
    if (!isNew || this.#places.checkpoint(`slot.${count}`) === id) return;
    await this.#places.moveCheckpoint({ of: `slot.${count + 1}`, value: id });
    await this.#places.moveCheckpoint({ of: "slots", value: String(count + 1) });
  }

  /** The place to be committed with the message. */
  static place({ id, version, active, name }: Known): Checkpoint {
    return { of: `user.${id}`, value: `${version} ${active ? "active" : "inactive"} ${name}` };
  }

  static goneFrom({ id }: Known): Checkpoint {
    return { of: `user.${id}`, value: gone };
  }

  #count(): number {
    return Number(this.#places.checkpoint("slots") || 0);
  }
}
