// Time given in kind: a city picks whose time it is and types the hours; the amount is computed at once, and all of it is read in the file.
import { expect, test } from "@playwright/test";

import { look, signIn } from "./journey";

const TITLE = "Du temps d’agents pour la paix";

test("a contribution is stated as hours, and worth what the rules say", async ({ page }) => {
  await signIn(page, "grenoble");
  await page.goto("/calls");
  await page.getByRole("main").getByRole("link", { name: /INSPIRE, nouvelle cohorte/ }).click();
  await page.getByRole("button", { name: "Commencer un dossier" }).click();
  const dialog = page.getByRole("dialog", { name: "Commencer un dossier" });
  await dialog.getByLabel("Titre du projet").fill(TITLE);
  await dialog.getByRole("button", { name: "Créer le dossier" }).click();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();

  await page.getByRole("link", { name: /^Budget/ }).click();
  await page.getByRole("button", { name: "Ajouter un apport" }).click();
  await page.getByLabel("Forme, apport 1").selectOption({ label: "Temps d'agents, en heures" });
  const time = page.getByLabel("Temps donné, apport 1");
  const amount = page.getByLabel("Montant (EUR), apport 1");
  await time.fill("12,5");
  // 12.5 hours at 30 €.
  await expect(amount).toHaveValue("375");
  await expect(amount).not.toBeEditable();
  await time.fill("douze");
  await expect(page.getByText(/Écrivez combien, avec deux décimales au plus/)).toBeVisible();
  await look(page, "application-time-wrong");
  await time.fill("40,25");
  await expect(amount).toHaveValue("1\u202f207,50");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await look(page, "application-time");

  await page.reload();
  await expect(page.getByLabel("Temps donné, apport 1")).toHaveValue("40,25");
  await page.getByRole("link", { name: /^Vérifi/ }).click();
  await expect(page.getByText(/Temps d'agents, en heures\s: 40,25 × 30/)).toBeVisible();
});
