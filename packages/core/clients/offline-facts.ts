/** What customers say of themselves in so many words, in English, Spanish and Portuguese. Nothing is inferred. */

export type Fact = { name: string; value: string };

const word = "\\p{L}[\\p{L}'’-]{0,30}";
const name = `(${word}(?: ${word}){0,2})`;
/** Up to what ends a thought. */
const thing = "([\\p{L}][\\p{L} ,'’-]{1,60})";
const email = "([\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,3})";

/** By name: what comes before the value, which is the last group. */
const patterns: Record<string, readonly string[]> = {
  name: [
    `my name is ${name}`,
    `(?:mi nombre es|me llamo) ${name}`,
    `(?:(?:o )?meu nome é|me chamo|chamo-me) ${name}`,
  ],
  allergy: [
    `(?:allergic|allergy|allergies) to ${thing}`,
    `(?:alérgic[oa]s?|alergic[oa]s?|alergia) (?:al|a los|a las|a la|aos|às|ao|à|a) ${thing}`,
  ],
  city: [`i live in ${thing}`, `vivo en ${thing}`, `(?:moro|vivo) em ${thing}`],
  email: [
    `my e-?mail(?: address)? is ${email}`,
    `mi (?:correo|e-?mail)(?: electrónico)? es ${email}`,
    `meu e-?mail é ${email}`,
  ],
};

const compiled = Object.entries(patterns).flatMap(([fact, sources]) =>
  sources.map((source) => ({ fact, pattern: new RegExp(`(?<!\\p{L})${source}`, "iu") })),
);

/** What somebody is or follows, by what it is called in each language. */
const diets: Record<string, string> = {
  vegan: "vegan|vegan[oa]s?",
  vegetarian: "vegetarian|vegetarian[oa]s?",
  "gluten-free":
    "coeliac|celiac|gluten[- ]intolerant|cel[ií]ac[oa]s?|intolerantes? al? gluten|intolerantes? ao gl[uú]ten",
  "lactose-free": "lactose[- ]intolerant|intolerantes? [aà] (?:la )?lactos[ae]",
  halal: "halal",
  kosher: "kosher",
};
const spokenLanguages: Record<string, string> = {
  en: "english|ingl[eé]s|inglês",
  es: "spanish|español|espanhol|castellano",
  pt: "portuguese|portugu[eé]s|português",
};

const being = "i am|i'm|i’m|we are|we're|we’re|soy|somos|sou|eat only|como|comemos";
const speaking =
  "i (?:only )?speak|(?:answer|reply|write)(?: to)?(?: me)? in|(?:solo |sólo )?hablo|(?:contést[ae]|respónd[ae]|escríb[ae])(?:me|nme|dme)? en|(?:só )?falo|respond[ae](?:-me)? em";
const negated = "(?<!\\p{L})(?<!not |no |não |nao |never |nunca )";

const chosen = [
  ...choices("diet", `(?:${being}) (?:an? |both |ambos )?`, diets),
  ...choices("language", `(?:${speaking}) `, spokenLanguages),
];

/** Changes whenever the same words could be understood differently. */
export const factsVersion = JSON.stringify([patterns, chosen.map(({ pattern }) => pattern.source)]);

/** In the order in which they are looked for, one of each name. */
export const factsIn = (text: string): Fact[] => {
  const found = new Map<string, string>();
  for (const { fact, pattern } of compiled) {
    const value = pattern.exec(text)?.at(-1);
    if (value !== undefined) found.set(fact, trimmed(fact, value));
  }
  for (const { fact, value, pattern } of chosen) if (pattern.test(text)) found.set(fact, value);
  return [...found].filter(([, value]) => value !== "").map(([fact, value]) => ({ name: fact, value }));
};

function choices(fact: string, before: string, values: Record<string, string>) {
  return Object.entries(values).map(([value, words]) => ({
    fact,
    value,
    pattern: new RegExp(`${negated}${before}(?:${words})(?!\\p{L})`, "iu"),
  }));
}

/** A thing ends where another thought begins; of a name, only what is written as one goes on. */
const trimmed = (fact: string, value: string): string => {
  if (fact === "name") {
    const [first = "", ...more] = value.split(" ");
    const end = more.findIndex((part) => !/^\p{Lu}/u.test(part));
    return [first, ...(end < 0 ? more : more.slice(0, end))].join(" ");
  }
  return value.split(turns)[0]?.replace(/[\s,]+$/, "") ?? "";
};

const turns =
  /,? (?:but|so|because|and i|and we|pero|así que|porque|y quiero|y me|mas|então|e quero|e gostaria)(?!\p{L})/iu;
