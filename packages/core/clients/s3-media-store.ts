import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ownerFolder, type MediaStore } from "./media-store.ts";

/** Objects of a bucket that keeps no old versions, so that what is deleted is gone. */
export const s3MediaStore = ({ client, bucket }: { client: S3Client; bucket: string }): MediaStore => ({
  async put(key, bytes) {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  },

  async get(key, range) {
    try {
      const { Body } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(range && { Range: `bytes=${range.from}-${range.to - 1}` }),
        }),
      );
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isNamed(error, "InvalidRange")) return new Uint8Array();
      if (isNamed(error, "NoSuchKey")) return undefined;
      throw error;
    }
  },

  async delete(key) {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },

  async deleteOf(owner) {
    for (;;) {
      const { Contents = [], IsTruncated } = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: ownerFolder(owner) }),
      );
      if (Contents.length === 0) return;
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true },
        }),
      );
      if (Errors.length > 0) throw new NotDeleted(`S3 refused to delete: ${Errors[0]?.Code ?? "no reason"}`);
      // what is deleted is listed no more, so the next page is the first again
      if (!IsTruncated) return;
    }
  },
});

/** Some of an owner's objects are still there: deleting again may do. */
export class NotDeleted extends Error {
  override name = "NotDeleted";
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
