/** Files from WhatsApp to the bucket, to whoever has a key of the API, and to nobody once their sender is erased. */
import { randomBytes } from "node:crypto";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect, inject, it } from "vitest";
import * as z from "zod";
import { awsClients } from "./clients.ts";
import { ask, conversationsOf, eventually, newPhones } from "./hilo.ts";
import { takePhone } from "./phone.ts";
import { bucketName, functionName } from "./resource-names.ts";

const { endpoint, whatsappUrl } = inject("emulated");
const { lambda, s3 } = awsClients(endpoint);

const Photos = z.object({
  items: z.array(z.object({ id: z.string(), media: z.object({ key: z.string() }).optional() })),
});

/** A picture by how it begins, and none of its other bytes is text. */
const photo = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...randomBytes(3_000)]);

it("a photo is kept sealed, given back byte by byte through the API, and gone with whoever sent it", async () => {
  const [number = ""] = newPhones(1);
  const phone = await takePhone(whatsappUrl, number);
  await phone.sendPhoto(photo, "Is this the right part?");

  const [conversation] = await eventually(
    () => conversationsOf([number]),
    (found) => found.length === 1,
  );
  const path = `/conversations/${conversation?.id}`;
  const [message] = await eventually(
    async () => Photos.parse(await (await ask(`${path}/messages`)).json()).items,
    (items) => items.some(({ media }) => media !== undefined),
  );
  const given = await ask(`${path}/media/${message?.id}`);
  expect([given.status, given.headers.get("content-type")]).toEqual([200, "image/png"]);
  expect(Buffer.from(await given.arrayBuffer()).equals(photo)).toBe(true);
  const part = await ask(`${path}/media/${message?.id}`, undefined, undefined, { range: "bytes=8-19" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 8-19/${photo.length}`]);
  expect(Buffer.from(await part.arrayBuffer()).equals(photo.subarray(8, 20))).toBe(true);

  const Key = message?.media?.key ?? "";
  const Bucket = await bucketName("Media");
  const stored = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const kept = Buffer.from((await stored.Body?.transformToByteArray()) ?? []);
  expect(kept.length).toBeGreaterThan(photo.length);
  expect(kept.includes(Buffer.from(photo.subarray(8, 40)))).toBe(false);

  const { FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName("erase-contact"),
      Payload: JSON.stringify({ contactId: conversation?.contactId }),
    }),
  );
  expect(FunctionError).toBeUndefined();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
  expect(Contents).toEqual([]);
  expect((await ask(`${path}/media/${message?.id}`)).status).toBe(404);
});
