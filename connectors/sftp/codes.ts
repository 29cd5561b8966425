import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "SFT-101": { title: "the SSH server shows a host key that is not pinned" },
  "SFT-102": { title: "the SSH server does not accept our login" },
  "SFT-103": { title: "the SSH server or its SFTP subsystem is not understood" },
  "SFT-104": { title: "the SSH server did not answer in time" },
  "SFT-105": { title: "the connection to the SSH server broke" },
  "SFT-106": { title: "a folder on the SSH server is missing or may not be used" },
  "SFT-107": { title: "the SSH server could not do what was asked" },
  "SFT-108": { title: "a file on the SSH server could not be taken out of its folder" },
  "SFT-109": { title: "a file on the SSH server has a name that is not safe" },
  "SFT-201": { title: "a file of this name with other content is on the SSH server already" },
});
