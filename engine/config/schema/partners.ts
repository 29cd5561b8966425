import { rate, secret, Type } from "../../sdk/index.ts";
import { vendors } from "../vendors.ts";
import { credentials } from "./credentials.ts";
import { compartments, level, namePattern, obligationNames, purpose, text } from "./words.ts";

export const partnerKinds = [
  "provider", "health-plan", "clearinghouse", "hie", "public-health", "pharmacy-network", "lab", "payment", "analytics", "marketing",
  "error-tracker", "log-sink", "email", "sms", "individual", "internal", "other",
] as const;

export const bases = [
  "baa", "treatment", "payment", "public-health", "required-by-law", "dua", "expert-determination", "authorization", "individual",
  "deidentified", "none",
] as const;

/** How the other side of a link proves who it is. */
export const linkAuths = ["none", "mtls", "tls", "bearer", "basic", "oauth2", "signature"] as const;

/** The five decisions of a link, in the order people ask them. */
export const decisions = ["auth", "allow", "limit", "audit", "phi"] as const;

const date = (description: string) => Type.String({ description, format: "date", examples: ["2026-01-01"] });

export const limit = (description: string) =>
  Type.Union(
    [
      rate("Messages per second, minute or hour"),
      Type.Object(
        {
          rate: rate("Messages per second, minute or hour"),
          burst: Type.Integer({ description: "Messages that may come at once", minimum: 1, examples: [100] }),
        },
        { additionalProperties: false },
      ),
    ],
    { description, examples: ["50/s", { rate: "50/s", burst: 100 }] },
  );

const link = (description: string) =>
  Type.Object(
    {
      auth: Type.Enum([...linkAuths], {
        description: "How the other side proves who it is; none only on loopback",
        examples: ["mtls"],
      }),
      allow: Type.Array(text("Message type", "ORU^R01"), {
        description: "Message types, FHIR resource types or scopes that may cross; * allows all",
        minItems: 1,
        examples: [["ORU^R01", "ADT^*"]],
      }),
      limit: limit("How much may cross"),
      audit: Type.Enum(["full", "metadata"], { description: "What is kept of each message", examples: ["full"] }),
      phi: Type.Enum(["allowed", "never"], { description: "Whether patient data may cross at all", examples: ["allowed"] }),
    },
    { additionalProperties: false, description },
  );

const file = (description: string) => text(description, "tls/partner-ca.pem");

const endpoint = Type.Object(
  {
    id: Type.String({ description: "Name by which destinations refer to it", pattern: namePattern, examples: ["orders"] }),
    url: Type.String({
      description: "Address: mllp://host:port, mllps://, http:// or https:// with an optional base path; a folder: file:///absolute or file://./below-the-project; sftp://host/folder, postgres://host/database, mysql://host/database (MariaDB too), smtp://host, smtps://host; a database file: sqlite:///absolute or sqlite://./below-the-project; a lookup table of the project: lookup://name; feeds that we serve: feed://host:port/path",
      pattern: "^((file|sqlite)://\\.?/[^?#\\s]+|(?!file:|sqlite:)[a-z][a-z0-9+.-]*://[A-Za-z0-9._\\[\\]:-]+(/[^?#\\s]*)?)$",
      examples: ["mllps://lab.example:2575"],
    }),
    tls: Type.Optional(
      Type.Object(
        {
          ca: Type.Optional(file("Certificate authority of the partner, PEM file relative to the project")),
          cert: Type.Optional(file("Our certificate (mTLS), PEM file relative to the project")),
          key: Type.Optional(file("Our private key (mTLS), PEM file relative to the project")),
          servername: Type.Optional(text("Name the certificate must carry, when it is not the host", "lab.example")),
        },
        { additionalProperties: false, description: "TLS toward this endpoint", examples: [{ ca: "tls/partner-ca.pem" }] },
      ),
    ),
    login: Type.Optional(
      Type.Object(
        {
          user: text("User name", "sluice"),
          password: Type.Optional(secret("Password, by reference")),
          key: Type.Optional(secret("Private key for SSH, by reference: OpenSSH or PEM, without a passphrase")),
        },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
        { additionalProperties: false, description: "Who we are to a protocol with a login of its own: sftp, postgres, mysql, smtp, smtps", examples: [{ user: "sluice", password: "${file:partner_password}" }] },
      ),
    ),
    hostKeys: Type.Optional(
      Type.Array(Type.String({ description: "Fingerprint", pattern: "^SHA256:[A-Za-z0-9+/]{43}$", examples: [`SHA256:${"A".repeat(43)}`] }), {
        description: "Host keys of an SFTP server, as ssh-keygen -l prints them; any other is refused. Two, while the partner changes its key",
        minItems: 1,
        examples: [[`SHA256:${"A".repeat(43)}`]],
      }),
    ),
  },
  { additionalProperties: false },
);

