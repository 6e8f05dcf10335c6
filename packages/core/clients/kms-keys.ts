import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ConditionalCheckFailedException,
} from "@aws-sdk/client-dynamodb";
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { aesGcm } from "./aes-gcm.ts";
import type { Keys, Sealer } from "./keys.ts";
import { recently } from "./recently.ts";

export type KmsKeysOptions = {
  kms: KMSClient;
  dynamo: DynamoDBClient;
  /** As `store/dynamo-schemas.ts` has it: an item per subject, with its wrapped key or without one. */
  table: string;
  /** The KMS key that wraps the data keys. */
  keyId: string;
  /**
   * How long a key counts as still there without asking the table, 0 by default. It saves most reads; for as
   * long after an erasure another Lambda may still read what was erased.
   */
  trustMs?: number;
  now?: () => number;
};

/** How long an unwrapped key is kept at hand, so that a KMS key that is switched off is so for us too. */
export const unwrappedMs = 5 * 60_000;
const subjectsMax = 1_000;

/**
 * Data keys wrapped by KMS under the encryption context `{ subject }`, in a table. The table is asked each
 * time (one read, shared by all who ask in the same turn), but for `trustMs`, so that a destroyed key is out
 * of use for every Lambda at once; the unwrapping, which KMS charges for, is kept at hand. A destroyed key
 * leaves an item without one, so that no other is ever made. Backups of the table bring keys back: keep its
 * recovery window as short as erasure is promised.
 */
export const kmsKeys = ({ kms, dynamo, table, keyId, trustMs = 0, now = Date.now }: KmsKeysOptions): Keys => {
  const unwrapped = recently<Sealer>({ max: subjectsMax, forMs: unwrappedMs, now });
  const trusted = recently<Sealer>({ max: subjectsMax, forMs: trustMs, now });

  const read = async (subject: string) => {
    const get = { TableName: table, Key: { pk: { S: subject } }, ConsistentRead: true };
    return (await dynamo.send(new GetItemCommand(get))).Item;
  };

  const unwrap = async (subject: string, wrapped: Uint8Array): Promise<Sealer> => {
    const name = Buffer.from(wrapped).toString("base64");
    const known = unwrapped.get(name);
    if (known) return known;
    const { Plaintext } = await kms.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { subject } }),
    );
    if (!Plaintext) throw new Error("KMS answered no key");
    return unwrapped.keep(name, aesGcm(Plaintext));
  };

  /** Makes the subject's key, unless there is an item by now: then that one counts. */
  const make = async (subject: string): Promise<Sealer | undefined> => {
    const made = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: { subject } }),
    );
    const { CiphertextBlob: wrapped, Plaintext } = made;
    if (!wrapped || !Plaintext) throw new Error("KMS answered no key");
    const put = new PutItemCommand({
      TableName: table,
      Item: { pk: { S: subject }, wrapped: { B: wrapped } },
      ConditionExpression: "attribute_not_exists(pk)",
    });
    try {
      await dynamo.send(put);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const there = (await read(subject))?.["wrapped"]?.B;
      return there && unwrap(subject, there);
    }
    return unwrapped.keep(Buffer.from(wrapped).toString("base64"), aesGcm(Plaintext));
  };

  return {
    sealer: inOneTurn(async (subject) => {
      const known = trusted.get(subject);
      if (known) return known;
      const item = await read(subject);
      const wrapped = item?.["wrapped"]?.B;
      const sealer = item ? wrapped && (await unwrap(subject, wrapped)) : await make(subject);
      return sealer && trusted.keep(subject, sealer);
    }),

    async destroy(subject) {
      await dynamo.send(new PutItemCommand({ TableName: table, Item: { pk: { S: subject } } }));
      trusted.drop(subject);
    },
  };
};

/** Lets all who ask for the same within one turn of the event loop share an answer that is newer than the question. */
const inOneTurn = <Answer>(ask: (name: string) => Promise<Answer>): ((name: string) => Promise<Answer>) => {
  const asked = new Map<string, Promise<Answer>>();
  return (name) => {
    const known = asked.get(name);
    if (known) return known;
    const answer = new Promise<void>((resolve) => queueMicrotask(resolve)).then(() => {
      asked.delete(name);
      return ask(name);
    });
    asked.set(name, answer);
    return answer;
  };
};
