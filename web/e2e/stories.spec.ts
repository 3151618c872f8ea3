// A partnership's story: begun by a network, finished in three languages, published with consent, and withdrawn.
import { expect, test } from "@playwright/test";

import { look, signIn, told } from "./journey";

/** A picture of one dot. */
const DOT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

test("a visitor reads a story, and finds the partnership and the other stories from it", async ({ page }) => {
  await page.goto("/partnerships?q=IRAPA");
  await page.getByRole("link", { name: /IRAPA/ }).first().click();
  const story = page.getByRole("region", { name: "Récit" });
  await story.getByRole("link", { name: "Trois binômes pour l’Arménie" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Trois binômes pour l’Arménie" })).toBeVisible();
  const picture = page.getByRole("img", { name: /un lac au pied de trois montagnes/ });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByText(/Montrée avec l’accord donné le/)).toBeVisible();
  // Who agreed is for the sides alone.
  await expect(page.getByText("personne n’y est reconnaissable")).toHaveCount(0);
  await look(page, "story");
  await page.getByRole("link", { name: "Récits de partenariats" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Récits de partenariats" })).toBeVisible();
  await expect(page.getByRole("article")).toHaveCount(2);
  await look(page, "stories");
});

test("a story is finished, published with the consent of who is shown, and withdrawn", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "resacoop");
  await page.goto("/partnerships?q=montagnes");
  await page.getByRole("link", { name: /Des montagnes et des lacs, phase 2/ }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await page.getByRole("link", { name: "Récit" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Des montagnes et des lacs, deuxième phase" })).toBeVisible();
  const address = new URL(page.url()).pathname;
  const desk = page.getByRole("complementary", { name: "Votre récit" });
  await expect(desk.getByRole("link", { name: "le texte en Українська" })).toBeVisible();
  await expect(desk.getByRole("button", { name: "Publier" })).toHaveCount(0);
  await look(page, "story-draft");

  // A draft is nobody else's to read.
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 900 } });
  const visitor = await context.newPage();
  await visitor.goto(address);
  await expect(visitor.getByText(/n’a pas encore de récit/)).toBeVisible();

  await desk.getByRole("link", { name: "Écrire le récit" }).click();
  const write = async (language: string, words: [string, string, string]) => {
    const sheet = page.getByRole("group", { name: language, exact: true });
    await sheet.getByLabel(/^Titre/).fill(words[0]);
    await sheet.getByLabel(/^En deux phrases/).fill(words[1]);
    await sheet.getByLabel(/^Le récit/).fill(words[2]);
  };
  await write("English", ["Mountains and lakes, second phase", "They go on together.", "Three and three.\n\nOn both sides."]);
  await write("Українська", ["Гори й озера, друга фаза", "Вони продовжують разом.", "Троє і троє.\n\nЗ обох боків."]);
  await page.getByLabel("Choisir une image").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") });
  await expect(page.getByText("Cette image n’a pas été prise")).toBeVisible();
  await page.getByLabel("Choisir une image").setInputFiles({ name: "lac.png", mimeType: "image/png", buffer: DOT });
  await expect(told(page, "Image ajoutée. Dites maintenant qui a donné son accord.")).toBeVisible();
  await look(page, "story-edit");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(desk.getByRole("link", { name: /l’accord des personnes/ })).toBeVisible();
  await expect(desk.getByRole("button", { name: "Publier" })).toHaveCount(0);

  await desk.getByRole("link", { name: "Écrire le récit" }).click();
  for (const language of ["Français", "English", "Українська"]) {
    await page.getByLabel(`Ce que montre l’image (${language})`).fill("Un point.");
  }
  await page.getByLabel("Auteur de l’image").fill("RESACOOP");
  await page.getByLabel("Qui a donné son accord").fill("Personne n’est reconnaissable");
  await page.getByLabel("Accord donné le").fill("2026-09-01");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await desk.getByRole("button", { name: "Publier" }).click();
  await expect(told(page, "Récit publié : tout le monde peut le lire.")).toBeVisible();

  await visitor.reload();
  await expect(visitor.getByRole("heading", { level: 1, name: "Des montagnes et des lacs, deuxième phase" })).toBeVisible();
  await expect(visitor.getByText("RESACOOP", { exact: false }).first()).toBeVisible();

  await desk.getByRole("button", { name: "Retirer" }).click();
  const dialog = page.getByRole("dialog", { name: "Retirer le récit ?" });
  await dialog.getByLabel("Pourquoi").fill("À revoir avec nos partenaires.");
  await dialog.getByRole("button", { name: "Retirer" }).click();
  await expect(told(page, "Récit retiré.")).toBeVisible();
  await expect(desk.getByText("À revoir avec nos partenaires.")).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText(/n’a pas encore de récit/)).toBeVisible();
});
