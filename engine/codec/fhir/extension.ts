import type { ObjectNode } from "../json/node.ts";
import { conformsTo } from "./conform.ts";
import type { ElementPath } from "./element-path.ts";
import type { Profile } from "./profile.ts";
import { itemsOf, type Run, textOf, type Within } from "./run.ts";
import { extensionUrls } from "./slices.ts";

/** Extensions of an element: known, where they may stand, and as their definitions have them. `type` and `slot`: what carries them. */
export function checkExtensions(node: ObjectNode, type: string, slot: string | undefined, path: ElementPath, within: Within, run: Run): void {
  for (const name of ["extension", "modifierExtension"] as const) {
    for (const [i, item] of itemsOf(node.members.get(name)).entries()) {
      if (item.kind === "object") checkExtension(item, { type, slot, modifies: name === "modifierExtension" }, path.child(name, i), within, run);
    }
  }
}

interface Carrier {
  readonly type: string;
  readonly slot: string | undefined;
  readonly modifies: boolean;
}

function checkExtension(item: ObjectNode, carrier: Carrier, path: ElementPath, within: Within, run: Run): void {
  const { report, definitions } = run;
  const url = textOf(item, "url");
  const hasValue = [...item.members.keys()].some((key) => /^_?value[A-Z]/.test(key));
  if (hasValue === item.members.has("extension")) report.error("FHR-110", "invariant", path, item.start, "ext-1");
  if (url === "") return;
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url)) {
    // Parts of an extension have names of their own, which only it explains.
    if (carrier.type !== "Extension") report.error("FHR-121", "extension", path, item.start);
    return;
  }
  const profile = definitions.profile(url);
  if (profile?.type !== "Extension") {
    if (run.options.extensions === "refuse") report.error("FHR-120", "extension", path, item.start);
    else if (carrier.modifies) report.note("FHR-120", "extension", path, item.start);
    return;
  }
  if (!mayStand(profile, carrier, run)) report.error("FHR-121", "extension", path, item.start);
  const group = definitions.group("Extension");
  if (group === undefined) return;
  conformsTo(item, url, group, path, within, run);
  checkParts(item, profile, path, run);
}

function mayStand({ context = [], isModifier }: Profile, { type, slot, modifies }: Carrier, { definitions }: Run): boolean {
  if (isModifier !== modifies) return false;
  const elements = context.filter((each) => !each.includes(":"));
  if (elements.length < context.length || elements.length === 0) return true;
  return elements.some((each) => each === slot || each === type || each === "Element" || definitions.isA(type, each) || (each === "BackboneElement" && type.includes(".")) || (slot !== undefined && each === slot.replace(/\[x\]$/, "")));
}

/** The parts of an extension are those that it defines. */
function checkParts(item: ObjectNode, { root }: Profile, path: ElementPath, { report }: Run): void {
  const parts = root.children.get("extension");
  const known = [...(parts?.slices.values() ?? [])].flatMap(extensionUrls);
  for (const [i, part] of itemsOf(item.members.get("extension")).entries()) {
    const url = textOf(part, "url");
    if (url !== "" && !url.includes(":") && !known.includes(url)) report.error("FHR-120", "extension", path.child("extension", i), part.start);
  }
}
