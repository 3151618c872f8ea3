// An officer works through what was handed in, by keyboard, and decides with a reason.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse } from "./journey";

const TITLE = /Clermont-Ferrand – Krementchouk/;

test("an officer reviews a file and decides with a reason", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "meae");
  await page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link", { name: "Instruction" }).click();
  // Of all that was ever handed in, what still waits.
  await page.getByLabel("État").selectOption("submitted");
  await expect(page).toHaveURL(/state=submitted/);
  await expect(page.getByRole("link", { name: TITLE })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /dossiers?$/ })).toBeVisible();
  await look(page, "review");

  // Filters and order live in the address.
  await page.getByLabel("Titre ou collectivité").fill("Krementchouk");
  await expect(page).toHaveURL(/q=Krementchouk/);
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: /Retirer le filtre.*Krementchouk/ }).click();
  await expect(page).not.toHaveURL(/q=/);
  await page.getByRole("button", { name: "Demandé" }).click();
  await expect(page).toHaveURL(/sort=grant_asked_minor/);

  // j moves the focus from file to file, Enter opens the one it is on.
  await page.locator("h1").click();
  for (let step = 0; step < 10; step += 1) {
    await page.keyboard.press("j");
    if (TITLE.test((await page.locator("a.triage-link:focus").textContent()) ?? "")) break;
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
  await look(page, "review-file");

  await page.getByRole("button", { name: "Commencer l’instruction" }).click();
  await expect(page.getByText("En instruction").first()).toBeVisible();
  await page.getByRole("button", { name: "Décider" }).click();
  const dialog = page.getByRole("dialog", { name: "Décider" });
  await dialog.getByRole("radio", { name: "Accepter" }).check();
  await dialog.getByLabel(/Subvention accordée/).fill("40 000");
  // A decision without a reason is refused, at its field.
  await dialog.getByRole("button", { name: "Enregistrer la décision" }).click();
  await expect(dialog.getByRole("link", { name: /Motif/ })).toBeVisible();
  await look(page, "review-decide");
  await dialog.getByLabel("Motif").fill("Un projet solide, porté par deux villes qui se connaissent.");
  await dialog.getByRole("button", { name: "Enregistrer la décision" }).click();
  await expect(page.getByRole("heading", { name: "Le dossier est accepté" })).toBeVisible();
  await expect(page.getByText(/Subvention accordée : 40\s000\s€/)).toBeVisible();
  await look(page, "review-decided");

  // The cities of the file read the decision.
  const clermont = await somebodyElse(browser, "clermont");
  await clermont.goto(page.url());
  await expect(clermont.getByText("Un projet solide, porté par deux villes qui se connaissent.")).toBeVisible();
  await clermont.context().close();
});

test("an administrator reopens a decision that is public, and it is made again", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "admin");
  await page.goto("/review?state=accepted&sort=title");
  await page.getByRole("row").nth(1).getByRole("link").click();
  const name = (await page.getByRole("heading", { level: 1 }).textContent())!;
  await page.getByRole("button", { name: "Rouvrir la décision" }).click();
  const dialog = page.getByRole("dialog", { name: "Rouvrir la décision" });
  // Without a reason nothing is reopened.
  await dialog.getByRole("button", { name: "Rouvrir la décision" }).click();
  await expect(dialog.getByRole("link", { name: /Motif/ })).toBeVisible();
  await look(page, "reopen-dialog");
  await dialog.getByLabel("Motif").fill("Une pièce du dossier n’avait pas été lue.");
  await dialog.getByRole("button", { name: "Rouvrir la décision" }).click();
  await expect(page.getByRole("heading", { name: "La décision est rouverte" })).toBeVisible();
  await expect(page.getByText("En instruction").first()).toBeVisible();
  await look(page, "reopened");
  const file = page.url();

  // Everybody reads in the published list that it is decided anew.
  await page.locator(".file-call a").click();
  await page.getByRole("link", { name: "Résultats" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Résultats" })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Décision rouverte");
  await look(page, "call-results");

  const officer = await somebodyElse(browser, "meae");
  await officer.goto(file);
  await officer.getByRole("button", { name: "Décider" }).click();
  const decide = officer.getByRole("dialog", { name: "Décider" });
  await decide.getByRole("radio", { name: "Accepter" }).check();
  await decide.getByLabel("Motif").fill("La pièce confirme le projet.");
  await decide.getByRole("button", { name: "Enregistrer la décision" }).click();
  await expect(officer.getByRole("heading", { name: "Le dossier est accepté" })).toBeVisible();
  await expect(officer.getByRole("heading", { name: "Décisions rouvertes" })).toBeVisible();
  await look(officer, "reopened-decided");
  await officer.context().close();
  await page.reload();
  await expect(row).toContainText("Retenu");
  await expect(row).toContainText("Rouverte le");
});
