import t270_004010 from "../../../../schemas/x12/transactions/270-004010.json" with { type: "json" };
import t270_005010 from "../../../../schemas/x12/transactions/270-005010.json" with { type: "json" };
import t271_005010 from "../../../../schemas/x12/transactions/271-005010.json" with { type: "json" };
import t276_005010 from "../../../../schemas/x12/transactions/276-005010.json" with { type: "json" };
import t277_005010 from "../../../../schemas/x12/transactions/277-005010.json" with { type: "json" };
import t277ca_005010 from "../../../../schemas/x12/transactions/277ca-005010.json" with { type: "json" };
import t278a_004010 from "../../../../schemas/x12/transactions/278a-004010.json" with { type: "json" };
import t278a_005010 from "../../../../schemas/x12/transactions/278a-005010.json" with { type: "json" };
import t278q_004010 from "../../../../schemas/x12/transactions/278q-004010.json" with { type: "json" };
import t278q_005010 from "../../../../schemas/x12/transactions/278q-005010.json" with { type: "json" };
import t834_004010 from "../../../../schemas/x12/transactions/834-004010.json" with { type: "json" };
import t834_005010 from "../../../../schemas/x12/transactions/834-005010.json" with { type: "json" };
import t835_004010 from "../../../../schemas/x12/transactions/835-004010.json" with { type: "json" };
import t835_005010 from "../../../../schemas/x12/transactions/835-005010.json" with { type: "json" };
import t837d_005010 from "../../../../schemas/x12/transactions/837d-005010.json" with { type: "json" };
import t837i_004010 from "../../../../schemas/x12/transactions/837i-004010.json" with { type: "json" };
import t837i_005010 from "../../../../schemas/x12/transactions/837i-005010.json" with { type: "json" };
import t837p_004010 from "../../../../schemas/x12/transactions/837p-004010.json" with { type: "json" };
import t837p_005010 from "../../../../schemas/x12/transactions/837p-005010.json" with { type: "json" };
import t997_004010 from "../../../../schemas/x12/transactions/997-004010.json" with { type: "json" };
import t999_005010 from "../../../../schemas/x12/transactions/999-005010.json" with { type: "json" };
import { type Facts, grammarsOf } from "./source.ts";

/** As the files have them: what an isolate is given of them. */
export const facts: readonly Facts[] = [t270_004010, t270_005010, t271_005010, t276_005010, t277_005010, t277ca_005010, t278a_004010, t278a_005010, t278q_004010, t278q_005010, t834_004010, t834_005010, t835_004010, t835_005010, t837d_005010, t837i_004010, t837i_005010, t837p_004010, t837p_005010, t997_004010, t999_005010];

/** Every grammar there is. */
export const grammars = grammarsOf(facts);
