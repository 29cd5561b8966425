import { object, type Static, Type } from "../../engine/sdk/index.ts";

export const sourceOptions = object({});

export const destinationOptions = object({
  to: Type.String({ description: "Channel of this project that takes the messages; its source is channel: {}", pattern: "^[a-z0-9][a-z0-9-]*$", examples: ["lab-archive"] }),
});
export type DestinationOptions = Static<typeof destinationOptions>;
