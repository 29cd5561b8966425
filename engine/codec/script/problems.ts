import type { Code } from "../../sdk/error.ts";
import { placeAt } from "../place.ts";
import type { Problem } from "../problem.ts";
import { type Element, localName } from "../xml/node.ts";
import type { ScriptMessage } from "./message.ts";
import { versionIn } from "./structures.ts";

/** Error codes of SCRIPT's Error transaction: 600 communication, 601 receiver cannot process, 602 receiver's system, 900 rejected. */
export type Reject = "600" | "601" | "602" | "900";

/** Oddities by place that need no table: no version, no id, no transaction or several, and that a message is signed. */
export function problemsOf(message: ScriptMessage): Problem[] {
  const text = message.toString();
  const { root } = message;
  const child = (of: Element | undefined, name: string) => of?.children.find((each) => localName(each.name) === name);
  const [header, body] = [child(root, "Header"), child(root, "Body")];
  const out: Problem[] = [];
  const add = (code: Code, path: string, element: Element | undefined) => out.push({ code, path, line: lineOf(text, element ?? root) });
  if (message.version === "") add("SCR-201", "/Message", root);
  if (contradictsItself(message)) add("SCR-214", "/Message", root);
  if (header === undefined || message.controlId === "") add("SCR-202", "/Message/Header/MessageID", header);
  if (body?.children.length !== 1) add("SCR-203", "/Message/Body", body);
  if (message.isSigned) add("SCR-213", "", root);
  return out;
}

/** Whether it states two versions: neither is taken, and nothing inside decides between them. */
export function contradictsItself({ statedVersions }: ScriptMessage): boolean {
  return new Set(statedVersions.map(versionIn)).size > 1;
}

/** The line on which an element begins. */
export function lineOf(text: string, element: Element): number {
  return placeAt(text, Math.max(0, text.lastIndexOf("<", element.start - 1))).line;
}
