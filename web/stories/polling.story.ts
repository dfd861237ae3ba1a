import { it } from "vitest";
import { close, entered, paperAccount, person, stories, until } from "./support";

stories();

it("an answer that has not changed is not sent again", async () => {
  const trader = await person("trader");
  await paperAccount(trader);
  const opened = await entered(trader);
  const told: { path: string; status: number }[] = [];
  opened.page.on("response", (response) => told.push({ path: new URL(response.url()).pathname, status: response.status() }));
  await opened.page.goto("/positions");
  await opened.page.getByText("There is no position").waitFor();
  await until("a 304", async () => told.some(({ path, status }) => path === "/api/v1/position-groups" && status === 304));
  await opened.page.getByText("There is no position").waitFor();
  await close(opened);
});
