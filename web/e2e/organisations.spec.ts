// A directorate that has another name today is found by its old one, and an administrator enters what becomes of an organisation.
import { expect, test } from "@playwright/test";

import { look, signIn, told } from "./journey";

test("who funds a call is told by today's name, and the old one leads there too", async ({ page }) => {
  await page.goto("/calls");
  await page.getByRole("link", { name: /MEAE 2025, coopération décentralisée/ }).first().click();
  const funders = page.getByRole("region", { name: "Qui finance" });
  await expect(funders.getByRole("link", { name: /\(DCTCIV\)/ })).toBeVisible();
  await expect(funders.getByText(/Jusqu’au 28 décembre 2023/)).toContainText("(DAECT)");
  await look(page, "organisation-funders");
  await funders.getByRole("link", { name: /\(DCTCIV\)/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: /\(DCTCIV\)/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Ce qu’il est devenu" })).toContainText("Auparavant");
  await expect(page.getByRole("region", { name: "Y sont entrés" })).toContainText("(CIV)");
  await look(page, "organisation");

  await page.goto("/organisations");
  await page.getByLabel("Chercher un organisme").fill("DAECT");
  await expect(page.getByRole("status").filter({ hasText: "1 organisme" })).toBeVisible();
  await expect(page.getByRole("link", { name: /\(DCTCIV\)/ })).toBeVisible();
  await look(page, "organisations");
  // The day before, it had its former name.
  const id = new URL((await page.getByRole("link", { name: /\(DCTCIV\)/ }).getAttribute("href"))!, page.url()).pathname;
  await page.goto(`${id}?as_of=2023-12-28`);
  await expect(page.getByRole("heading", { level: 1, name: /\(DAECT\)/ })).toBeVisible();
});

test("an administrator renames an organisation, merges it, and takes both back", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, "admin");
  await page.goto("/organisations");
  await page.getByRole("button", { name: "Ajouter un organisme" }).click();
  const adding = page.getByRole("dialog", { name: "Ajouter un organisme" });
  await adding.getByLabel("Nom", { exact: true }).fill("Agence du voyage");
  await adding.getByLabel("Sigle").fill("ADV");
  await adding.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Agence du voyage (ADV)" })).toBeVisible();

  await page.getByRole("button", { name: "Il a changé de nom" }).click();
  const renaming = page.getByRole("dialog", { name: "Nouveau nom" });
  await renaming.getByLabel("Nouveau nom").fill("Agence des voyages");
  await renaming.getByRole("button", { name: "Enregistrer" }).click();
  await expect(renaming.getByRole("link", { name: /Premier jour/ })).toBeVisible();
  await renaming.getByLabel("Premier jour").fill("2024-01-01");
  await renaming.getByLabel("Pourquoi").fill("Nouvelle loi.");
  await renaming.getByLabel("Source").fill("Journal officiel");
  await look(page, "organisation-rename");
  await renaming.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Enregistré. L’ancien nom reste connu.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Agence des voyages (ADV)" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Ce qu’il est devenu" })).toContainText("Auparavant : Agence du voyage (ADV)");

  await page.getByRole("button", { name: "Il est entré dans un autre" }).click();
  const merging = page.getByRole("dialog", { name: "Fusion dans un autre organisme" });
  await merging.getByRole("combobox", { name: "Organisme qui prend sa place" }).fill("DAECT");
  await merging.getByRole("option", { name: /DCTCIV/ }).first().click();
  await merging.getByLabel("Premier jour").fill("2025-01-01");
  await merging.getByLabel("Pourquoi").fill("Fusion.");
  await merging.getByLabel("Source").fill("Journal officiel");
  await merging.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText(/n’existe plus depuis le/)).toBeVisible();
  await look(page, "organisation-gone");
  for (const name of ["Agence des voyages (ADV)", "Agence du voyage (ADV)"]) {
    await page.getByRole("button", { name: "Annuler le dernier changement" }).click();
    await expect(page.getByText(/n’existe plus depuis le/)).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await expect(page.getByRole("button", { name: "Annuler le dernier changement" })).toHaveCount(0);
});

test("a city adds the association that works with it, and names it in a partnership", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, "grenoble");
  await page.goto("/organisations");
  await page.getByRole("button", { name: "Ajouter un organisme" }).click();
  const adding = page.getByRole("dialog", { name: "Ajouter un organisme" });
  await adding.getByLabel("Nom", { exact: true }).fill("Atelier du voyage");
  await adding.getByRole("button", { name: "Enregistrer" }).click();
  await expect(adding.getByRole("link", { name: /Type d’acteur/ })).toBeVisible();
  await adding.getByLabel("Type d’acteur").selectOption({ label: "Association" });
  await adding.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Atelier du voyage" })).toBeVisible();
  await expect(page.getByText("Acteur associé · Association, France")).toBeVisible();

  await page.goto("/partnerships/new");
  await page.getByRole("combobox", { name: "Ajouter un réseau ou un acteur associé" }).fill("Atelier du");
  await page.getByRole("option", { name: /Atelier du voyage/ }).click();
  await expect(page.getByRole("combobox", { name: "Rôle de : Atelier du voyage" })).toHaveValue("associated");
  await look(page, "partnership-bodies");
});

test("a twinning leads to its project, and a first phase to the second", async ({ page }) => {
  await page.goto("/partnerships?q=montagnes");
  await page.getByRole("link", { name: /phase 1/ }).first().click();
  await expect(page.getByRole("term").filter({ hasText: "Phase suivante" })).toBeVisible();
  await page.getByRole("link", { name: /phase 2/ }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: /phase 2/ })).toBeVisible();
});
