import { Type } from "../../sdk/index.ts";
import { aDuration } from "./words.ts";

/** `keep:` of the project and of a channel. */
export const keeping = (description: string) =>
  Type.Object(
    {
      storage: Type.Optional(
        Type.Enum(["all", "raw", "metadata"], {
          description: "What stays once every destination has its end: all contents, the raw message alone, or no content",
          examples: ["all"],
        }),
      ),
      contents: Type.Optional(aDuration("How long contents are kept; default: for ever", "30d")),
      metadata: Type.Optional(aDuration("How long it is known that there was a message; default: for ever", "400d")),
    },
    { additionalProperties: false, description, minProperties: 1, examples: [{ contents: "30d", metadata: "400d" }] },
  );
