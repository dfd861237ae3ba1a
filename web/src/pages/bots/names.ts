import { bots as botsTexts } from "@/texts/bots";

/** As `/strategies/list` names rules that are written. */
export const RULES = "RULES";

/** The strategy as readers know it. */
export const strategyName = (name: string): string => (name === RULES ? botsTexts.rules : name);
