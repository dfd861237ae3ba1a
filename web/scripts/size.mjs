// How much a browser fetches, gzipped: what the first page needs, what any page adds, and all together. Fails above the budget.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const KB = 1000;
const MAX = { first: 130, route: 80, total: 350 };

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
// What is fetched when it is asked for: pages of an area together, and the charts.
const routes = [...new Set(Object.values(manifest).flatMap((chunk) => chunk.dynamicImports ?? []))]
  .map((name) => [name, sum([...filesOf(name)].filter((file) => !first.has(file)))])
  .sort((one, other) => other[1] - one[1]);
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
for (const [name, kb] of routes) line(`+ ${manifest[name].name ?? name}`, kb, MAX.route);
line("all together", total, MAX.total);
const over = [firstSize > MAX.first && "first load", ...routes.map(([name, kb]) => kb > MAX.route && name), total > MAX.total && "all together"];
if (circles.length > 0) over.push(`in a circle: ${circles.map((name) => manifest[name].file).join(", ")}`);
const named = over.filter(Boolean);
if (named.length > 0) {
  console.error(`too much, or in a circle: ${named.join(", ")}`);
  process.exit(1);
}
