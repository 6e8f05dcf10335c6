// Runs a bundled program on Pulumi's mocks and records every resource that it declares.

import crypto from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { answer, outputs, region } from "./mocks.mjs";

const root = path.resolve(import.meta.dirname, "../../..");
const fromPlatform = createRequire(path.join(root, ".sst/platform/package.json"));
/** Much longer than anything takes here, on a machine that is busy with other things. */
const idleSecondsMax = 90;

/** The resources, in the order in which they were declared. Throws the first error that the program meets. */
export async function evaluate({ main, appName, stage }) {
  pinNames();
  const pulumi = fromPlatform("@pulumi/pulumi");
  const records = [];
  const watchdog = idleWatch(records);
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom, id }) {
        watchdog.touch();
        const given = plain(inputs);
        if (custom === false) return { id: "", state: inputs };
        const made = outputs(type, name, given);
        return { id: id || made.id, state: withSecrets(pulumi, inputs, made.state) };
      },
      call({ token, inputs }) {
        watchdog.touch();
        try {
          return answer(token, plain(inputs));
        } catch (error) {
          // All that Pulumi tells of an error is its `details`.
          error.details = error.message;
          throw error;
        }
      },
    },
    appName,
    stage,
    false,
    "organization",
  );
  pulumi.runtime.setAllConfig({ "aws:region": region });
  record(pulumi.runtime.getMonitor(), records);
  const rejection = firstRejection();
  try {
    await Promise.race([
      watchdog.expired,
      rejection,
      pulumi.runtime.runInPulumiStack(async () => (await import(pathToFileURL(main).href)).default),
    ]);
    await Promise.race([watchdog.expired, rejection, pulumi.runtime.disconnect()]);
  } finally {
    watchdog.stop();
  }
  return records;
}

/** Physical names end in random letters; ours shall be the same in every run. */
function pinNames() {
  const { randomBytes } = crypto;
  crypto.randomBytes = (size, callback) =>
    size === 8 && !callback ? Buffer.alloc(8, 7) : randomBytes(size, callback);
}

/** Mocks hide whole type chains and what is kept on removal: read that from the requests. */
function record(monitor, records) {
  monitor.newUrn = (parent, type, name) => {
    const chain = parent ? parent.split("::")[2] : undefined;
    const isChild = chain && chain !== "pulumi:pulumi:Stack";
    const fullType = isChild ? `${chain}$${type}` : type;
    return `urn:pulumi:stack::hilo::${fullType}::${name}`;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const raw = request.getObject().toJavaScript();
    const entry = {
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      retainOnDelete: request.getRetainondelete(),
      inputs: plain(raw),
    };
    records.push(entry);
    return register(request, (error, response) => {
      if (response) {
        Object.assign(entry, { urn: response.getUrn(), id: response.getId() });
        entry.outputs = plain(response.getObject()?.toJavaScript() ?? {});
      }
      callback(error, response);
    });
  };
}

const signature = "4dabf18193072939515e22adb298388d";
const isSecret = (value) => value?.[signature] === "1b47061264138c4ac30d75fd1eb44270";

/** Without Pulumi's wrappings of secrets, resources and files. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return plain(value.value);
  if (value[signature]) return value.urn ?? value.path ?? value.text ?? "(asset)";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** What went in as a secret comes out as one. */
function withSecrets(pulumi, inputs, state) {
  const secrets = Object.keys(inputs).filter((key) => isSecret(inputs[key]));
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, secrets.includes(key) ? pulumi.secret(value) : value]),
  );
}

/** One rejected `apply` leaves all that hang on it pending for ever. */
function firstRejection() {
  return new Promise((_, reject) => void process.on("unhandledRejection", reject));
}

function idleWatch(records) {
  let touchedAt = Date.now();
  let timer;
  const expired = new Promise((_, reject) => {
    timer = setInterval(() => {
      if (Date.now() - touchedAt < idleSecondsMax * 1000) return;
      const pending = records.filter(({ urn }) => !urn).map(({ type, name }) => `${type} ${name}`);
      reject(new Error(`nothing happens any more; pending: ${pending.join(", ") || "nothing known"}`));
    }, 1000);
  });
  return { expired, touch: () => (touchedAt = Date.now()), stop: () => clearInterval(timer) };
}
