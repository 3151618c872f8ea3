// What surrounds the ranking of partners: weights that a city keeps, a search that it watches, and the question why a certain city is not there.
import { expect, test, type Page } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

async function find(page: Page, query = ""): Promise<void> {
  const link = page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link", { name: "Trouver un partenaire" });
  await page.goto(`${await link.getAttribute("href")}${query}`);
  await expect(page.locator(".partner").first()).toBeVisible();
}

test("a city keeps its weights, for its own team only", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await find(page);
  await page.getByText("Ce qui compte pour vous").click();
  const distance = page.getByRole("slider", { name: "Proximité" });
  const usual = await distance.inputValue();
  await distance.focus();
  await page.keyboard.press("End");
  await page.getByRole("button", { name: "Garder ces poids pour Grenoble" }).click();
  await expect(told(page, "Ces poids sont gardés.")).toBeVisible();
  await expect(page.getByText(/Poids de Grenoble, gardés le/)).toBeVisible();
  // Nothing is left to be said in the address.
  await expect(page).not.toHaveURL(/weights=/);
  await look(page, "partners-weights");
  await find(page);
  await page.getByText("Ce qui compte pour vous").click();
  await expect(distance).toHaveValue("100");

  const theirs = await somebodyElse(browser, "kremenchuk");
  await find(theirs);
  await theirs.getByText("Ce qui compte pour vous").click();
  await expect(theirs.getByRole("slider", { name: "Proximité" })).toHaveValue(usual);
  await theirs.context().close();

  await page.getByRole("button", { name: "Revenir aux poids habituels" }).click();
  await expect(distance).toHaveValue(usual);
  await page.getByRole("button", { name: "Garder ces poids pour Grenoble" }).click();
  await expect(page.getByRole("button", { name: /Garder ces poids/ })).toHaveCount(0);
});

test("many cards follow a slider: those in sight at once, all when it rests", async ({ page }) => {
  await signIn(page, "grenoble");
  await find(page);
  // The map has come, so that nothing moves under the pointer any more.
  await expect(page.getByRole("button", { name: "Agrandir la carte" })).toBeVisible();
  const cards = page.locator(".partner");
  for (const count of [24, 36, 48, 60]) {
    await page.getByRole("button", { name: "Afficher la suite" }).click();
    await expect(cards).toHaveCount(count);
  }
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.getByText("Ce qui compte pour vous").click();
  const scores = (inSight: boolean) =>
    page.evaluate(async (inSight) => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      const cards = [...document.querySelectorAll(".partner")].filter((card) => !inSight || card.getBoundingClientRect().top < innerHeight);
      return cards.map((card) => Number.parseInt(card.querySelector(".partner-score strong")?.textContent ?? "", 10));
    }, inSight);
  const falling = (scores: number[]) => scores.every((score, at) => at === 0 || score <= (scores[at - 1] ?? 0));
  const before = await cards.first().innerText();
  // One long way and some steps, without a rest.
  const distance = page.getByRole("slider", { name: "Proximité" });
  for (const value of ["100", "99", "98"]) {
    await distance.fill(value);
    const seen = await scores(true);
    expect(seen.length).toBeGreaterThan(1);
    expect(falling(seen), `in sight with ${value}: ${seen.join(" ")}`).toBe(true);
  }
  expect(await cards.first().innerText()).not.toBe(before);
  await expect(page).toHaveURL(/weights=/);
  await expect.poll(async () => falling(await scores(false))).toBe(true);
  await expect(cards).toHaveCount(60);
});

