import { catalogue } from "../../sdk/index.ts";

export const codes = catalogue({
  "ICL-120": { title: "what is to be published is no busy time" },
  "ICL-121": { title: "the destination has no feed of this name" },
  "ICL-122": { title: "the file of feeds cannot be read or written" },
  "ICL-201": { title: "a feed was asked for at an address that nobody has" },
});
