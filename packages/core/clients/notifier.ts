/** Tells people of the business that something waits for one of them. */
export type Notification = {
  /** ASCII, 100 characters at most: a mail's subject. Nothing in a notification is personal data. */
  subject: string;
  text: string;
  conversationId: string;
  /** Where to look at it. */
  link?: string;
  /** The same for every repetition of the same news: whoever gets it twice can tell. */
  dedupeKey: string;
};

export type Notifier = {
  /** What it is called in records: `sns`. */
  channel: string;
  /** Throws when nobody was told, or when that is not known. Repeating it may tell twice. */
  notify(notification: Notification): Promise<void>;
};

/** What is read by people: the text, and where to look. */
export const wording = ({ text, link }: Notification): string =>
  link === undefined ? text : `${text}\n\n${link}`;
