import { catalogue } from "../sdk/error.ts";

export const codes = catalogue({
  "FLW-101": { title: "the message type is not one this channel takes" },
  "FLW-102": { title: "the message is not of the format this source declares" },
  "FLW-103": { title: "the message is empty" },
  "FLW-104": { title: "the engine is stopping and takes no new message" },
  "FLW-105": { title: "the engine could not keep the message, so it was not accepted" },
  "FLW-106": { title: "the message holds bytes that begin or end a frame on a wire" },
  "FLW-107": { title: "one body holds several messages" },
  "FLW-201": { title: "a filter let the message end here" },
  "FLW-202": { title: "the stored message can no longer be read as its format" },
  "FLW-203": { title: "the transform's output cannot be written in the message's charset" },
  "FLW-204": { title: "the connector could not render the message" },
  "FLW-205": { title: "the transform gave another format than the destination takes" },
  "FLW-206": { title: "the destination is not what it was when the message was accepted" },
  "FLW-207": { title: "the partner's link does not allow messages of this type" },
  "FLW-301": { title: "the connector failed while sending" },
  "FLW-302": { title: "the engine stopped while the message was being sent" },
});
