// Bundles the pages' scripts and styles into trainai/static/build; WhiteNoise gives the files their hashed names.
//
// One bundle a kind of page and no shared chunks: what a script imports by name could not be found any more once its
// file is renamed by its hash.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build, context } from "esbuild";

const source = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../static/build/", import.meta.url));

const options = {
  entryPoints: ["css/app.css", "css/desk.css", "js/app.js", "js/desk.js", "js/new.js", "js/training.js"].map((name) => source + name),
  outdir: target,
  entryNames: "[name]",
  assetNames: "fonts/[name]",
  bundle: true,
  minify: true,
  format: "esm",
  legalComments: "none",
  target: ["chrome123", "firefox128", "safari17.5"],
  loader: { ".woff2": "file", ".svg": "file" },
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  await (await context({ ...options, logLevel: "info" })).watch();
} else {
  await rm(target, { recursive: true, force: true });
  await build(options);
}
