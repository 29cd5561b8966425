/** What oidc-provider keeps, for as long as a simulator runs; its own store for this warns on the demo's output. */
const kept = new Map<string, Record<string, unknown>>();

export class Kept {
  readonly #kind: string;

  constructor(kind: string) {
    this.#kind = kind;
  }

  async upsert(id: string, payload: Record<string, unknown>): Promise<void> {
    kept.set(this.#key(id), structuredClone(payload));
  }

  async find(id: string): Promise<Record<string, unknown> | undefined> {
    return structuredClone(kept.get(this.#key(id)));
  }

  async findByUid(uid: string): Promise<Record<string, unknown> | undefined> {
    return [...kept].find(([key, { uid: own }]) => key.startsWith(`${this.#kind} `) && own === uid)?.[1];
  }

  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const found = kept.get(this.#key(id));
    if (found) found.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    kept.delete(this.#key(id));
  }

  async revokeByGrantId(grant: string): Promise<void> {
    for (const [key, { grantId }] of kept) if (grantId === grant) kept.delete(key);
  }

  #key(id: string): string {
    return `${this.#kind} ${id}`;
  }
}
