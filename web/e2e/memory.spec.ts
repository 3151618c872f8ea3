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
