import { EngineError } from "../../sdk/error.ts";
import { type XmlElement, XmlMessage } from "../xml/message.ts";
import { localName } from "../xml/node.ts";
import type { XmlLimits } from "../xml/reader.ts";
import { resolvedPath } from "./aliases.ts";
import { type SignedPart, signedParts } from "./signed.ts";

/** Reads an NCPDP SCRIPT message and keeps its text. Throws `XML-0nn`, or `SCR-001` for XML that is no SCRIPT message. */
export function parseScript(text: string, limits: XmlLimits = {}): ScriptMessage {
  return new ScriptMessage(text, limits);
}

/**
 * NCPDP SCRIPT (2017071, 2023011) as text with places. Paths name elements, wherever they begin and with or without a namespace
 * (`NewRx/Patient/HumanPatient/Name/LastName`), or are short names (`patient.name.last`). What is signed can be read and not be changed (`SCR-102`).
 * @example
 * const msg = parseScript(text);
 * if (msg.type === "NewRx") msg.set("message.to", "0999999");
 */
export class ScriptMessage extends XmlMessage {
  readonly #signed: readonly SignedPart[];
  /** What is signed, as it was read: what has to leave unchanged. */
  readonly signedTexts: readonly string[];

  constructor(text: string, limits: XmlLimits) {
    const signed: SignedPart[] = [];
    super(text, limits, ({ start, end }) => {
      if (overlaps(signed, start, end)) throw new EngineError("SCR-102");
    });
    const { root } = this;
    if (localName(root.name) !== "Message") throw new EngineError("SCR-001");
    // One by one: a call takes no hundred thousand arguments.
    for (const part of signedParts(root, text)) signed.push(part);
    this.#signed = signed;
    this.signedTexts = signed.map(({ start, end }) => text.slice(start, end));
  }

  /** The transaction: `NewRx`, `RxRenewalResponse`, `Status`; empty when the body holds none. */
  override get type(): string {
    const body = this.root.children.find(({ name }) => localName(name) === "Body");
    const [transaction] = body?.children ?? [];
    return transaction === undefined ? "" : localName(transaction.name);
  }

  /** Header/MessageID. */
  get controlId(): string {
    return this.get("message.id").trim();
  }

  /** The version as the message says it: `2017071`, `20170715`; empty when it says none. */
  get version(): string {
    return this.statedVersions[0] ?? "";
  }

  /** What each place that can state the version says, as it says it; more than one where they differ. */
  get statedVersions(): readonly string[] {
    const attributes = this.root.attributes;
    const stated = ["transactionversion", "version"].flatMap((wanted) => attributes.filter(({ name }) => name.toLowerCase() === wanted).map(({ value }) => value.trim()));
    return [...new Set(stated.filter((value) => value !== ""))];
  }

  /** Whether it holds a signature, or says that it was signed. */
  get isSigned(): boolean {
    return this.#signed.length > 0;
  }

  /** Whether a stretch of the text that was read is signed. */
  isSignedAt(start: number, end: number): boolean {
    return overlaps(this.#signed, start, end);
  }

  override get(path: string): string {
    return super.get(resolvedPath(path));
  }

  override set(path: string, value: string | number): this {
    return super.set(resolvedPath(path), value);
  }

  override all(path: string): XmlElement[] {
    return super.all(resolvedPath(path));
  }

  override values(path: string): readonly string[] {
    return super.values(resolvedPath(path));
  }
}

function overlaps(parts: readonly SignedPart[], start: number, end: number): boolean {
  return parts.some((part) => start < part.end && end > part.start) || parts.some((part) => start === end && start >= part.start && start <= part.end);
}
