// What follows an accepted file: the officer makes the contract, both sign, the city asks for money and the officer pays; the final report unlocks the rest.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const FILE = /les jardins des écoles/;

test("a grant from its contract to its end", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "meae");
  await page.goto("/review");
  await page.getByRole("link", { name: "Subventions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Subventions" })).toBeVisible();
  // What is overdue stands first, and says so.
  const first = page.getByRole("row").nth(1);
  await expect(first).toContainText("des archives partagées");
  await expect(first).toContainText("En retard");
  await look(page, "grants");
  await page.getByRole("navigation", { name: "Filtrer les subventions" }).getByRole("link", { name: "En retard" }).click();
  await expect(page.getByRole("status").filter({ hasText: "1 subvention" })).toBeVisible();

  await page.getByRole("button", { name: FILE }).click();
  const dialog = page.getByRole("dialog", { name: "Établir la convention" });
  await dialog.getByRole("button", { name: "Établir la convention" }).click();
  await expect(dialog.getByRole("link", { name: /Référence/ })).toBeVisible();
  await look(page, "grant-contract");
  await dialog.getByLabel("Référence").fill("DEMO-2025-003");
  await dialog.getByLabel("Date de la convention").fill("2026-01-15");
  await dialog.getByRole("button", { name: "Établir la convention" }).click();
  await expect(page.getByRole("heading", { level: 1, name: FILE })).toBeVisible();
  await page.getByRole("button", { name: "Signer la convention" }).click();
  await expect(told(page, "Convention signée.")).toBeVisible();
  await expect(page.getByText("Le chef de file signe la convention")).toBeVisible();

  const city = await somebodyElse(browser, "grenoble");
  await city.goto("/applications");
  await city.getByRole("link", { name: "Subventions" }).click();
  await city.getByRole("link", { name: FILE }).click();
  await city.getByRole("button", { name: "Signer la convention" }).click();
  await expect(city.getByText("Le chef de file demande le versement suivant")).toBeVisible();
  await look(city, "grant-city");
  await city.getByRole("button", { name: "Demander le versement" }).click();
  await expect(told(city, "Versement demandé.")).toBeVisible();

  const press = async (name: string, done: string) => {
    await page.getByRole("button", { name }).click();
    await expect(told(page, done)).toBeVisible();
  };
  await page.reload();
  await press("Approuver la demande", "Demande approuvée.");
  await press("Marquer comme versé", "Versement enregistré.");
  await expect(page.locator(".stacked")).toContainText("14 400");

  // The rest waits for the final report, which is sent back once.
  await city.reload();
  await city.getByRole("button", { name: "Remettre le compte rendu final" }).click();
  const report = city.getByRole("dialog", { name: "Compte rendu" });
  await report.getByRole("button", { name: "Remettre le compte rendu final" }).click();
  await expect(report.getByRole("link", { name: /Dépensé/ })).toBeVisible();
  await report.getByLabel("Ce qui a été fait").fill("Six jardins plantés avec les classes des deux villes.");
  await report.getByLabel("Dépensé jusqu’ici").fill("36 000");
  await report.getByRole("button", { name: "Remettre le compte rendu final" }).click();
  await expect(told(city, "Compte rendu remis.")).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "Renvoyer le compte rendu" }).click();
  const back = page.getByRole("dialog", { name: "Renvoyer" });
  await back.getByLabel("Motif").fill("Il manque le bilan des écoles.");
  await back.getByRole("button", { name: "Renvoyer" }).click();
  await expect(told(page, "Compte rendu renvoyé.")).toBeVisible();
  await city.reload();
  await expect(city.getByText("Il manque le bilan des écoles.")).toBeVisible();
  await look(city, "grant-returned");
  await city.getByRole("button", { name: "Remettre le compte rendu final" }).click();
  await report.getByLabel("Ce qui a été fait").fill("Six jardins plantés ; le bilan des écoles est joint.");
  await report.getByLabel("Dépensé jusqu’ici").fill("36 000");
  await report.getByRole("button", { name: "Remettre le compte rendu final" }).click();
  await expect(told(city, "Compte rendu remis.")).toBeVisible();

  await page.reload();
  await press("Accepter le compte rendu", "Compte rendu accepté.");
  await city.reload();
  await city.getByRole("button", { name: "Demander le versement" }).click();
  await expect(told(city, "Versement demandé.")).toBeVisible();
  await page.reload();
  await press("Approuver la demande", "Demande approuvée.");
  await press("Marquer comme versé", "Versement enregistré.");
  await press("Clôturer la subvention", "Subvention clôturée.");
  await expect(page.getByText("Tout est rendu et versé")).toBeVisible();
  await look(page, "grant-closed");
  await city.context().close();
});

test("the figures of a campaign, computed, and what is claimed beside them", async ({ page }) => {
  await page.goto("/calls");
  await page.getByRole("link", { name: "Chiffres des campagnes" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Appels à projets 2025/ })).toBeVisible();
  const figures = page.locator(".campaign-figures");
  for (const figure of ["10", "158", "91", /57,6\s%/]) await expect(figures).toContainText(figure);
  await expect(page.getByText(/annonce 60\s%\s; les dossiers donnent 57,6\s%/)).toBeVisible();
  await page.getByText("en tableau").first().click();
  await expect(page.getByRole("row", { name: /jeunesse/ })).toContainText("28");
  await look(page, "campaign");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Exporter en CSV" }).click();
  expect((await download).suggestedFilename()).toBe("campaign-2025.csv");
});

test("the contracts of a call are made together", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "meae");
  await page.goto("/grants");
  const waiting = page.getByRole("region", { name: /acceptés? attend(ent)? (sa|leur) convention/ });
  await waiting.getByLabel("Appel").selectOption({ label: "MEAE 2025, jumelages d'avenir (démonstration)" });
  const ticks = waiting.getByRole("checkbox");
  await expect(ticks).toHaveCount(6);
  await waiting.getByRole("button", { name: "Tout choisir" }).click();
  await ticks.first().uncheck();
  await expect(waiting.getByText("5 dossiers choisis")).toBeVisible();
  await look(page, "grants-together");
  await waiting.getByRole("button", { name: "Établir les conventions ensemble" }).click();
  const dialog = page.getByRole("dialog", { name: "Établir les conventions ensemble" });
  await dialog.getByRole("button", { name: "Établir les conventions ensemble" }).click();
  await expect(dialog.getByRole("link", { name: /Référence de la première convention/ })).toBeVisible();
  await dialog.getByLabel("Référence de la première convention").fill("DEMO-J-098");
  await expect(dialog.getByText("De DEMO-J-098 à DEMO-J-102.")).toBeVisible();
  await dialog.getByLabel("Date de la convention").fill("2026-02-01");
  await look(page, "grants-together-form");
  await dialog.getByRole("button", { name: "Établir les conventions ensemble" }).click();
  await expect(told(page, "5 conventions établies. Les collectivités chefs de file peuvent les signer.")).toBeVisible();
  await expect(ticks).toHaveCount(1);
});
