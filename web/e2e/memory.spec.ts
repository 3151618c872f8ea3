// Two sides judge their partnership apart: who files late cannot copy, and where they differ is told once both have filed.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const PROJECT = /un projet né du jumelage/;
/** What the partner has filed, and what shows it. */
const THEIRS = "Власний внесок лише натуральний";

test("a side files its own scores before it reads the partner's, and both see what to talk about", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "clermont");
  await page.goto("/partnerships?q=Krementchouk&kind=project");
  await page.getByRole("link", { name: PROJECT }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await page.getByRole("link", { name: "Auto-évaluation" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Auto-évaluation" })).toBeVisible();
  // The partner has filed; what it says is not here yet.
  const partner = page.locator(".side-card").filter({ hasText: /Krementchouk|Kremenchuk/ });
  await expect(partner).toContainText("Déposée");
  await expect(page.getByText(THEIRS)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "À discuter ensemble" })).toHaveCount(0);
  await look(page, "assessment-own-draft");

  await page.getByRole("link", { name: "Continuer" }).click();
  await expect(page.getByText("9 sur 10")).toBeVisible();
  await page.getByRole("button", { name: "Déposer" }).click();
  await page.getByRole("button", { name: "Déposer l’auto-évaluation" }).click();
  // The tenth principle is missing.
  const missing = page.getByRole("link", { name: /Participation des parties prenantes/ });
  await expect(missing.first()).toBeVisible();
  await look(page, "assessment-sheet");
  const group = page.getByRole("group", { name: "Participation des parties prenantes" });
  await group.getByRole("radio", { name: "2" }).check();
  await page.getByLabel("Ce qui justifie la note (Participation des parties prenantes)").fill("Une seule association est venue en 2026.");
  await expect(page.getByText("10 sur 10")).toBeVisible();
  await page.getByRole("button", { name: "Déposer" }).click();
  await page.getByRole("button", { name: "Déposer l’auto-évaluation" }).click();
  await expect(told(page, "Auto-évaluation déposée.")).toBeVisible();

  await expect(page.getByRole("heading", { name: "À discuter ensemble" })).toBeVisible();
  const talk = page.locator(".talk > li");
  await expect(talk).toHaveCount(2);
  await expect(talk.first()).toContainText(THEIRS);
  await page.getByText("Les mêmes chiffres en tableau").click();
  const row = page.getByRole("row").filter({ hasText: "Financement efficace et inclusif" });
  await expect(row.getByRole("cell")).toHaveText(["5", "2", "3"]);
  await look(page, "assessment-beside");

  // The partner reads the same, and what is filed stays as it is.
  const other = await somebodyElse(browser, "kremenchuk");
  await other.goto(new URL(page.url()).pathname);
  await expect(other.locator(".talk > li")).toHaveCount(2);
  await expect(other.getByText("Une seule association est venue en 2026.").first()).toBeVisible();
  await other.locator(".side-card").filter({ hasText: /Krementchouk|Kremenchuk/ }).getByRole("link").click();
  await expect(other.getByText("elle ne change plus")).toBeVisible();
  await expect(other.getByRole("button", { name: "Reprendre pour modifier" })).toHaveCount(0);
});

test("a meeting's recommendation goes from draft to its answer, and its lesson leads to it", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "admin");
  await page.goto("/meetings");
  await page.getByRole("link", { name: /meeting of the Partnerships|Deuxième réunion/ }).click();
  const cards = page.locator(".recommended-card");
  await expect(cards).toHaveCount(5);
  await look(page, "meeting-recommendations");
  await page.getByRole("link", { name: /^(Write a recommendation|Écrire une recommandation)$/ }).click();
  await page.getByRole("combobox", { name: /^(The lessons of the meeting|Les leçons de la rencontre)/ }).fill("1. ");
  await page.getByRole("option", { name: /^1\. / }).click();
  await page.getByRole("textbox", { name: "Français" }).fill("Faire choisir le problème par les deux villes avant tout achat.");
  await page.getByRole("textbox", { name: "English" }).fill("Let both cities choose the problem before anything is bought.");
  await page.getByLabel(/^(Whom does it address|À qui s’adresse-t-elle)/).selectOption("headquarters");
  await look(page, "recommendation-new");
  await page.getByRole("button", { name: /^(Save|Enregistrer)$/ }).click();
  const address = new RegExp("/recommendations/[0-9a-f-]+$");
  await expect(page).toHaveURL(address);
  const own = new URL(page.url()).pathname;

  // While it is a draft nobody else finds it.
  const visitor = await (await browser.newContext({ locale: "fr-FR" })).newPage();
  await visitor.goto(own);
  await expect(visitor.getByText("Faire choisir le problème")).toHaveCount(0);

  await page.getByRole("button", { name: /^(Adopt|Adopter)$/ }).click();
  await page.getByRole("button", { name: /^(Mark as addressed|Marquer comme adressée)$/ }).click();
  const decline = page.getByRole("button", { name: /^(Declined|Refusée)$/ });
  await decline.click();
  // A refusal says why.
  await expect(page.getByRole("link", { name: /What the addressee answered|Ce que le destinataire a répondu/ })).toBeVisible();
  await page.getByLabel(/^(What the addressee answered|Ce que le destinataire a répondu)/).fill("Les règles financières ne le permettent pas.");
  await decline.click();
  await expect(page.locator(".agenda-entry")).toHaveCount(4);
  await look(page, "recommendation");

  // Anybody walks from the recommendation to its lesson, and back.
  await visitor.goto(own);
  await visitor.getByRole("link", { name: "Leçon de la liste de la rencontre" }).click();
  await expect(visitor.getByRole("heading", { level: 1, name: /^Deuxième réunion mondiale/ })).toBeVisible();
  await visitor.locator(".ten-recommended").getByRole("link", { name: /^Faire choisir le problème/ }).click();
  await expect(visitor).toHaveURL(address);
  await expect(visitor.getByText("Les règles financières ne le permettent pas.")).toBeVisible();
});

test("a plan is completed by its third part, and its former editions stay to be read", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "clermont");
  await page.goto("/partnerships?q=Krementchouk&kind=project");
  await page.getByRole("link", { name: PROJECT }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await page.getByRole("link", { name: "Plan de durabilité" }).click();
  await expect(page.getByText("1 partie à écrire")).toBeVisible();
  await look(page, "plan");
  await page.getByRole("link", { name: "Modifier le plan" }).click();
  const part = page.getByRole("group", { name: "Les sièges et les autres" });
  await part.getByLabel(/^Ce qui est prévu/).fill("Le ministère ouvre ses appels aux suites de projets.");
  await part.getByLabel(/^Quoi \(1\)/).fill("Déposer une demande de suite");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  // Nobody does it yet.
  await expect(page.getByRole("link", { name: /Qui \(1\)/ })).toBeVisible();
  await look(page, "plan-edit");
  await part.getByLabel(/^Qui \(1\)/).fill("Ville de Clermont-Ferrand");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Plan enregistré.")).toBeVisible();
  await expect(page.getByText("Les trois parties sont écrites")).toBeVisible();
  await page.getByRole("link", { name: "Édition 1" }).click();
  await expect(page.getByText("Vous lisez une édition antérieure.")).toBeVisible();
  await expect(page.getByText("Déposer une demande de suite")).toHaveCount(0);
});
