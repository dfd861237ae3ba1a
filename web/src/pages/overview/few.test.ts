import { expect, it } from "vitest";
import { few } from "./few";

it("does at most so many things at once, and all of them, whatever fails", async () => {
  const run = few(4);
  let [underWay, most] = [0, 0];
  const act = async (number: number) => {
    most = Math.max(most, ++underWay);
    await new Promise((done) => setTimeout(done));
    underWay--;
    if (number % 3 === 0) throw new Error("refused");
    return number;
  };
  const told = await Promise.allSettled(Array.from({ length: 20 }, (_, number) => run(() => act(number))));
  expect(most).toBe(4);
  expect(told.filter(({ status }) => status === "fulfilled")).toHaveLength(13);
});
