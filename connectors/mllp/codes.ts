import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "MLP-101": { title: "bytes outside a frame were skipped" },
  "MLP-102": { title: "too many bytes came outside a frame" },
  "MLP-103": { title: "a frame was larger than allowed" },
  "MLP-104": { title: "a frame's end block was malformed" },
  "MLP-105": { title: "a frame began inside another" },
  "MLP-106": { title: "a frame did not end in time" },
  "MLP-107": { title: "a frame came too slowly" },
  "MLP-108": { title: "a new connection sent no frame" },
  "MLP-109": { title: "an idle connection was closed" },
  "MLP-110": { title: "a connection ended inside a frame" },
  "MLP-111": { title: "a message could not be answered, so its connection was closed" },
  "MLP-201": { title: "the partner did not acknowledge in time" },
  "MLP-202": { title: "the connection closed before the acknowledgement" },
  "MLP-203": { title: "the partner's answer was no acknowledgement" },
  "MLP-207": { title: "the attempt was stopped before the acknowledgement" },
  "MLP-208": { title: "no connection to the partner" },
  "MLP-209": { title: "the content holds bytes that begin or end a frame" },
});
