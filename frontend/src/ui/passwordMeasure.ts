import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import type { Strength } from "./PasswordStrength";

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, useLevenshteinDistance: true });

/** Longer passwords are measured by their beginning; the time this takes grows faster than the length. */
const measuredLength = 128;

export function measure(password: string, known: string[]): Strength {
  const { score, sequence } = zxcvbn.check(password.slice(0, measuredLength), known);
  return { score, advice: score >= 3 ? "" : advise(sequence.map((part) => part.pattern)) };
}

function advise(patterns: string[]): string {
  if (patterns.includes("dictionary"))
    return "It holds a word or password that is often used. Three or four unrelated words are better.";
  if (patterns.includes("spatial")) return "Keys that lie side by side are guessed early.";
  if (patterns.includes("repeat") || patterns.includes("sequence"))
    return "Repeats and rows such as abc or 123 add little.";
  if (patterns.includes("date")) return "Dates are guessed early.";
  return "Make it longer: three or four unrelated words are enough.";
}
