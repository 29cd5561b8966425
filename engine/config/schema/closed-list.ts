import { Type } from "../../sdk/index.ts";
import { text } from "./words.ts";

export const tokenKinds = ["stripe-customer", "stripe-payment-method", "stripe-confirmation-token", "stripe-payment-intent", "uuid", "npi"] as const;

const optional = Type.Optional(Type.Boolean({ description: "The field may be absent", default: false, examples: [true] }));
const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()], { description: "The one value", examples: ["usd"] });
const closed = { additionalProperties: false } as const;
const bound = (description: string, example: number) => Type.Number({ description, examples: [example] });

/** One field of a closed list: each form bounds what can be said with it. */
export const closedField = Type.Union([
  Type.Object({ const: scalar }, { ...closed, title: "const" }),
  Type.Object(
    { enum: Type.Array(Type.String(), { description: "The values to choose from", minItems: 1, examples: [["low", "high"]] }), optional },
    { ...closed, title: "enum" },
  ),
  Type.Object(
    {
      type: Type.Literal("integer", { description: "A whole number" }),
      minimum: Type.Integer({ description: "Smallest value", examples: [50] }),
      maximum: Type.Integer({ description: "Largest value", examples: [100000] }),
      optional,
    },
    { ...closed, title: "integer" },
  ),
  Type.Object(
    {
      type: Type.Literal("number", { description: "A number with decimals" }),
      minimum: bound("Smallest value", 0),
      maximum: bound("Largest value", 100),
      decimals: Type.Integer({ description: "Digits after the point", minimum: 0, maximum: 9, examples: [2] }),
      optional,
    },
    { ...closed, title: "number" },
  ),
  Type.Object({ type: Type.Literal("year", { description: "A year as a number, from 89 years ago to the next one" }), optional }, { ...closed, title: "year" }),
  Type.Object({ type: Type.Literal("zip3", { description: "Three digits of a ZIP code that more than 20,000 people share, or 000" }), optional }, { ...closed, title: "zip3" }),
  Type.Object({ type: Type.Literal("age-band", { description: 'An age in years from 0 to 89 as a number, or "90+"' }), optional }, { ...closed, title: "age-band" }),
  Type.Object({ type: Type.Literal("boolean", { description: "true or false" }), optional }, { ...closed, title: "boolean" }),
  Type.Object({ coded: text("Lookup table whose keys and values are allowed", "visit-types"), optional }, { ...closed, title: "coded" }),
  Type.Object(
    {
      surrogate: Type.Union([Type.Literal(true), text("Path in the raw message", "PID-3.1")], {
        description: "A random token made by the engine: for this message (true), or the same one for the same value at a path",
        examples: [true, "PID-3.1"],
      }),
      kind: Type.Optional(
        Type.String({ description: "What the value names: with the same word here, the partner gets the same token for it in other channels and formats; default: the path", pattern: "^[a-z][a-z0-9-]*$", examples: ["claim"] }),
      ),
    },
    { ...closed, title: "surrogate" },
  ),
  Type.Object(
    {
      copy: text("Path in the raw message, taken by the engine", "extension(stripe-customer)"),
      as: Type.Enum([...tokenKinds], { description: "Kind of token it must be", examples: ["stripe-customer"] }),
    },
    { ...closed, title: "copy" },
  ),
]);

export const closedList = Type.Record(Type.String(), closedField, {
  description: "The only fields that may leave, each bounded; anything else is refused",
  examples: [{ amount: { type: "integer", minimum: 50, maximum: 100000 } }],
});
