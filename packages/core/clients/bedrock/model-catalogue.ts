/**
 * The models that may be asked on Bedrock: what they are called, take, cost and cannot do. It is the only place
 * that knows. Prices are list prices in US dollars per million tokens. Sources, as of `catalogueVersion`:
 * Bedrock's model cards and "Prompt caching", Anthropic's "Pricing" and "Claude Haiku 5.5", Nova's user guide.
 */
import type { ModelUse } from "../../events/conversation.ts";

/** Recorded with every answer, so that a price can be told from a later one. */
export const catalogueVersion = "2026-11-23";

export type Family = "claude" | "llama" | "nova";

/** Where an inference profile keeps a request: within the United States, the European Union, or anywhere. */
export type Geography = "us" | "eu" | "global";

export type Prices = { input: number; output: number; cacheRead: number; cacheWrite: number };

export type CatalogueEntry = {
  /** Bedrock's id of the model, without a profile's prefix. */
  id: string;
  family: Family;
  /** Inference profiles. Where one is missing, none is known. */
  profiles: Partial<Record<Geography, string>>;
  /** Of the profiles within a geography, and of the global one where it is cheaper. */
  prices: Prices;
  globalPrices?: Prices;
  /** A prompt of more tokens than `over` costs so many times as much, in all its tokens. */
  longPrompt?: { over: number; times: number };
  /** What is sent with every request. A model answers 400 to what it refuses, so nothing else is. */
  parameters: {
    temperature?: 0;
    /** For Claude only: adaptive thinking is on where this is not said. */
    thinking?: "disabled";
  };
  /**
   * How to get JSON of a schema: by the schema, by a tool that it must use, or by a tool that it is asked to use.
   * A schema goes with no other tools, so then the tool is used.
   */
  structured: "schema" | "forced-tool" | "asked-tool";
  /** The least tokens that the prompt cache keeps; absent where it has none, or none whose price is known. */
  cacheTokensMin?: number;
  /** To the first token, and after it. `basis` says how it is known. */
  speed: { firstTokenMs: number; tokensPerSecond: number; basis: "measured" | "assumed" };
  /** How hard a question may be, as we judge it: 1 looks things up, 3 weighs them. */
  tier: 1 | 2 | 3;
  lifecycle: string;
};

/** Of any model's reply. Bedrock reserves them against the quota before it begins, so they are few. */
export const replyTokensMax = 250;
/** Of a summary. */
export const summaryTokensMax = 900;

/** Read at a tenth, written at a quarter more ("Prompt caching"). */
const claude = (input: number, output: number, cacheRead = input / 10): Prices => ({
  input,
  output,
  cacheRead,
  cacheWrite: input * 1.25,
});
/** Read at a quarter; no surcharge for writing is published, so what is written costs what any token does. */
const nova = (input: number, output: number): Prices => ({
  input,
  output,
  cacheRead: input / 4,
  cacheWrite: input,
});
const uncached = (input: number, output: number): Prices => ({
  input,
  output,
  cacheRead: input,
  cacheWrite: input,
});

