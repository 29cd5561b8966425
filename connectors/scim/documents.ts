import { userSchema } from "./reply.ts";

const schema = "urn:ietf:params:scim:schemas:core:2.0";

/** What identity providers ask for before they send anything (RFC 7643 sections 5 to 7). */
export function documents(path: string): { readonly config: object; readonly types: readonly Named[]; readonly schemas: readonly Named[] } {
  return { config: config(path), types: [userType(path)], schemas: [users(path)] };
}

export interface Named {
  readonly id: string;
  readonly [key: string]: unknown;
}

const no = { supported: false };

function config(path: string): object {
  return {
    schemas: [`${schema}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: 200 },
    changePassword: no,
    sort: no,
    etag: { supported: true },
    authenticationSchemes: [{ type: "oauthbearertoken", name: "OAuth Bearer Token", description: "RFC 6750", specUri: "https://www.rfc-editor.org/info/rfc6750", primary: true }],
    meta: { resourceType: "ServiceProviderConfig", location: `${path}/ServiceProviderConfig` },
  };
}

function userType(path: string): Named {
  return { schemas: [`${schema}:ResourceType`], id: "User", name: "User", endpoint: "/Users", description: "User", schema: userSchema, schemaExtensions: [{ schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", required: false }], meta: { resourceType: "ResourceType", location: `${path}/ResourceTypes/User` } };
}

const attribute = (name: string, type: string, more: object = {}) => ({ name, type, multiValued: false, description: name, required: false, caseExact: false, mutability: "writeOnly", returned: "never", uniqueness: "none", ...more });
const several = (name: string, ...subAttributes: readonly object[]) => attribute(name, "complex", { multiValued: true, subAttributes: subAttributes.length > 0 ? subAttributes : [attribute("value", "string"), attribute("type", "string"), attribute("primary", "boolean")] });

/** The engine passes users on and keeps no directory: what it can give back is whether one is active. */
function users(path: string): Named {
  return {
    schemas: [`${schema}:Schema`],
    id: userSchema,
    name: "User",
    description: "User",
    attributes: [
      attribute("userName", "string", { required: true, uniqueness: "server", mutability: "readWrite", returned: "default" }),
      attribute("active", "boolean", { mutability: "readWrite", returned: "default" }),
      attribute("name", "complex", { subAttributes: ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"].map((each) => attribute(each, "string")) }),
      ...["displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone"].map((each) => attribute(each, "string")),
      several("emails"),
      several("phoneNumbers"),
      several("roles"),
      several("addresses", ...["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type"].map((each) => attribute(each, "string"))),
    ],
    meta: { resourceType: "Schema", location: `${path}/Schemas/${userSchema}` },
  };
}
