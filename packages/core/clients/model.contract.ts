import { beforeAll, describe, expect, it } from "vitest";
import type { Answer, Model, Turn } from "./model.ts";

/** What the customer is after, in words that the implementation understands or was prepared for. */
export type Scene = "question" | "greeting" | "unknown" | "person";
export type SceneSetting = { model: Model; turns: Turn[] };

/** What every `Model` does. `sources` are all that there are; `open` prepares a model for one scene. */
export const modelContract = (
  name: string,
  { sources, open }: { sources: ReadonlySet<string>; open: (scene: Scene) => Promise<SceneSetting> },
): void => {
  const answerIn = async (scene: Scene): Promise<Answer> => {
    const { model, turns } = await open(scene);
    const answer = await model.answer({ turns });
    if ("declined" in answer) throw new Error(`declined: ${answer.declined}`);
    return answer;
  };

  describe(`${name} as a model`, () => {
    describe.each<Scene>(["question", "greeting", "unknown", "person"])(
      "to a customer with a %s",
      (scene) => {
        let answer: Answer;
        beforeAll(async () => void (answer = await answerIn(scene)));

        it("says something that WhatsApp takes, in a language that has a name", () => {
          expect(answer.text.trim()).not.toBe("");
          expect([...answer.text].length).toBeLessThanOrEqual(4_096);
          expect(() => new Intl.Locale(answer.language)).not.toThrow();
        });

        it("needs a person exactly when it hands over", () => {
          expect(answer.needsHuman).toBe(answer.intent === "hand-over");
          expect(answer.needsHuman).toBe(scene === "person");
        });

        it("is as sure as a share of one, and names only sources that there are", () => {
          expect(answer.confidence).toBeGreaterThanOrEqual(0);
          expect(answer.confidence).toBeLessThanOrEqual(1);
          expect(answer.sources.every((source) => sources.has(source))).toBe(true);
          expect(answer.sources.length > 0).toBe(scene === "question");
        });

        it("offers choices that can be tapped, if any", () => {
          for (const { id, title } of answer.choices ?? []) {
            expect(id).not.toBe("");
            expect([...title].length).toBeLessThanOrEqual(20);
          }
          expect((answer.choices ?? []).length).toBeLessThanOrEqual(10);
        });

        it("says who made it, from which prompt, and for how much", () => {
          expect(answer.model.id).not.toBe("");
          expect(answer.promptHash).toMatch(/^[0-9a-f]{64}$/);
          expect(answer.use === undefined).toBe(answer.model.source === "offline");
          expect(answer.use?.inputTokens).not.toBe(0);
        });
      },
    );

    it("is made from the same prompt whatever is asked", async () => {
      const [one, other] = await Promise.all([answerIn("question"), answerIn("greeting")]);
      expect(one.promptHash).toBe(other.promptHash);
    });

    it.each<{ turns: Turn[] }>([
      { turns: [] },
      { turns: [{ from: "business", kind: "text", text: "Hello!" }] },
    ])("has nothing to answer where no customer waits: $turns", async ({ turns }) => {
      const { model } = await open("greeting");
      await expect(model.answer({ turns })).rejects.toThrow("No customer turn awaits an answer");
    });
  });
};
