import { catalogue } from "../../sdk/index.ts";

export const codes = catalogue({
  "EPC-201": { title: "a controlled prescription from a party with no signing application on file" },
  "EPC-202": { title: "the audit of the signing application is not on file, too old, or of another version" },
  "EPC-203": { title: "a controlled prescription came without evidence of its signing" },
  "EPC-204": { title: "the evidence of signing does not hold" },
  "EPC-205": { title: "the evidence of signing is of another prescription" },
  "EPC-206": { title: "the evidence of signing does not show two different factors" },
  "EPC-207": { title: "a controlled prescription does not say that it is signed" },
  "EPC-208": { title: "a controlled prescription lacks an element that it must have" },
  "EPC-209": { title: "a controlled prescription asks for more refills than its schedule allows" },
  "EPC-210": { title: "the DEA number of a controlled prescription cannot be one" },
  "EPC-211": { title: "a controlled prescription would leave otherwise than it came" },
  "EPC-212": { title: "a drug of Schedule I cannot be prescribed" },
  "EPC-213": { title: "a message holds several controlled prescriptions" },
});
