// Bundles the editor into one file for the site, with the licences of what is in it and the sums
// of what it was made from. `make editor` runs it; the same input gives the same bytes.

import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = new URL("./", import.meta.url);
const ROOT = new URL("../../", HERE);
const TO = "innocap_lms/web/static/vendor/codemirror";

// Writes editor.js; the names of the packages whose code is in it.
const bundle = async () => {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(HERE),
    entryPoints: ["src/editor.js"],
    outfile: fileURLToPath(new URL(`${TO}/editor.js`, ROOT)),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none", // LICENSES.txt has them
    metafile: true,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput);
  return new Set(used.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]));
};

const licenceOf = async (name) => {
  const folder = new URL(`node_modules/${name}/`, HERE);
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  return (await readFile(new URL(file, folder), "utf8")).trim();
};

// Every package of the lock file; those whose code is in the bundle with their whole licence.
const licences = async (bundled) => {
  const lock = JSON.parse(await readFile(new URL("package-lock.json", HERE), "utf8"));
  const inside = [];
  const outside = ["These are in the lock file as well; no code of theirs is in editor.js."];
  for (const [path, { version, license }] of Object.entries(lock.packages)) {
    const name = path.replace("node_modules/", "");
    const line = `${name} ${version} ${license}`;
    if (bundled.has(name)) inside.push(`${line}\n\n${await licenceOf(name)}`);
    else if (name) outside.push(line);
  }
  const first = "editor.js contains code of innocap-lms (EUPL-1.2) and of these packages.";
  return `${[first, ...inside, outside.join("\n")].join("\n\n----\n\n")}\n`;
};

const sum = async (path) => {
  const content = await readFile(new URL(path, ROOT));
  return `${createHash("sha256").update(content).digest("hex")}  ${path}\n`;
};

await writeFile(new URL(`${TO}/LICENSES.txt`, ROOT), await licences(await bundle()));
const sources = (await readdir(new URL("src/", HERE))).sort().map((name) => `src/${name}`);
const inputs = ["build.mjs", "package-lock.json", ...sources].map((name) => `tools/editor/${name}`);
const sums = await Promise.all([`${TO}/editor.js`, `${TO}/LICENSES.txt`, ...inputs].map(sum));
await writeFile(new URL(`${TO}/SHA256SUMS`, ROOT), sums.join(""));
