/** For how long a person may do nothing before the bot has the conversation again: `HILO_HAND_BACK_MINUTES`, where 0 means for ever. */
export const handBackMs = (minutes: number): number =>
  minutes === 0 ? Number.POSITIVE_INFINITY : minutes * 60_000;
