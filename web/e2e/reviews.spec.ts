// A reviewer scores a file and files the sheet; the committee's officer sees the ranking and decides on several files at once.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const FILE = /Clermont-Ferrand – Goris/;

test("a reviewer scores by keyboard, and the committee decides together", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "reviewer");
  await page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link", { name: "Évaluations" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Évaluations" })).toBeVisible();
  await look(page, "reviews");
  await page.getByRole("link", { name: FILE }).click();
  await expect(page.getByRole("heading", { level: 1, name: FILE })).toBeVisible();

  // Others' sheets are not told before one's own is filed.
  await expect(page.getByRole("heading", { name: "Autres évaluations" })).toHaveCount(0);
  const scores = page.locator("fieldset");
  await scores.nth(0).getByRole("radio", { name: "5", exact: true }).check();
  await expect(page.locator(".score-total")).toContainText("100");
  // Arrow keys move between the scores, and the total follows.
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator(".score-total")).toContainText("80");
  await page.getByRole("button", { name: "Déposer l’évaluation" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Oui, déposer l’évaluation" }).click();
  // Four criteria have no score yet.
  await expect(page.getByRole("main").getByRole("alert").or(page.locator(".notice-danger")).first()).toBeVisible();
  for (let criterion = 1; criterion < 5; criterion += 1) {
    await scores.nth(criterion).getByRole("radio", { name: "4", exact: true }).check();
  }
  await page.getByLabel("Avis d’ensemble").fill("Un projet utile, à suivre de près.");
  await look(page, "review-score");
  await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
  await expect(told(page, "Enregistré.")).toBeVisible();
  await page.getByRole("button", { name: "Déposer l’évaluation" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Oui, déposer l’évaluation" }).click();
  await expect(page.getByRole("heading", { name: "Autres évaluations" })).toBeVisible();
  await look(page, "review-filed");

  const officer = await somebodyElse(browser, "meae");
  await officer.goto("/calls?state=under_review");
  await officer.getByRole("link", { name: /première session/ }).first().click();
  await officer.getByRole("link", { name: "Feuille du comité" }).click();
  await expect(officer.getByRole("heading", { level: 1, name: "Feuille du comité" })).toBeVisible();
  await expect(officer.getByRole("row")).toHaveCount(8);
  await look(officer, "committee");
  await officer.getByRole("button", { name: "Écart" }).click();
  await expect(officer).toHaveURL(/sort=spread/);

  // The best are put on the shortlist together, and are found there; one is taken off again.
  await officer.getByRole("checkbox", { name: /Vienne – Goris/ }).check();
  await officer.getByRole("checkbox", { name: /Grenoble – Goris/ }).check();
  await officer.getByRole("button", { name: "Présélectionner" }).click();
  await expect(told(officer, "2 dossiers présélectionnés.")).toBeVisible();
  await expect(officer.getByRole("row", { name: /Vienne – Goris/ })).toContainText("Présélectionné");
  await officer.getByLabel("État", { exact: true }).selectOption("shortlisted");
  await expect(officer.getByRole("row")).toHaveCount(3);
  await officer.getByRole("checkbox", { name: /Vienne – Goris/ }).check();
  await officer.getByRole("button", { name: "Retirer de la présélection" }).click();
  await expect(told(officer, "1 dossier retiré de la présélection.")).toBeVisible();
  await expect(officer.getByRole("row")).toHaveCount(2);
  await officer.getByLabel("État", { exact: true }).selectOption("");

  // Without a reason nothing is decided; with one, all that was chosen is.
  await officer.getByRole("checkbox", { name: /Vienne – Goris/ }).check();
  await officer.getByRole("checkbox", { name: /Grenoble – Goris/ }).check();
  await officer.getByRole("button", { name: "Décider" }).click();
  const dialog = officer.getByRole("dialog", { name: "Décider" });
  // Other amounts than asked for, beside what the envelope still holds.
  await dialog.getByRole("radio", { name: "Accepter" }).check();
  await dialog.getByText("Accorder d’autres montants que ceux demandés").click();
  await dialog.getByLabel(/Vienne – Goris/).fill("1");
  await dialog.getByLabel(/Grenoble – Goris/).fill("2");
  await expect(dialog.getByText(/Accordé en tout\s: 3\s€/)).toBeVisible();
  await look(officer, "committee-amounts");
  await dialog.getByRole("radio", { name: "Refuser" }).check();
  await dialog.getByRole("button", { name: "Enregistrer la décision" }).click();
  await expect(dialog.getByRole("link", { name: /Motif/ })).toBeVisible();
  await look(officer, "committee-decide");
  await dialog.getByLabel("Motif").fill("Le comité préfère d’autres projets cette année.");
  await dialog.getByRole("button", { name: "Enregistrer la décision" }).click();
  await expect(told(officer, "2 dossiers décidés.")).toBeVisible();
  await expect(officer.getByRole("row", { name: /Vienne – Goris/ })).toContainText("Sans suite");

  // The envelope is changed where one decides, and it is told what remains of it; one press takes that back.
  await officer.getByRole("button", { name: "Modifier l’enveloppe" }).click();
  const envelope = officer.getByRole("dialog", { name: "Modifier l’enveloppe" });
  await envelope.getByLabel("Enveloppe (EUR)").fill("beaucoup");
  await envelope.getByRole("button", { name: "Enregistrer" }).click();
  await expect(envelope.getByRole("link", { name: /Enveloppe/ })).toBeVisible();
  await envelope.getByLabel("Enveloppe (EUR)").fill("250 000,50");
  await expect(envelope.getByText(/^Reste à accorder/)).toBeVisible();
  await look(officer, "committee-envelope");
  await envelope.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(officer, "L’enveloppe est enregistrée.")).toBeVisible();
  await expect(officer.getByText(/L’enveloppe de 250\s000,50/).first()).toBeVisible();
  await officer.locator(".toasts").getByRole("button", { name: /Annuler/ }).last().click();
  await expect(told(officer, "L’enveloppe est comme avant.")).toBeVisible();
  await expect(officer.getByText(/L’enveloppe de 180\s000/).first()).toBeVisible();
  await officer.context().close();
});
