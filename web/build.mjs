// Builds the page of `startex view` into src/startex/view/static, where the result is committed.
//
//     npm ci --prefix web && npm run build --prefix web
//
// The result is the same byte for byte from the same lock file.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { mesh } from "topojson-client";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = process.argv[2] ?? here("../src/startex/view/static");
mkdirSync(out, { recursive: true });

await build({
  entryPoints: [here("src/main.tsx")],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  drop: ["console"], // a library greets there
  outfile: `${out}/app.js`,
});

// Land borders of Natural Earth 1:50m, as packed in world-atlas: lines between two countries, and
// the name and middle of each country.
const atlas = JSON.parse(readFileSync(here("node_modules/world-atlas/countries-50m.json")));
const between = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
const lines = between.coordinates.map((line) =>
  line.flatMap(([lon, lat], n) => {
    const [a, b] = n ? line[n - 1] : [0, 0];
    return [Math.round(lon * 1e3) - Math.round(a * 1e3), Math.round(lat * 1e3) - Math.round(b * 1e3)];
  }),
);
writeFileSync(`${out}/borders-50m.json`, JSON.stringify({ unit_deg: 1e-3, lines }) + "\n");

const used = ["d3-geo", "d3-array", "internmap", "geographiclib-geodesic", "milsymbol", "preact", "solar-calculator"];
const licences = used.map((name) => {
  const about = JSON.parse(readFileSync(here(`node_modules/${name}/package.json`)));
  const file = ["LICENSE", "LICENSE.txt"].map((f) => here(`node_modules/${name}/${f}`)).find((f) => {
    try { readFileSync(f); return true; } catch { return false; }
  });
  return `${name} ${about.version} (${about.license})\n\n${readFileSync(file, "utf8").trim()}\n`;
});
writeFileSync(`${out}/licences.txt`, `The page is made with:\n\n${licences.join("\n----\n\n")}`);
