// What a call asks: an officer adds to the form of an open call, and a city starts from last year's file, answers each kind of question and reads it
// all again.
import { expect, test, type Page } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const QUESTION = "Le projet a-t-il une page publique ?";

/** The card of a question in the editor. */
function card(page: Page, question: string) {
  return page.locator(".asking-question").filter({ hasText: question });
}

test("an officer eases the form, and a city answers it", async ({ page, browser }) => {
  test.setTimeout(180_000);
  await signIn(page, "meae");
  await page.goto("/calls");
  await page.getByRole("main").getByRole("link", { name: /MEAE 2025, coopération/ }).click();
  await page.getByRole("link", { name: "Écrire le formulaire" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Formulaire du dossier" })).toBeVisible();
  await expect(page.getByText(/ce qui est demandé ne change plus/)).toBeVisible();
  await look(page, "form-editor");

  // What applicants rely on is not taken away, and does not become another question.
  const known = card(page, "Qu'a donné la phase précédente");
  await expect(known.getByText(/si «\sLe projet est-il la suite/)).toBeVisible();
  await expect(known.getByRole("button", { name: /^Retirer/ })).toHaveCount(0);
  await known.getByRole("button", { name: /^Modifier/ }).click();
  await expect(known.getByLabel("Type de réponse")).toHaveCount(0);
  await expect(known.getByLabel(/^Question/)).toHaveCount(0);

  // A question more: first without English, which is told in English.
  await page.getByRole("button", { name: /^Ajouter une question Ce que le projet change/ }).click();
  const fresh = page.locator(".asking-open").last();
  await fresh.getByLabel(/^Question/).fill(QUESTION);
  await fresh.getByLabel("Type de réponse").selectOption({ label: "Oui ou non" });
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("button", { name: /^English · / })).toHaveAttribute("aria-pressed", "true");
  await expect(fresh.getByText("Répondez à cette question.")).toBeVisible();
  await look(page, "form-editor-wrong");
  await fresh.getByLabel(/^Question/).fill("Does the project have a public page?");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Le formulaire est enregistré.")).toBeVisible();
  await page.getByRole("link", { name: "Voir toutes les questions" }).click();
  await expect(card(page, QUESTION)).toBeVisible();

  // A city starts from a file of last year, which is to be read again.
  const grenoble = await somebodyElse(browser, "grenoble");
  await grenoble.goto("/calls");
  await grenoble.getByRole("main").getByRole("link", { name: /MEAE 2025, coopération/ }).click();
  await grenoble.getByRole("button", { name: "Commencer un dossier" }).click();
  const dialog = grenoble.getByRole("dialog", { name: "Commencer un dossier" });
  await dialog.getByLabel("Titre du projet").fill("Un atelier des métiers de l’eau, deuxième phase");
  const from = dialog.getByLabel("Partir d’un dossier précédent");
  const title = await from.locator("option", { hasText: "un atelier des métiers de l'eau" }).first().textContent();
  await from.selectOption({ label: title! });
  await look(grenoble, "form-start");
  await dialog.getByRole("button", { name: "Créer le dossier" }).click();
  const context = grenoble.getByLabel(/contexte de la coopération/);
  await expect(context).toHaveValue(/Les deux villes se connaissent/);
  await expect(grenoble.getByText("Repris d’un dossier précédent : à relire.").first()).toBeVisible();
  await expect(grenoble.getByText("Repris du profil de votre collectivité : à relire.")).toBeVisible();
  const before = await grenoble.getByRole("button", { name: "C’est juste" }).count();
  await grenoble.getByRole("button", { name: "C’est juste" }).first().click();
  await expect(grenoble.getByRole("button", { name: "C’est juste" })).toHaveCount(before - 1);

  // A question comes with the answer that it depends on, and goes with it.
  const former = grenoble.getByLabel("Qu'a donné la phase précédente ?");
  await expect(former).toHaveCount(0);
  const later = grenoble.getByRole("group", { name: /la suite d'un projet/ });
  await later.getByLabel("Oui").check();
  await former.fill("Un atelier est ouvert à Sevan.");
  await grenoble.getByLabel("Universités").check();
  await grenoble.getByLabel("Associations").check();
  await grenoble.getByLabel(/Quand le projet commence-t-il/).fill("2027-03-01");
  // What is no number is refused in words, and the rest is saved.
  const inhabitants = grenoble.getByLabel(/Combien d'habitants/);
  const right = await inhabitants.inputValue();
  await inhabitants.fill("beaucoup");
  await expect(grenoble.getByText(/^Une réponse est à corriger/)).toBeVisible();
  await expect(grenoble.locator(".field-wrong").filter({ has: inhabitants })).toBeVisible();
  await look(grenoble, "form-answers");
  await inhabitants.fill(right);
  await expect(grenoble.locator(".field-wrong")).toHaveCount(0);
  await expect(grenoble.getByText(/^Enregistré à/)).toBeVisible();

  // All of it again, in words, as it is printed.
  await grenoble.getByRole("link", { name: /^Vérifier et déposer/ }).click();
  const all = grenoble.getByRole("main");
  await expect(all.getByText("Associations et Universités")).toBeVisible();
  await expect(all.getByText("Un atelier est ouvert à Sevan.")).toBeVisible();
  await expect(all.getByText("1 mars 2027").or(all.getByText("1er mars 2027")).first()).toBeVisible();
  await look(grenoble, "form-check");
});
