import { expect, it } from "vitest";
import { atFields } from "./problem";

const refused = (...fields: string[]) => ({ message: "max must be 0 or more", problem: { fields } });
const NAMES = { max: "max", "scope.of": "of", stop_loss_percent: "stop" } as const;

it("a refusal stands at each field that it names", () => {
  expect(atFields(refused("max", "scope.of"), NAMES)).toEqual({ max: "max must be 0 or more", of: "max must be 0 or more" });
  expect(atFields(refused("exits.stop_loss_percent"), NAMES)).toEqual({ stop: "max must be 0 or more" });
});

it.each([["another field", refused("max", "elsewhere")], ["no field", refused()], ["no refusal", null]])("a refusal of %s is said beside the form", (_, error) => expect(atFields(error, NAMES)).toBeNull());
