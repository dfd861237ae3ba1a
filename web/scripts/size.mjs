// How much a browser fetches, gzipped: what the first page needs, what any page adds, the chart, and all together. Fails above the budget.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const KB = 1000;
const MAX = { first: 130, route: 80, chart: 60, total: 400 };
// Pages that always show a chart, by the file that they come in: they fetch both, beside each other.
const CHART = "src/ui/canvas.tsx";
const CHARTED = { backtests: "/backtests/$id", positions: "/positions/$id", market: "/market", portfolio: "/portfolio" };

const size = (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length / KB;
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const filesOf = (name, seen = new Set()) => {
  const chunk = manifest[name];
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const other of chunk.imports ?? []) if (!seen.has(manifest[other].file)) filesOf(other, seen);
  return seen;
};
const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);

const first = filesOf("index.html");
const firstSize = sum(first) + size("index.html");
const added = (...names) => sum(new Set(names.flatMap((name) => [...filesOf(name)]).filter((file) => !first.has(file))));
// What is fetched when it is asked for: pages of an area together. Pages fetch the table at once, and not when it is asked for.
const routes = [...new Set(manifest["index.html"].dynamicImports)].map((name) => [name, added(name)]).sort((one, other) => other[1] - one[1]);
const nameOf = (route) => manifest[route].name ?? route;
const charted = routes.filter(([route]) => nameOf(route) in CHARTED);
const chart = added(CHART);
const total = readdirSync(new URL("assets/", DIST))
  .filter((file) => /\.(js|css)$/.test(file))
  .reduce((all, file) => all + size(`assets/${file}`), 0);

// Files that wait for each other begin with what is not there yet: a page would break as it is opened.
const circles = Object.keys(manifest).filter((name) => {
  const seen = new Set();
  const reaches = (other) => (manifest[other].imports ?? []).some((next) => next === name || (!seen.has(next) && seen.add(next) && reaches(next)));
  return reaches(name);
});

const line = (name, kb, max) => console.log(`${name.padEnd(44)} ${kb.toFixed(1).padStart(7)} kB of ${max}`);
line("first load", firstSize, MAX.first);
for (const [route, kb] of routes) line(`+ ${nameOf(route)}`, kb, MAX.route);
line("+ the chart", chart, MAX.chart);
for (const [route] of charted) line(`+ ${CHARTED[nameOf(route)]} with its chart`, added(route, CHART), MAX.route + MAX.chart);
line("all together", total, MAX.total);
const over = [firstSize > MAX.first && "first load", ...routes.map(([route, kb]) => kb > MAX.route && nameOf(route)), chart > MAX.chart && "the chart", total > MAX.total && "all together"];
// Else a file was named anew, and its pages would be counted without their chart.
if (charted.length < Object.keys(CHARTED).length) over.push("a page with a chart is not found");
if (circles.length > 0) over.push(`in a circle: ${circles.map((name) => manifest[name].file).join(", ")}`);
const named = over.filter(Boolean);
if (named.length > 0) {
  console.error(`too much, or in a circle: ${named.join(", ")}`);
  process.exit(1);
}
