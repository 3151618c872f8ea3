// A partnership lives: what it does is planned, held, read by others, and an exhibition travels without being in two places at once.
import { expect, type Locator, type Page, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const PARTNERSHIP = /^IRAPA : trois binômes/;
const EXHIBITION = /^Exposition itinérante « Regards croisés/;

/** The activities of the page, apart from the lessons that were learnt from them. */
function activities(page: Page): Locator {
  return page.getByRole("region", { name: "Activités" });
}

/** A day so many days from now, as a date field takes it. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("a city plans an activity, says that it took place, and the partner reads it", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await page.goto("/partnerships?q=IRAPA");
  await page.getByRole("link", { name: PARTNERSHIP }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await expect(page.getByRole("heading", { name: "Activités" })).toBeVisible();
  await expect(activities(page).getByRole("link", { name: "Mission de préparation en Arménie" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Moins de déchets déposés hors des décharges à Sevan" })).toBeVisible();
  await look(page, "partnership-life");

  await page.getByRole("link", { name: "Ajouter une activité" }).click();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("link", { name: /^Titre/ })).toBeVisible();
  await look(page, "activity-new");
  await page.getByLabel("Titre").fill("Visite des stations d’épuration");
  await page.getByRole("radio", { name: "Coopération technique" }).check();
  await page.getByLabel("Premier jour").fill(inDays(-9));
  await page.getByLabel(/^Dernier jour/).fill(inDays(-8));
  await page.getByRole("checkbox", { name: "Sevan", exact: true }).check();
  await page.getByLabel(/^Personnes/).fill("6");
  await page.getByLabel(/^Coût/).fill("1 234,50");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Activité enregistrée.")).toBeVisible();
  await expect(page.getByText("1 234,50 €")).toBeVisible();
  await page.getByRole("button", { name: "Elle a eu lieu" }).click();
  await expect(told(page, "Nouvel état : Réalisée")).toBeVisible();
  await look(page, "activity");

  const partner = await somebodyElse(browser, "sevan");
  await partner.goto("/partnerships?q=IRAPA");
  await partner.getByRole("link", { name: PARTNERSHIP }).first().click();
  await partner.getByRole("link", { name: "Activités et résultats" }).click();
  await activities(partner).getByRole("link", { name: "Visite des stations d’épuration" }).click();
  await expect(partner.getByRole("heading", { level: 1, name: "Visite des stations d’épuration" })).toBeVisible();
  await expect(partner.getByRole("link", { name: "Modifier l’activité" })).toBeVisible();
});

test("an exhibition is booked for days that are free, and for no others", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "sevan");
  await page.goto("/partnerships?q=IRAPA");
  await page.getByRole("link", { name: PARTNERSHIP }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await activities(page).getByRole("link", { name: EXHIBITION }).click();
  await expect(page.getByRole("heading", { name: "Réservations" })).toBeVisible();
  await page.getByLabel("Premier jour").fill(inDays(30));
  await page.getByLabel("Dernier jour").fill(inDays(60));
  await page.getByRole("button", { name: "Réserver", exact: true }).click();
  await expect(page.getByText(/déjà réservée pour une partie de ces jours/).first()).toBeVisible();
  await look(page, "exhibition");

  await page.getByLabel("Premier jour").fill(inDays(120));
  await page.getByLabel("Dernier jour").fill(inDays(150));
  await page.getByLabel(/^Lieu d’exposition/).fill("Musée du lac");
  await page.getByRole("button", { name: "Réserver", exact: true }).click();
  await expect(told(page, "Réservée pour Sevan.")).toBeVisible();
  await expect(page.getByText("Musée du lac")).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: "Musée du lac" }).getByRole("button", { name: /Annuler la réservation/ }).click();
  await expect(told(page, /ces jours sont de nouveau libres/)).toBeVisible();
});

test("a result is told, measured, and seen against its target", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await page.goto("/partnerships?q=IRAPA");
  await page.getByRole("link", { name: PARTNERSHIP }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await page.getByRole("link", { name: "Ajouter un résultat" }).click();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("link", { name: /^Thème/ })).toBeVisible();
  await page.getByLabel("Résultat", { exact: true }).fill("Des écoles reliées à l’eau potable");
  await page.getByLabel("Thème").selectOption("water-and-waste");
  await page.getByLabel("Unité").fill("écoles");
  await page.getByLabel("Au départ").fill("3");
  await page.getByLabel("Cible").fill("12");
  await look(page, "result-new");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Résultat enregistré.")).toBeVisible();
  await page.getByRole("button", { name: "Ajouter une mesure Des écoles reliées à l’eau potable" }).click();
  const dialog = page.getByRole("dialog", { name: "Ajouter une mesure" });
  await dialog.getByLabel("Jour de la mesure").fill(inDays(-2));
  await dialog.getByLabel("Valeur").fill("7,5");
  await dialog.getByLabel("Source de la donnée").fill("Service de l’eau");
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Mesure enregistrée.")).toBeVisible();
  await expect(page.getByRole("article", { name: "Des écoles reliées à l’eau potable" }).getByText("50 %")).toBeVisible();
  await look(page, "life");
});

test("a twinning is suspended with its reason and the condition, then goes on", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "clermont");
  await page.goto("/partnerships?q=Clermont-Ferrand+Kremenchuk");
  await page.getByRole("link", { name: "Clermont-Ferrand – Kremenchuk", exact: true }).click();
  const step = page.getByRole("dialog", { name: "Faire évoluer l’état" });

  await page.getByRole("button", { name: "Faire évoluer l’état" }).press("Enter");
  await step.getByRole("radio", { name: "Suspendu" }).check();
  await step.getByLabel("Pourquoi").fill("L’hôtel de ville de Krementchouk est évacué.");
  await step.getByRole("button", { name: "Enregistrer" }).click();
  await expect(step.getByRole("link", { name: /^Jusqu’à quelle condition/ })).toBeVisible();
  // What was typed is found again.
  await page.keyboard.press("Escape");
  await expect(step).toBeHidden();
  await page.getByRole("button", { name: "Faire évoluer l’état" }).click();
  await expect(step.getByLabel("Pourquoi")).toHaveValue("L’hôtel de ville de Krementchouk est évacué.");
  await look(page, "partnership-step");
  await step.getByLabel("Jusqu’à quelle condition").fill("Le retour des services dans leurs bureaux.");
  await step.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Nouvel état : Suspendu")).toBeVisible();
  await expect(page.getByText("Le retour des services dans leurs bureaux.")).toBeVisible();

  await page.getByRole("button", { name: "Faire évoluer l’état" }).click();
  await step.getByRole("radio", { name: "Actif" }).check();
  await step.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Nouvel état : Actif")).toBeVisible();
  await expect(page.getByText("Le travail est en cours.")).toBeVisible();
});

test("a partnership names the phase before it, and takes that back", async ({ page }) => {
  await signIn(page, "grenoble");
  await page.goto("/partnerships?q=IRAPA");
  await page.getByRole("link", { name: PARTNERSHIP }).first().click();
  await page.getByRole("link", { name: "Modifier", exact: true }).click();
  const before = page.getByRole("group", { name: "Phase précédente" });
  await before.getByRole("combobox", { name: "Chercher un partenariat" }).fill("Chambéry");
  await before.getByRole("option").first().click();
  await expect(before.getByRole("listitem")).toHaveCount(1);
  await look(page, "partnership-phase-before");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Partenariat enregistré.")).toBeVisible();
  await expect(page.getByRole("term").filter({ hasText: "Phase précédente" })).toBeVisible();
  await page.getByRole("link", { name: "Modifier", exact: true }).click();
  await before.getByRole("button", { name: /^Retirer/ }).click();
  await expect(before.getByRole("listitem")).toHaveCount(0);
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Partenariat enregistré.").last()).toBeVisible();
  await expect(page.getByRole("term").filter({ hasText: "Phase précédente" })).toHaveCount(0);
});
