import { randomBytes } from "node:crypto";
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { aesGcm } from "../clients/aes-gcm.ts";

/** One key of KMS: real ciphers, and the encryption context is checked as KMS does. */
export const fakeKms = (keyId: string) => {
  const master = aesGcm(randomBytes(32));
  const requests: string[] = [];
  const context = (given: Record<string, string> | undefined) =>
    JSON.stringify(Object.entries(given ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const check = (id: string | undefined) => {
    if (id !== keyId) throw Object.assign(new Error("no such key"), { name: "NotFoundException" });
  };

  const send = async (command: unknown): Promise<unknown> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (command instanceof GenerateDataKeyCommand) {
      requests.push("GenerateDataKey");
      check(command.input.KeyId);
      const Plaintext = randomBytes(32);
      return { Plaintext, CiphertextBlob: master.seal(Plaintext, context(command.input.EncryptionContext)) };
    }
    if (command instanceof DecryptCommand) {
      requests.push("Decrypt");
      check(command.input.KeyId);
      const { CiphertextBlob = new Uint8Array(), EncryptionContext } = command.input;
      try {
        return { Plaintext: master.open(CiphertextBlob, context(EncryptionContext)) };
      } catch (cause) {
        throw Object.assign(new Error("not so", { cause }), { name: "InvalidCiphertextException" });
      }
    }
    throw new Error("not a request that the keys make");
  };

  return { client: { send } as unknown as KMSClient, requests };
};