const agreement = Type.Object(
  {
    id: text("Your name of the document", "BAA-2026-014"),
    basis: Type.Enum([...bases], { description: "Why data may go to this party", examples: ["baa"] }),
    levels: Type.Array(level("Level"), { description: "Levels it covers", minItems: 1, examples: [["limited", "phi"]] }),
    compartments: Type.Optional(compartments("Compartments it covers; none unless named")),
    purposes: Type.Optional(
      Type.Array(purpose("Purpose of use"), { description: "Purposes it covers", default: [], examples: [["TREAT", "HOPERAT"]] }),
    ),
    owners: Type.Optional(
      Type.Array(text("Covered entity", "northside-health"), { description: "Covered entities with which it was signed; default: the owner in sluice.yaml", minItems: 1, examples: [["northside-health"]] }),
    ),
    mayAggregateOwners: Type.Optional(Type.Boolean({ description: "Data of several owners may be brought together under it", default: false, examples: [true] })),
    determination: Type.Optional(
      Type.Object(
        {
          expert: text("Who determined it", "Dr. A. Statistician"),
          configHash: Type.String({ description: "Hash of the configuration the expert examined, as sluice lint --map prints it", pattern: "^sha256:[0-9a-f]{64}$", examples: [`sha256:${"0".repeat(64)}`] }),
          recipients: Type.Array(text("Partner", "acme-analytics"), { description: "Anticipated recipients", minItems: 1, examples: [["acme-analytics"]] }),
        },
        { additionalProperties: false, description: "With basis expert-determination: what was determined, and for whom", examples: [{ expert: "Dr. A. Statistician", configHash: `sha256:${"0".repeat(64)}`, recipients: ["acme-analytics"] }] },
      ),
    ),
    effective: date("First day"),
    expires: Type.Optional(date("Last day")),
    terminated: Type.Optional(date("Last day, when it was ended early")),
    timezone: text("Zone in which these days are meant", "America/New_York"),
    document: Type.Optional(
      Type.Object(
        {
          ref: text("Where the signed document is kept", "contracts/BAA-2026-014.pdf"),
          sha256: Type.String({ description: "Hash of the document, hex", pattern: "^[0-9a-f]{64}$", examples: ["0".repeat(64)] }),
        },
        { additionalProperties: false, description: "The signed document", examples: [{ ref: "contracts/BAA-2026-014.pdf", sha256: "0".repeat(64) }] },
      ),
    ),
  },
  { additionalProperties: false },
);

