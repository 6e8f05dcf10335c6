/** An event that can't be stored, now or later: it is at fault itself, not the store. */
export class Unstorable extends Error {
  override name = "Unstorable";
}

/** The decision is too large for one commit: blobs belong in the media store. */
export class TooLarge extends Unstorable {
  override name = "TooLarge";
}
