import type { Project } from "../config/project.ts";
import type { Registry } from "./registry.ts";

/** The project as the engine runs it at this moment; a reload puts another in its place, and every later look sees that one. */
export interface CurrentProject {
  project: Project;
  registry: Registry;
}