test("a search is watched, and a city that begins to fit is told of", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "clermont");
  await find(page, "?country=AM");
  await page.getByLabel("Elle offre").selectOption({ label: "Autonomisation des femmes" });
  await expect(page).toHaveURL(/offers=women/);
  await page.getByRole("button", { name: "Suivre cette recherche" }).click();
  const dialog = page.getByRole("dialog", { name: "Suivre cette recherche" });
  await expect(dialog.getByLabel("Nom de la recherche")).toHaveValue("Arménie, Offre\u00a0: Autonomisation des femmes");
  await dialog.getByLabel("Nom de la recherche").fill("Arménie, femmes");
  await look(page, "watch");
  await dialog.getByRole("button", { name: "Suivre", exact: true }).click();
  await expect(told(page, "« Arménie, femmes » est suivie.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Recherches suivies" }).getByRole("link", { name: "Arménie, femmes" })).toBeVisible();

  // Sevan says that it offers just that.
  const sevan = await somebodyElse(browser, "sevan");
  await sevan.evaluate(async () => {
    const read = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const session = await read("/session");
    const id = session.account.grants[0].grant.city_id;
    const city = await read(`/cities/${id}`);
    const offers = [...city.offer_statements, { theme: "women", urgency: "high" }];
    const answer = await fetch(`/api/v1/cities/${id}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json", "If-Match": `"${city.version}"`, "X-CSRF-Token": session.csrf_token },
      body: JSON.stringify({ offer_statements: offers }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  });
  await sevan.context().close();

  await page.goto("/matches");
  const news = page.getByRole("region", { name: "Du nouveau dans vos recherches" });
  await expect(news.getByText("1 nouvelle collectivité correspond.")).toBeVisible();
  await expect(news.getByRole("link", { name: "Sevan" })).toBeVisible();
  await look(page, "matches-news");
  await news.getByRole("link", { name: "Voir dans le classement" }).click();
  await expect(page).toHaveURL(/country=AM/);
  await expect(page.locator(".partner").filter({ hasText: "Sevan" })).toBeVisible();
  await page.goBack();
  await news.getByRole("button", { name: "Marquer comme vu Arménie, femmes" }).click();
  await expect(news).toHaveCount(0);

  // No longer watched, and watched again.
  await find(page);
  const watched = page.getByRole("region", { name: "Recherches suivies" });
  await watched.getByRole("button", { name: "Retirer Arménie, femmes" }).click();
  await expect(watched).toHaveCount(0);
  await page.locator(".toasts").getByRole("button", { name: "Annuler" }).click();
  await expect(watched.getByRole("link", { name: "Arménie, femmes" })).toBeVisible();
});

test("why a certain city is not there", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await find(page);
  const ask = async (name: string, option: RegExp) => {
    await page.getByRole("combobox", { name: "Pourquoi pas telle collectivité ?" }).fill(name);
    await page.getByRole("option", { name: option }).first().click();
    await expect(page.getByRole("heading", { name: /^Pourquoi pas .* \?$/ })).toBeFocused();
    return page.locator(".why-not");
  };
  let answer = await ask("Sevan", /^Sevan/);
  await expect(answer.getByText(/Vous êtes déjà partenaires/)).toBeVisible();
  answer = await ask("Lyon", /^Lyon/);
  await expect(answer.getByText(/Elle est dans votre pays/)).toBeVisible();
  answer = await ask("Vinnytsia", /^Vinnytsia|^Vinnytsya/);
  await expect(answer.getByText("Un échange est déjà ouvert avec elle.")).toBeVisible();

  // One that is left out by a filter, and then has its place.
  await page.getByLabel("Pays").first().selectOption({ label: "Géorgie" });
  await expect(page).toHaveURL(/country=GE/);
  answer = await ask("Ternopil", /^Ternopil/);
  await expect(answer.getByText("Vos filtres l’excluent : Géorgie.")).toBeVisible();
  await look(page, "why-not");
  await answer.getByRole("button", { name: "Retirer ces filtres" }).click();
  await expect(page).not.toHaveURL(/country=/);
  await expect(answer.getByText(/^Elle est à la place/)).toBeVisible();
  await expect(answer.locator(".reasons")).toBeVisible();
  await answer.getByRole("button", { name: "Fermer" }).click();
  await expect(answer).toHaveCount(0);
});
