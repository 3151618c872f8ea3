// A programme matches a whole cohort: its officer prepares, tries out, matches and publishes; a city wishes and answers.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const NAME = "Ponts de confiance (démonstration)";

test("an officer prepares a round, and what is wrong is told at its field", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "meae");
  await page.locator("#account-menu").click();
  await page.getByRole("link", { name: "Appariement" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Appariement" })).toBeVisible();
  await look(page, "rounds");
  await page.getByRole("link", { name: "Préparer un appariement" }).click();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("link", { name: /Nom/ }).first()).toBeVisible();
  await look(page, "round-new");

  await page.getByLabel("Nom", { exact: true }).fill("Ronde des lacs");
  const sides = page.getByRole("group");
  await sides.filter({ hasText: /^Premier côté/ }).getByLabel("Nom du côté").fill("Villes arméniennes");
  await sides.filter({ hasText: /^Second côté/ }).getByLabel("Nom du côté").fill("Communes françaises");
  await page.getByRole("textbox", { name: /^Pays saturés/ }).fill("FR 3");
  await page.getByRole("button", { name: /^Ajouter Pays saturés/ }).click();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ronde des lacs" })).toBeVisible();
  await expect(page.getByText("En préparation").first()).toBeVisible();

  // Members one by one; a round without any cannot be matched.
  await expect(page.getByRole("button", { name: "Apparier", exact: true })).toHaveCount(0);
  await page.getByRole("combobox", { name: "Ajouter une collectivité" }).fill("Sevan");
  await page.getByRole("option", { name: /Sevan/ }).first().click();
  await expect(page.getByRole("row", { name: /Sevan/ })).toBeVisible();
  await look(page, "round-draft");
  await page.getByRole("button", { name: "Abandonner", exact: true }).click();
  await page.getByRole("dialog", { name: "Abandonner" }).getByRole("button", { name: "Abandonner" }).click();
  await expect(page.getByText("Abandonné").first()).toBeVisible();
});

test("a round is wished for, tried out, matched, checked, published and answered", async ({ page, browser }) => {
  test.setTimeout(300_000);
  // The city's staff wishes while the round is open.
  const city = await somebodyElse(browser, "kremenchuk");
  await city.goto("/rounds");
  await city.getByRole("link", { name: NAME }).click();
  await expect(city.getByRole("heading", { name: "Vos souhaits" })).toBeVisible();
  await city.getByRole("combobox", { name: "Souhaiter une collectivité" }).fill("Grenoble");
  await city.getByRole("option", { name: /^Grenoble/ }).first().click();
  await city.getByRole("button", { name: "Enregistrer les souhaits" }).click();
  await expect(told(city, "Souhaits enregistrés.")).toBeVisible();
  await look(city, "round-wishes");

  const other = await somebodyElse(browser, "grenoble");
  await other.goto("/rounds");
  await other.getByRole("link", { name: NAME }).click();
  await other.getByRole("combobox", { name: "Souhaiter une collectivité" }).fill("Krementchouk");
  await other.getByRole("option", { name: /Krementchouk|Kremen/ }).first().click();
  await other.getByRole("button", { name: "Enregistrer les souhaits" }).click();
  await expect(told(other, "Souhaits enregistrés.")).toBeVisible();

  // The officer tries it out: nobody else sees anything.
  await signIn(page, "meae");
  await page.goto("/rounds");
  await page.getByRole("link", { name: NAME }).click();
  await page.getByRole("button", { name: "Essayer" }).click();
  await expect(page.getByRole("heading", { name: "Résultat de l’essai" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/paires possibles ont été comparées/)).toBeVisible();

  // Then for good; the certificate is checked here, in the browser.
  await page.getByRole("button", { name: "Apparier", exact: true }).click();
  await page.getByRole("dialog", { name: "Apparier" }).getByRole("button", { name: "Apparier" }).click();
  await expect(page.getByRole("heading", { name: "Résultat", exact: true })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Vérifier dans ce navigateur" }).click();
  await expect(page.getByText(/Vérifié dans votre navigateur/)).toBeVisible({ timeout: 60_000 });
  await look(page, "round-result");

  // Sorted and filtered in the address; out as a sheet.
  await page.getByRole("button", { name: "Villes ukrainiennes", exact: true }).first().click();
  await expect(page).toHaveURL(/sort=first/);
  await page.getByLabel("Souhaitées seulement").check();
  await expect(page).toHaveURL(/wished=true/);
  await expect(page.getByRole("row", { name: /Grenoble/ })).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Exporter en CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/^round-.*\.csv$/);

  await page.getByRole("button", { name: "Publier" }).click();
  await page.getByRole("dialog", { name: "Publier" }).getByRole("button", { name: "Publier" }).click();
  await expect(page.getByText("Publié").first()).toBeVisible();

  // A city accepts; the other's answer, and the partnership that both make, are told by the tests of the server: the two
  // find each other by themselves in another journey.
  await city.goto("/rounds");
  const card = city.getByRole("article").filter({ hasText: "Proposée" }).first();
  await card.getByRole("button", { name: /^Accepter/ }).click();
  await expect(told(city, "Votre accord est enregistré")).toBeVisible();
  await look(city, "round-accepted");
  await other.goto("/rounds");
  await expect(other.getByRole("article").filter({ hasText: "Acceptée d’un côté" }).first()).toBeVisible();
  await city.context().close();
  await other.context().close();
});
