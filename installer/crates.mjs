// The third-party Rust in the shipped programs, according to Cargo.
//
// `cargo tree` lists the linked crates and their dependents, with the features of these packages and without anything
// that runs only during the build. `cargo metadata` has the details of each crate.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { licenseTexts } from "./licenses.mjs";

const root = join(import.meta.dirname, "..");

/** The key of a release, in a form that both outputs of Cargo provide. */
const key = (name, version) => `${name}@${version}`;

function cargo(...args) {
  const maxBuffer = 256 * 1024 * 1024;
  return execFileSync(process.env.CARGO ?? "cargo", args, { cwd: root, encoding: "utf8", maxBuffer });
}

/** Every crate that is linked into `packages` for `target`: its key, and the keys of its dependencies. */
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

/** The checksums that Cargo verifies, from its lock file. */
function checksums() {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const entries = lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"$/gm);
  return new Map(Array.from(entries, ([, name, version, sum]) => [key(name, version), sum]));
}

/** The linked third-party crates, and our own packages with their dependencies. */
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
      // Cargo's older syntax for OR.
      license: one.license?.replaceAll("/", " OR "),
      authors: one.authors,
      description: one.description?.trim(),
      address: one.repository ?? one.homepage,
      sha256: sums.get(key(one.name, one.version)),
      uses: [...uses.get(key(one.name, one.version))],
      isOurs: one.source === null,
      texts: one.source === null ? [] : licenseTexts(dirname(one.manifest_path), one.license_file),
    }));
}

/** The standard library, which is linked like any crate although Cargo does not list it. */
export function standardLibrary() {
  const rustc = (...args) => execFileSync("rustc", args, { cwd: root, encoding: "utf8" }).trim();
  const version = rustc("--version").split(" ")[1];
  const texts = licenseTexts(join(rustc("--print", "sysroot"), "share", "doc", "rust", "licenses"), undefined, [
    "MIT.txt",
    "Apache-2.0.txt",
  ]);
  return {
    kind: "rust",
    key: key("std", version),
    name: "std",
    version,
    license: "MIT OR Apache-2.0",
    authors: ["The Rust Project Developers"],
    description: "The Rust standard library",
    address: "https://github.com/rust-lang/rust",
    uses: [],
    isOurs: false,
    texts,
  };
}
