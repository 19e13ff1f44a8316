// Bundles the tests, which import TypeScript, and runs them with Node.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../node_modules/.tests");
await build({
  entryPoints: readdirSync(here(".")).filter((f) => f.endsWith(".test.ts")).map((f) => here(f)),
  bundle: true, platform: "node", format: "esm", outdir: out, outExtension: { ".js": ".mjs" },
}); // prettier-ignore
const ran = spawnSync(process.execPath, ["--test", ...readdirSync(out).filter((f) => f.endsWith(".mjs")).map((f) => `${out}/${f}`)], { stdio: "inherit" });
process.exit(ran.status ?? 1);
