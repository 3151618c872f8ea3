// A town that stands twice becomes one, by keys alone, and two again; and a referent works through the radar.
import { expect, test } from "@playwright/test";

import { look, signIn, told } from "./journey";

test("a double is merged by keyboard, and the merge is taken back", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "admin");
  await page.locator("#account-menu").click();
  await page.getByRole("link", { name: "Doublons" }).click();
  const card = page.locator("li.double", { hasText: "Boiarka" });
  await expect(card).toBeVisible();
  await expect(card.getByText("Même nom, autre graphie")).toBeVisible();
  await expect(card.getByText(/habitants l’une et l’autre/)).toBeVisible();
  await look(page, "doubles");

  const title = page.getByRole("heading", { name: /Boyarka et Boiarka|Boiarka et Boyarka/ });
  await page.locator("body").press("j");
  for (let at = 0; at < 25 && !(await title.evaluate((node) => node === document.activeElement)); at += 1) {
    await page.keyboard.press("j");
  }
  await expect(title).toBeFocused();
  await page.keyboard.press("m");
  await expect(told(page, "Les deux fiches n’en font plus qu’une.")).toBeVisible();
  await expect(card).toHaveCount(0);
  await page.getByRole("link", { name: "Réunies" }).click();
  await expect(card).toContainText("Doublon");
  await expect(card.getByText("Réunie à l’autre")).toBeVisible();
  await look(page, "doubles-merged");
  await card.getByRole("button", { name: /^Annuler/ }).click();
  await expect(told(page, "La décision est annulée.")).toBeVisible();
  await page.getByRole("link", { name: "À examiner" }).click();
  await expect(card).toBeVisible();
});

test("a search is asked for, tells its progress, and ends", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "admin");
  await page.goto("/doubles");
  await page.getByRole("button", { name: "Chercher maintenant" }).click();
  await expect(page.getByText(/La recherche attend son tour|sont comparés/)).toBeVisible();
  await expect(told(page, /nouvelles? propositions?/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("button", { name: "Arrêter la recherche" })).toHaveCount(0);
});

test("two that the search did not see are named by hand, and come first", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/doubles");
  await page.getByRole("button", { name: "Signaler un doublon" }).click();
  const dialog = page.getByRole("dialog", { name: "Ces deux-là n’en font qu’une" });
  const name = async (label: string, words: string, wanted: RegExp) => {
    await dialog.getByRole("combobox", { name: label }).fill(words);
    await dialog.getByRole("option", { name: wanted }).first().click();
  };
  await name("La première", "Voiron", /Voiron/);
  await dialog.getByRole("button", { name: "Proposer" }).click();
  await expect(dialog.getByRole("link", { name: /La seconde/ })).toBeVisible();
  await name("La seconde", "Voreppe", /Voreppe/);
  await dialog.getByLabel("Pourquoi").fill("Pour voir.");
  await look(page, "doubles-propose");
  await dialog.getByRole("button", { name: "Proposer" }).click();
  await expect(told(page, "Proposition ajoutée en tête de la liste.")).toBeVisible();
  const first = page.locator("li.double", { hasText: "Voreppe" });
  await expect(first).toContainText("Voiron");
  // It is for a person to decide, and to say that they are two after all.
  await first.getByRole("button", { name: "Ce sont deux" }).click();
  await expect(first).toHaveCount(0);
});

test("a referent sees what needs attention, and goes there", async ({ page }) => {
  await signIn(page, "grenoble");
  await page.locator("#account-menu").click();
  await page.getByRole("link", { name: "Radar" }).click();
  await expect(page.getByRole("heading", { name: "Radar", level: 1 })).toBeVisible();
  await look(page, "radar");
});
