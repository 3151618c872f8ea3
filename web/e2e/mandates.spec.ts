// After an election a town's staff is asked whether a contact is still the right person; an administrator enters elections.
import { expect, test } from "@playwright/test";

import { look, signIn, told } from "./journey";

test("a town confirms a contact after the election", async ({ page }) => {
  await signIn(page, "clermont");
  await page.locator("#account-menu").click();
  await page.getByRole("link", { name: "Radar" }).click();
  const asked = page.getByRole("listitem").filter({ hasText: /Une élection a eu lieu le 22 mars 2026/ });
  await asked.getByRole("link", { name: "Revoir les contacts" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "1 contact à confirmer" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Élections" })).toContainText("Élections municipales et communautaires");
  await look(page, "contacts");
  const person = page.getByRole("listitem").filter({ hasText: "Dominique Exemple" });
  await expect(person.getByRole("link", { name: "Quelque chose a changé" })).toHaveAttribute("href", /\/edit#contacts$/);
  await person.getByRole("button", { name: /Toujours la bonne personne/ }).click();
  await expect(told(page, "Dominique Exemple : confirmé.")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Aucun contact n’attend de confirmation" })).toBeVisible();
});

test("a link that nobody was given says so and changes nothing", async ({ page }) => {
  await page.goto("/confirm?token=nothing");
  await expect(page.getByRole("heading", { level: 1, name: "Confirmer un contact" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Toujours la bonne personne" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Voir les contacts après connexion" })).toBeVisible();
  await look(page, "confirm");
});

test("an administrator enters an election, deletes it and takes that back", async ({ page }) => {
  await signIn(page, "admin");
  await page.locator("#account-menu").click();
  await page.getByRole("link", { name: "Élections" }).click();
  await page.getByRole("button", { name: "Inscrire une élection" }).click();
  const form = page.getByRole("dialog", { name: "Inscrire une élection" });
  await form.getByLabel("Ce qui est élu").fill("Élections régionales");
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await expect(form.getByRole("link", { name: /Jour de la décision/ })).toBeVisible();
  await form.getByLabel("Jour de la décision").fill("2028-03-26");
  await form.getByLabel("Quelles collectivités").selectOption("region");
  await form.getByLabel("Source").fill("Essai");
  await look(page, "election-new");
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Élection inscrite.")).toBeVisible();
  const entered = page.getByRole("listitem").filter({ hasText: "Élections régionales" });
  await expect(entered).toContainText("26 mars 2028");
  await look(page, "elections");
  await entered.getByRole("button", { name: /Supprimer/ }).click();
  await expect(entered).toHaveCount(0);
  await page.locator(".toasts").getByRole("button", { name: "Annuler" }).click();
  await expect(entered).toBeVisible();
});
