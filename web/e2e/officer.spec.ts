// An officer works through what was handed in, by keyboard, and decides with a reason.
import { expect, test, type Page } from "@playwright/test";

import { look, signIn, somebodyElse } from "./journey";

const TITLE = /Clermont-Ferrand – Krementchouk/;
const MENDED = "Clermont-Ferrand – Krementchouk : une ligne de bus, des ateliers";

/** A city agrees to what the file says now. */
async function agree(page: Page, city: string): Promise<void> {
  await page.getByRole("link", { name: /^Accords/ }).click();
  await page.getByRole("button", { name: `Donner l’accord ${city}` }).click();
  await page.getByRole("button", { name: "Oui, donner l’accord" }).click();
  await expect(page.getByText(/^Accord donné le/).first()).toBeVisible();
}

test("an officer reviews a file, has it corrected and decides with a reason", async ({ page, browser }) => {
  test.setTimeout(180_000);
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

  // Something is missing: the cities correct it, all sign again, and the file comes back.
  await page.getByRole("button", { name: "Demander une correction" }).click();
  const asking = page.getByRole("dialog", { name: "Demander une correction" });
  await asking.getByLabel("Ce qui est à corriger").fill("Le titre ne dit pas ce qui est fait.");
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  await asking.getByLabel("Dernier jour pour corriger").fill(soon);
  await look(page, "correction-ask");
  await asking.getByRole("button", { name: "Envoyer la demande" }).click();
  await expect(page.getByRole("heading", { name: "Une correction est demandée" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Décider" })).toHaveCount(0);
  await look(page, "correction-asked");
  const clermont = await somebodyElse(browser, "clermont");
  await clermont.goto(page.url());
  await expect(clermont.getByRole("heading", { name: "Une correction est demandée" })).toBeVisible();
  await expect(clermont.getByRole("timer")).toContainText("jours");
  await look(clermont, "correction-city");
  await clermont.getByLabel("Titre du projet").fill(MENDED);
  await expect(clermont.getByText(/^Enregistré à/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: MENDED })).toHaveCount(0);
  await agree(clermont, "Clermont-Ferrand");
  const kremenchuk = await somebodyElse(browser, "kremenchuk");
  await kremenchuk.goto(page.url());
  await agree(kremenchuk, "Krementchouk");
  await kremenchuk.context().close();
  await clermont.reload();
  await clermont.getByRole("link", { name: /^Vérifier et déposer/ }).click();
  await clermont.getByRole("button", { name: "Déposer le dossier" }).click();
  await clermont.getByRole("button", { name: "Oui, déposer" }).click();
  await expect(clermont.getByRole("heading", { name: "La correction est déposée" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: MENDED })).toBeVisible();
  await look(page, "correction-handed-in");

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
  await expect(page.getByText(/Subvention accordée\s: 40\s000\s€/)).toBeVisible();
  await look(page, "review-decided");

  // The cities of the file do not know before the results of the call are published.
  await clermont.goto(page.url());
  await expect(clermont.getByText("En instruction").first()).toBeVisible();
  await expect(clermont.getByRole("heading", { name: "La correction est déposée" })).toBeVisible();
  await expect(clermont.getByText("Un projet solide, porté par deux villes qui se connaissent.")).toHaveCount(0);
  await clermont.context().close();
});

test("an administrator reopens a decision that is public, and it is made again", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "admin");
  // One without a contract: what is contracted is not decided anew.
  const id = await page.evaluate(async () => {
    const waiting = await fetch("/api/v1/applications?awaiting_contract=true&limit=1");
    return (await waiting.json()).items[0].id as string;
  });
  await page.goto(`/applications/${id}`);
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

  // Its letter, in the language of who reads it.
  await officer.getByRole("link", { name: "Lettre de décision" }).click();
  await expect(officer.getByRole("article")).toContainText("La pièce confirme le projet.");
  await look(officer, "decision-letter");
  await officer.getByRole("link", { name: "Українська" }).click();
  await expect(officer.getByRole("article")).toContainText("прийнято");
  await officer.context().close();
  await page.reload();
  await expect(row).toContainText("Retenu");
  await expect(row).toContainText("Rouverte le");
});
