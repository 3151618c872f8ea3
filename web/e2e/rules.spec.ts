// Anybody reads what changed from one year's rules to the next; an officer writes the next version, tries it on a budget while typing, and publishes it;
// another one sets the criteria of a call.
import { expect, test } from "@playwright/test";

import { look, signIn, told } from "./journey";

test("funding rules: compared in words, tried on a budget, published as the next version", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/calls");
  await page.getByRole("link", { name: /MEAE 2025, coopération décentralisée/ }).click();
  await page.getByRole("link", { name: "Toutes les versions de ces règles" }).click();
  await expect(page.getByRole("heading", { level: 2, name: /MEAE 2025, version 1/ })).toBeVisible();
  const changes = page.getByRole("region", { name: "Ce qui change" });
  await expect(changes).toContainText(/Pays les moins avancés\s: le plafond baisse de 90\s%\sà 70\s%/);
  await expect(changes).toContainText(/un taux unique de 60\s%/);
  await look(page, "rules-versions");
  // A visitor reads, and writes nothing.
  await expect(page.getByRole("link", { name: "Préparer la version suivante" })).toHaveCount(0);

  const here = page.url();
  await signIn(page, "meae");
  await page.goto(here);
  await page.getByRole("link", { name: "Préparer la version suivante" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Préparer la version suivante" })).toBeVisible();
  const trial = page.locator(".trial-compare");
  // 10,000 € in France, 40,000 € in Armenia, 30,000 € in Senegal: 60 % of the whole are better than 3,000 + 20,000 + 21,000 €.
  await expect(trial).toContainText(/48\s000\s€ avec les règles d’avant, 48\s000\s€ avec celles-ci/);
  const dates = page.getByLabel("Valable à partir du");
  await dates.fill("2025-01-01");
  await page.getByLabel("Taux unique sur plusieurs pays").fill("50");
  await expect(trial).toContainText(/48\s000\s€ avec les règles d’avant, 44\s000\s€ avec celles-ci/);
  await expect(page.getByText(/règle à revoir/)).toBeVisible();
  await expect(page.locator(".change-list")).toContainText(/Le taux unique pour plusieurs pays passe de 60\s%\sà 50\s%/);
  await page.locator("#rules-ldc").fill("120");
  await page.getByLabel("Dernière tranche, en parts").fill("80 + 10");
  await expect(page.getByText(/La somme est de 90\s%/)).toBeVisible();
  await page.getByRole("button", { name: "Publier cette version" }).click();
  // Each fault stands at its field: a rate above the whole, parts that do not add up, a day that is taken.
  await expect(page.getByRole("link", { name: /Pays les moins avancés.*Au plus 100\s%/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Valable à partir du.*recouvre une version précédente/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Dernière tranche/ })).toBeVisible();
  await look(page, "rules-faults");
  await page.locator("#rules-ldc").fill("80");
  await page.getByLabel("Dernière tranche, en parts").fill("70 + 30");
  await dates.fill("2031-01-01");
  await expect(trial).toContainText(/47\s000\s€ avec celles-ci/);
  await look(page, "rules-edit");
  await page.getByRole("button", { name: "Publier cette version" }).click();
  await expect(told(page, /MEAE 2025, version 2/)).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: /MEAE 2025, version 2/ })).toBeVisible();
  await expect(changes).toContainText(/Pays les moins avancés\s: le plafond monte de 70\s%\sà 80\s%/);
  await expect(changes).toContainText(/La dernière tranche est versée 70\s%\spuis 30\s%/);

  // The call keeps the version that it was opened with.
  await page.goto("/calls");
  await page.getByRole("link", { name: /MEAE 2025, coopération décentralisée/ }).click();
  await expect(page.getByText(/un taux unique de 60\s% sur l’ensemble/)).toBeVisible();
});

test("an officer sets what the files of a call are judged by", async ({ page }) => {
  await signIn(page, "meae");
  await page.goto("/calls");
  await page.getByRole("link", { name: /MEAE 2025, coopération décentralisée/ }).click();
  await page.getByRole("link", { name: "Critères d’évaluation" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Critères d’évaluation" })).toBeVisible();
  const before = await page.locator(".criterion-card").count();
  await page.getByRole("button", { name: "Ajouter un critère" }).click();
  const added = page.locator(".criterion-card").nth(before);
  await added.getByLabel("Critère").fill("Le projet dure-t-il ?");
  await added.getByLabel("Note la plus basse").fill("5");
  await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
  await expect(page.getByRole("link", { name: /Note la plus haute/ })).toBeVisible();
  await added.getByLabel("Note la plus basse").fill("1");
  await look(page, "criteria");
  await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
  await expect(told(page, "Les critères sont enregistrés.")).toBeVisible();
});