export const catalogue: readonly CatalogueEntry[] = [
  {
    id: "anthropic.claude-haiku-5-5",
    family: "claude",
    profiles: profilesOf("anthropic.claude-haiku-5-5", "us", "eu", "global"),
    prices: claude(0.11, 0.55),
    globalPrices: claude(0.1, 0.5),
    longPrompt: { over: 100_000, times: 5 },
    // refuses temperature, top_p, top_k, budget_tokens and an assistant's prefill
    parameters: { thinking: "disabled" },
    structured: "forced-tool",
    cacheTokensMin: 512,
    // none published; taken to be no faster than Haiku 4.5
    speed: { firstTokenMs: 900, tokensPerSecond: 165, basis: "assumed" },
    tier: 2,
    lifecycle: "active; end of life no sooner than 2027-10-07",
  },
  {
    id: "anthropic.claude-sonnet-5-5",
    family: "claude",
    profiles: profilesOf("anthropic.claude-sonnet-5-5", "us", "eu", "global"),
    prices: claude(2.2, 11, 0.11),
    globalPrices: claude(2, 10, 0.1),
    parameters: { thinking: "disabled" },
    structured: "forced-tool",
    // none published
    speed: { firstTokenMs: 1_200, tokensPerSecond: 80, basis: "assumed" },
    tier: 3,
    lifecycle: "active",
  },
  {
    id: "anthropic.claude-haiku-4-5-20251001-v1:0",
    family: "claude",
    profiles: profilesOf("anthropic.claude-haiku-4-5-20251001-v1:0", "us", "eu", "global"),
    prices: claude(1.1, 5.5),
    globalPrices: claude(1, 5),
    parameters: { temperature: 0 },
    structured: "schema",
    cacheTokensMin: 4_096,
    speed: { firstTokenMs: 900, tokensPerSecond: 165, basis: "measured" },
    tier: 2,
    lifecycle: "active; end of life was promised for no sooner than 2026-10-01",
  },
  {
    id: "amazon.nova-micro-v1:0",
    family: "nova",
    profiles: profilesOf("amazon.nova-micro-v1:0", "us", "eu"),
    prices: nova(0.035, 0.14),
    parameters: { temperature: 0 },
    structured: "forced-tool",
    cacheTokensMin: 1_536,
    speed: { firstTokenMs: 250, tokensPerSecond: 400, basis: "measured" },
    tier: 1,
    lifecycle: "active",
  },
  {
    id: "amazon.nova-lite-v1:0",
    family: "nova",
    profiles: profilesOf("amazon.nova-lite-v1:0", "us", "eu"),
    prices: nova(0.06, 0.24),
    parameters: { temperature: 0 },
    structured: "forced-tool",
    cacheTokensMin: 1_536,
    // none published; taken to be as Nova 2 Lite
    speed: { firstTokenMs: 400, tokensPerSecond: 250, basis: "assumed" },
    tier: 1,
    lifecycle: "active",
  },
  {
    id: "amazon.nova-2-lite-v1:0",
    family: "nova",
    profiles: profilesOf("amazon.nova-2-lite-v1:0", "us", "eu", "global"),
    prices: uncached(0.33, 2.75),
    parameters: { temperature: 0 },
    structured: "forced-tool",
    // its tokens per second are measured, the first one is assumed
    speed: { firstTokenMs: 400, tokensPerSecond: 250, basis: "assumed" },
    tier: 2,
    lifecycle: "active",
  },
  {
    id: "meta.llama4-scout-17b-instruct-v1:0",
    family: "llama",
    profiles: profilesOf("meta.llama4-scout-17b-instruct-v1:0", "us"),
    prices: uncached(0.17, 0.66),
    parameters: { temperature: 0 },
    // answers 400 to a tool choice of "any" or of one tool
    structured: "asked-tool",
    speed: { firstTokenMs: 270, tokensPerSecond: 200, basis: "measured" },
    tier: 1,
    lifecycle: "active",
  },
  {
    id: "meta.llama4-maverick-17b-instruct-v1:0",
    family: "llama",
    profiles: profilesOf("meta.llama4-maverick-17b-instruct-v1:0", "us"),
    prices: uncached(0.24, 0.97),
    parameters: { temperature: 0 },
    structured: "asked-tool",
    // to the first token measured, after it taken to be as Scout
    speed: { firstTokenMs: 320, tokensPerSecond: 200, basis: "assumed" },
    tier: 2,
    lifecycle: "active",
  },
];

/** By its id or by that of one of its profiles. */
export const findEntry = (id: string): CatalogueEntry | undefined =>
  catalogue.find((entry) => entry.id === id || Object.values(entry.profiles).includes(id));

/** Where a region's requests may be kept. Only what the catalogue knows: any other region has the global profiles. */
export const geographyOf = (region: string): Geography => {
  if (/^us-(east|west)-\d$/.test(region)) return "us";
  return /^eu-[a-z]+-\d$/.test(region) ? "eu" : "global";
};

/** The profile to ask in a region: within its geography where there is one, else anywhere. */
export const profileFor = ({ profiles }: CatalogueEntry, region: string): string | undefined =>
  profiles[geographyOf(region)] ?? profiles.global;

/** The profile that an id of a setting means: a profile's own says where to ask, a model's is asked where the region is. */
export const profileOf = (entry: CatalogueEntry, id: string, region: string): string | undefined =>
  entry.id === id ? profileFor(entry, region) : id;

export type Tokens = Pick<ModelUse, "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens">;

/** In US dollars, of one request. `profile` tells whether it was the cheaper global one. */
export const costOf = (entry: CatalogueEntry, tokens: Tokens, profile?: string): number => {
  const prices = (profile?.startsWith("global.") && entry.globalPrices) || entry.prices;
  const prompt = tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWriteTokens;
  const times = entry.longPrompt && prompt > entry.longPrompt.over ? entry.longPrompt.times : 1;
  const cost =
    tokens.inputTokens * prices.input +
    tokens.outputTokens * prices.output +
    tokens.cacheReadTokens * prices.cacheRead +
    tokens.cacheWriteTokens * prices.cacheWrite;
  return Number(((cost * times) / 1e6).toFixed(9));
};

/** How long it will take to say so many tokens, in milliseconds. */
export const expectedMsOf = ({ speed }: CatalogueEntry, outputTokens: number): number =>
  Math.round(speed.firstTokenMs + (outputTokens / speed.tokensPerSecond) * 1_000);

function profilesOf(id: string, ...geographies: Geography[]): CatalogueEntry["profiles"] {
  return Object.fromEntries(geographies.map((geography) => [geography, `${geography}.${id}`]));
}
