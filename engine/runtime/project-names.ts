import type { WorkOwner } from "../config/case-spec.ts";
import type { Channel, Project } from "../config/project.ts";

function workLists({ case: about, destinations }: Channel): readonly WorkOwner[] {
  const cases = about ? [about, about.unmatched, about.due, ...about.known] : [];
  return [...cases, ...destinations.map(({ alert }) => alert)].filter((each) => each !== undefined);
}

/** Names that an event may show: of every project that ran since the start, and of the lanes in the record. Files name them; no message does. */
export class ProjectNames {
  readonly #names = new Set<string>();
  #last: Project | undefined;
  readonly #project: () => Project;

  constructor(project: () => Project) {
    this.#project = project;
  }

  /** A lane of the record, whose destination the project may not have any more. */
  addLane(lane: string): void {
    for (const name of [lane, ...lane.split("/")]) this.#names.add(name);
  }

  has = (name: string): boolean => {
    const project = this.#project();
    if (project !== this.#last) this.#add(project);
    return this.#names.has(name);
  };

  #add(project: Project): void {
    this.#last = project;
    for (const name of project.partners.keys()) this.#names.add(name);
    for (const name of project.lookups.keys()) this.#names.add(name);
    for (const { name } of project.settings.people) this.#names.add(name);
    for (const channel of project.channels) {
      this.#names.add(channel.name);
      for (const { list } of workLists(channel)) this.#names.add(list);
      for (const { name } of channel.destinations) this.addLane(`${channel.name}/${name}`);
    }
  }
}
