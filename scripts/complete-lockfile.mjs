// Completes package-lock.json with the platform packages that npm left out; npm runs this after every install.
//
// `npm install` silently drops an optional package that its registry does not have (yet), and `npm ci` then refuses the
// lockfile. What is missing is known all the same: the parent names the exact version, the package's name says the system.
// Such an entry has no integrity hash; the system it is for fetches it, all others skip it.

import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = "aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(" ");
const PROCESSORS = "arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64".split(" ");

const lockfile = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(lockfile, "utf8"));
const missing = Object.entries(lock.packages).flatMap(([where, parent]) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => !homes(where).some((home) => lock.packages[`${home}node_modules/${name}`]))
    .map(([name, version]) => [`node_modules/${name}`, entry(name, version, parent)]),
);

if (missing.length > 0) {
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  lock.packages = Object.fromEntries(packages.toSorted(([a], [b]) => a.localeCompare(b, "en")));
  writeFileSync(lockfile, `${JSON.stringify(lock, null, 2)}\n`);
  console.error(`package-lock.json: added ${missing.length} platform packages that the registry lacks`);
}

/** Where Node looks for what the package there imports: in it, and in everything around it. */
function homes(where) {
  if (where === "") return [""];
  return [`${where}/`, ...homes(where.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, ""))];
}

function entry(name, version, parent) {
  const words = name.split(/[-/]/);
  const system = SYSTEMS.find((each) => words.includes(each));
  const processor = PROCESSORS.find((each) => words.includes(each));
  if (!processor || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(
      `package-lock.json lacks ${name}@${version}, whose name does not say what system it is for`,
    );
  }
  return {
    version,
    cpu: [processor],
    ...(parent.dev && { dev: true }),
    ...(words.includes("musl") && { libc: ["musl"] }),
    ...(words.includes("gnu") && { libc: ["glibc"] }),
    optional: true,
    ...(system && { os: [system] }),
  };
}
