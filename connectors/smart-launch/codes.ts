import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "IDN-221": { title: "a launch comes from a server that is not ours to work with" },
  "IDN-222": { title: "an answer to a launch belongs to none that is under way here" },
  "IDN-223": { title: "the authorization server did not let a launch go on" },
  "IDN-224": { title: "the token endpoint gave no token for a launch" },
  "IDN-225": { title: "a launch's token says too little, or not of whom" },
  "IDN-226": { title: "too many launches are under way" },
});
