import { EngineError } from "../../sdk/error.ts";
import { escapeAttribute, escapeRun } from "../xml/write.ts";

/** An element to be written: text, elements by their names in the order of their keys, or several of one name. */
export type Content = string | number | Written | { readonly [element: string]: Content | readonly Content[] | undefined };

/** An element with attributes. */
export class Written {
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: Content;
  constructor(attributes: Readonly<Record<string, string>>, content: Content) {
    this.attributes = attributes;
    this.content = content;
  }
}

export interface ScriptParts {
  /** `2017071` or `2023011`, and how a partner writes it; written as `TransactionVersion` and its companions. */
  readonly version: string;
  readonly header: { readonly [element: string]: Content | readonly Content[] | undefined };
  /** The transaction by its name: `{ Status: { Code: "000" } }`. */
  readonly body: { readonly [transaction: string]: Content };
}

/** A SCRIPT message in UTF-8, values escaped. Throws `XML-103` for what XML cannot write and `SCR-103` for what is no name of an element. */
export function buildScript({ version, header, body }: ScriptParts): string {
  const said = escapeAttribute(version);
  const root = ["Datatypes", "Transport", "Transaction", "Structures", "ECL"].map((part) => `${part}Version="${said}"${part === "Transport" ? ' TransactionDomain="SCRIPT"' : ""}`).join(" ");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Message ${root}>${written("Header", header)}${written("Body", body)}</Message>\n`;
}

function written(name: string, content: Content | readonly Content[] | undefined, attributes: Readonly<Record<string, string>> = {}): string {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) throw new EngineError("SCR-103");
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((each: Content) => written(name, each)).join("");
  if (content instanceof Written) return written(name, content.content, content.attributes);
  const tag = Object.entries(attributes).reduce((text, [key, value]) => `${text} ${nameOf(key)}="${escapeAttribute(value)}"`, name);
  const inside = typeof content === "object" ? Object.entries(content).map(([key, value]) => written(key, value)).join("") : escapeRun(content);
  return `<${tag}>${inside}</${name}>`;
}

function nameOf(key: string): string {
  if (!/^[A-Za-z_][\w.-]*$/.test(key)) throw new EngineError("SCR-103");
  return key;
}
