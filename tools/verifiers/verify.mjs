// Asks verifiers by others about a credential: node verify.mjs FOLDER, and prints what they say.
// FOLDER holds credential.json, token.jwt, did.json and status.json; contexts are those that ship.
import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as Multikey from "@digitalbazaar/ed25519-multikey";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { compactVerify, importJWK } from "jose";

const [folder] = process.argv.slice(2);
const contexts = new URL("../../innocap_lms/vc/contexts/", import.meta.url);
const json = (file) => JSON.parse(readFileSync(file, "utf8"));
const credential = json(`${folder}/credential.json`);
const did = json(`${folder}/did.json`);
const status = json(`${folder}/status.json`);
const methods = new Map(did.verificationMethod.map((method) => [method.id, method]));
const shipped = new Map([
  ["https://www.w3.org/ns/credentials/v2", "credentials-v2.json"],
  ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "open-badges-3.0.3.json"],
]);
const KEY_CONTEXT = { "@context": "https://w3id.org/security/multikey/v1" };

async function documentLoader(url) {
  if (shipped.has(url)) return { document: json(new URL(shipped.get(url), contexts)), documentUrl: url };
  if (url === did.id) return { document: did, documentUrl: url };
  if (methods.has(url)) return { document: { ...KEY_CONTEXT, ...methods.get(url) }, documentUrl: url };
  if (url === status.id) return { document: status, documentUrl: url };
  throw new Error(`not at hand: ${url}`);
}

const suite = () => new DataIntegrityProof({ cryptosuite });
const proof = await vc.verifyCredential({
  credential,
  suite: suite(),
  documentLoader,
  checkStatus: (options) =>
    checkStatus({ ...options, suite: suite(), documentLoader, verifyBitstringStatusListCredential: true }),
});

let token = false;
try {
  const [head] = readFileSync(`${folder}/token.jwt`, "utf8").split(".");
  const { kid } = JSON.parse(Buffer.from(head, "base64url"));
  const { publicKey } = await Multikey.from(methods.get(kid)).then((key) => key.export({ publicKey: true, raw: true }));
  const x = Buffer.from(publicKey).toString("base64url");
  const key = await importJWK({ kty: "OKP", crv: "Ed25519", x }, "EdDSA");
  await compactVerify(readFileSync(`${folder}/token.jwt`, "utf8"), key);
  token = true;
} catch (error) {
  token = String(error.message);
}

const answered = proof.statusResult; // a revoked one is verified as well: the bit is in here
const said = {
  verified: proof.verified,
  in_force: Boolean(answered?.verified) && answered.results.every((one) => one.status === false),
  error: proof.error?.errors?.map(String) ?? proof.error?.message,
  status_error: answered?.error?.message,
  token,
};
console.log(JSON.stringify(said, null, 1));
