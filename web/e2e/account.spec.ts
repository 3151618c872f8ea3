// A person decides how often mails come, and how they are called.
import { expect, test } from "@playwright/test";

import { look, signIn } from "./journey";

test("a person chooses when mails come, and others read the new name", async ({ page }) => {
  await signIn(page, "sevan");
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Compte et messages" })).toBeVisible();
  await expect(page.getByLabel("Le lundi matin")).toBeChecked();
  await look(page, "account");

  // An empty name is told at its field, and nothing else is lost.
  const name = page.getByLabel("Votre nom");
  const before = await name.inputValue();
  await name.fill(" ");
  await page.getByLabel("Chaque matin").check();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Chaque matin")).toBeChecked();
  await look(page, "account-wrong");

  await name.fill(`${before} (Sevan)`);
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Enregistré.")).toBeVisible();
  await expect(page.locator("#account-menu")).toContainText(`${before} (Sevan)`);
  await page.reload();
  await expect(page.getByLabel("Chaque matin")).toBeChecked();

  // As it was, for who comes after.
  await name.fill(before);
  await page.getByLabel("Le lundi matin").check();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.locator("#account-menu")).not.toContainText("(Sevan)");
});

test("a part of the app that does not arrive is told, and comes when it is asked for again", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.route("**/*.pack", (route) => route.abort());
  await page.getByRole("link", { name: "Appels à projets" }).first().click();
  const again = page.getByRole("button", { name: "Réessayer" });
  await expect(again).toBeVisible();
  await page.unroute("**/*.pack");
  await again.click();
  await expect(page.getByRole("heading", { level: 1, name: /Appels/ })).toBeVisible();
});