const partner = Type.Object(
  {
    legalName: Type.Optional(text("Name in contracts", "Northside Laboratory, Inc.")),
    kind: Type.Enum([...partnerKinds], { description: "What the party is", examples: ["lab"] }),
    endpoints: Type.Optional(
      Type.Array(endpoint, {
        description: "The only addresses a destination may send to",
        default: [],
        examples: [[{ id: "orders", url: "mllps://lab.example:2575" }]],
      }),
    ),
    credentials: Type.Optional(credentials()),
    agreements: Type.Optional(Type.Array(agreement, { description: "What lets data go there", default: [], examples: [[]] })),
    links: Type.Optional(
      Type.Object(
        { inbound: Type.Optional(link("What this party sends us")), outbound: Type.Optional(link("What we send this party")) },
        { additionalProperties: false, description: "Five decisions per direction", default: {}, examples: [{}] },
      ),
    ),
    owner: Type.Optional(text("Covered entity whose patients its messages are about; default: the owner in sluice.yaml", "northside-health")),
    address: Type.Optional(text("Postal address, for the accounting of disclosures", "1 Harbor Way, Boston MA 02110")),
    part2Program: Type.Optional(
      Type.Boolean({ description: "It is a program under 42 CFR Part 2: all that it sends has compartment part2, and whoever sends it on adds the notice", default: false, examples: [true] }),
    ),
    mayDeidentify: Type.Optional(Type.Boolean({ description: "The agreement under which we hold its data lets us de-identify it", default: false, examples: [true] })),
    breakGlass: Type.Optional(Type.Boolean({ description: "Whether an emergency access, approved by two people, may reach it", default: false, examples: [true] })),
    profile: Type.Optional(
      Type.Enum([...vendors.keys()], {
        description: "Vendor whose FHIR server it runs: lint and doctor then say what is publicly said of such servers, all of it unverified",
        examples: ["epic"],
      }),
    ),
    urlIds: Type.Optional(
      Type.Enum(["acknowledged"], {
        description: "Ids that its server has assigned may stand in addresses, which logs on the way keep; needed by whatever updates, deletes or reads one resource by its id",
        examples: ["acknowledged"],
      }),
    ),
    reply: Type.Optional(
      Type.Object(
        { level: level("Level of what its answers may hold"), compartments: Type.Optional(compartments("Compartments its answers may hold")) },
        { additionalProperties: false, description: "What its answers may contain beside what we sent; default: as much as the message", examples: [{ level: "none" }] },
      ),
    ),
    signing: Type.Optional(
      Type.Object(
        {
          application: text("The electronic prescription application in which practitioners sign", "Visits Rx"),
          version: text("Its version, as it states it", "4.2"),
          key: Type.String({ description: "Public key under which it states what was signed: Ed25519 or P-256, SubjectPublicKeyInfo in base64", pattern: "^[A-Za-z0-9+/]{40,200}={0,2}$", examples: ["MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="] }),
          audit: Type.Object(
            {
              auditor: text("Who audited or certified it", "Example Certification Body"),
              date: date("Day of the report"),
              version: text("Version that was audited, as far as signing is concerned", "4.2"),
              document: Type.Object(
                { ref: text("Where the report is kept", "contracts/rx-audit-2026.pdf"), sha256: Type.String({ description: "Hash of the report, hex", pattern: "^[0-9a-f]{64}$", examples: ["0".repeat(64)] }) },
                { additionalProperties: false, description: "The report", examples: [{ ref: "contracts/rx-audit-2026.pdf", sha256: "0".repeat(64) }] },
              ),
            },
            { additionalProperties: false, description: "The audit or certification of 21 CFR 1311.300: it holds for two years, and for the version that was audited", examples: [{ auditor: "Example Certification Body", date: "2026-03-01", version: "4.2", document: { ref: "contracts/rx-audit-2026.pdf", sha256: "0".repeat(64) } }] },
          ),
        },
        { additionalProperties: false, description: "How its practitioners sign prescriptions of controlled substances; without it none is taken from it (21 CFR 1311)", examples: [{ application: "Visits Rx", version: "4.2", key: "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=", audit: { auditor: "Example Certification Body", date: "2026-03-01", version: "4.2", document: { ref: "contracts/rx-audit-2026.pdf", sha256: "0".repeat(64) } } }] },
      ),
    ),
    ceiling: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(level("Level of what its messages may carry; default: phi, unless its inbound link never carries patient data")),
          compartments: Type.Optional(compartments("Compartments its messages may carry")),
          purposes: Type.Optional(
            Type.Array(purpose("Purpose of use"), { description: "Purposes for which its data may be used; default: any that an agreement covers", minItems: 1, examples: [["TREAT", "HPAYMT"]] }),
          ),
          obligations: Type.Optional(
            Type.Array(Type.Enum([...obligationNames]), { description: "What whoever sends its data on must do", default: [], examples: [["part2-notice"]] }),
          ),
        },
        { additionalProperties: false, description: "The most this party may send us", default: {}, examples: [{ compartments: ["part2"] }] },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `partners.yaml`. */
export const partnersSchema = Type.Object(
  {
    partners: Type.Record(Type.String({ pattern: namePattern }), partner, {
      description: "Every party that data comes from or goes to, by name",
      additionalProperties: false,
      examples: [{}],
    }),
  },
  { additionalProperties: false, description: "The parties of a Sluice project, their addresses and agreements" },
);
