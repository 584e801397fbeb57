import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import type { Strength } from "./PasswordStrength";

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, useLevenshteinDistance: true });

/** Only this many characters are measured, since the time grows faster than the length. */
const measuredLength = 128;

export function measure(password: string, known: string[]): Strength {
  const { score, sequence } = zxcvbn.check(password.slice(0, measuredLength), known);
  return { score, advice: score >= 3 ? "" : advise(sequence.map((part) => part.pattern)) };
}

function advise(patterns: string[]): string {
  if (patterns.includes("dictionary"))
    return "It contains a common word or password. Three or four unrelated words are better.";
  if (patterns.includes("spatial")) return "Keys that are next to each other are easy to guess.";
  if (patterns.includes("repeat") || patterns.includes("sequence"))
    return "Repeats and sequences such as abc or 123 add little.";
  if (patterns.includes("date")) return "Dates are easy to guess.";
  return "Make it longer: three or four unrelated words are enough.";
}
