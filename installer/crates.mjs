// What of other people's Rust is in the shipped programs: asked of Cargo, which knows exactly.
//
// `cargo tree` tells which crates are linked and by whom (features as when these packages are built, nothing that
// runs only while building); `cargo metadata` tells the rest about each.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { licenceTexts } from "./licences.mjs";

const root = join(import.meta.dirname, "..");

/** A name of one release, as both of Cargo's answers can be brought to it. */
const key = (name, version) => `${name}@${version}`;

function cargo(...words) {
  const room = 256 * 1024 * 1024;
  return execFileSync(process.env.CARGO ?? "cargo", words, { cwd: root, encoding: "utf8", maxBuffer: room });
}

/** Every linked crate of `packages` for `target`: its key, and the keys of what it uses. */
function linked(packages, target) {
  const which = packages.flatMap((name) => ["--package", name]);
  const edges = ["--edges", "normal,no-proc-macro"];
  const tree = cargo("tree", "--locked", "--target", target, ...which, ...edges, "--prefix", "depth");
  const uses = new Map();
  const path = [];
  for (const line of tree.split("\n")) {
    const [, depth, name, version] = line.match(/^(\d+)(\S+) v(\S+)/) ?? [];
    if (!name) continue;
    const crate = key(name, version);
    if (!uses.has(crate)) uses.set(crate, new Set());
    path.length = Number(depth);
    if (path.length > 0) uses.get(path.at(-1)).add(crate);
    path.push(crate);
  }
  return uses;
}

/** The checksums that Cargo itself insists on. */
function checksums() {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const entries = lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"$/gm);
  return new Map(Array.from(entries, ([, name, version, sum]) => [key(name, version), sum]));
}

/** The crates of others that are linked, and the names of our own packages with what they use. */
export function crates(packages, target) {
  const uses = linked(packages, target);
  const sums = checksums();
  const metadata = JSON.parse(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target));
  return metadata.packages
    .filter((one) => uses.has(key(one.name, one.version)))
    .map((one) => ({
      kind: "cargo",
      key: key(one.name, one.version),
      name: one.name,
      version: one.version,
      // Cargo's older way to write "or".
      licence: one.license?.replaceAll("/", " OR "),
      authors: one.authors,
      description: one.description?.trim(),
      address: one.repository ?? one.homepage,
      sha256: sums.get(key(one.name, one.version)),
      uses: [...uses.get(key(one.name, one.version))],
      isOurs: one.source === null,
      texts: one.source === null ? [] : licenceTexts(dirname(one.manifest_path), one.license_file),
    }));
}

/** The standard library, which is linked like any crate and which Cargo does not name. */
export function standardLibrary() {
  const rustc = (...words) => execFileSync("rustc", words, { cwd: root, encoding: "utf8" }).trim();
  const version = rustc("--version").split(" ")[1];
  const texts = licenceTexts(join(rustc("--print", "sysroot"), "share", "doc", "rust", "licenses"), undefined, [
    "MIT.txt",
    "Apache-2.0.txt",
  ]);
  return {
    kind: "rust",
    key: key("std", version),
    name: "std",
    version,
    licence: "MIT OR Apache-2.0",
    authors: ["The Rust Project Developers"],
    description: "The Rust standard library",
    address: "https://github.com/rust-lang/rust",
    uses: [],
    isOurs: false,
    texts,
  };
}
