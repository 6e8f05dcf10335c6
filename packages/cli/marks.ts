import { paint } from "./output.ts";

/** How something was found. */
export type Level = "ok" | "repaired" | "warning" | "bad";

export const mark = (level: Level): string => {
  switch (level) {
    case "ok":
      return paint("green", "✓");
    case "repaired":
      return paint("yellow", "⟳");
    case "warning":
      return paint("yellow", "!");
    case "bad":
      return paint("red", "✗");
  }
};
