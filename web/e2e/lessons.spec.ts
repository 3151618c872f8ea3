// What a partnership has learned becomes one of the ten lessons of a meeting; the eleventh has no place until one is taken out.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const PARTNERSHIP = /^IRAPA : trois binômes/;
const MEETING = /^Deuxième réunion mondiale/;
const LEARNED = "Peser les déchets une fois par mois suffit à convaincre un conseil municipal.";

test("a lesson is proposed, and goes on a meeting's list of ten when there is a place", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await page.goto("/partnerships?q=IRAPA");
  await page.getByRole("link", { name: PARTNERSHIP }).first().click();
  await page.getByRole("link", { name: "Activités et résultats" }).click();
  await page.getByRole("link", { name: "Proposer une leçon" }).click();
  await page.getByLabel("Ce que vous avez appris").fill(LEARNED);
  await page.getByLabel("Thème").selectOption("water-and-waste");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  // It has to rest on something.
  await expect(page.getByRole("link", { name: /Répondez à cette question/ })).toBeVisible();
  await look(page, "lesson-new");
  await page.getByRole("combobox", { name: "Résultats" }).fill("Moins de déchets");
  await page.getByRole("option", { name: /^Moins de déchets/ }).click();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(told(page, "Leçon enregistrée.")).toBeVisible();
  await expect(page.getByText(LEARNED)).toBeVisible();

  const host = await somebodyElse(browser, "admin");
  await host.goto("/meetings");
  await host.getByRole("link", { name: /meeting of the Partnerships|Deuxième réunion/ }).click();
  const list = host.locator(".ten-entry");
  await expect(list).toHaveCount(10);
  await expect(host.getByRole("link", { name: /Add a lesson|Ajouter une leçon/ })).toHaveCount(0);
  await look(host, "meeting");
  const last = await list.nth(9).locator(".ten-text").textContent();

  // By keys alone: the last one goes up, the focus goes with it.
  const up = host.getByRole("button", { name: /^(Move lesson 10 up|Monter la leçon 10)$/ });
  await up.focus();
  await host.keyboard.press("Enter");
  await expect(list.nth(8).locator(".ten-text")).toHaveText(last ?? "");
  await expect(host.getByRole("button", { name: /^(Move lesson 9 up|Monter la leçon 9)$/ })).toBeFocused();

  // Taken out, put back, taken out again: then there is a place.
  const out = host.getByRole("button", { name: /^(Take out lesson 9|Retirer la leçon 9)$/ });
  await out.click();
  await expect(list).toHaveCount(9);
  await host.getByRole("button", { name: /^(Undo|Annuler)$/ }).click();
  await expect(list).toHaveCount(10);
  await host.getByRole("button", { name: /^(Take out lesson 10|Retirer la leçon 10)$/ }).click();
  await expect(list).toHaveCount(9);
  await host.getByRole("link", { name: /Add a lesson|Ajouter une leçon/ }).click();
  await host.getByRole("combobox", { name: /Proposed lessons|Leçons proposées/ }).fill("Peser les déchets");
  await host.getByRole("option", { name: /^Peser les déchets/ }).click();
  await host.getByRole("textbox", { name: "Français" }).fill("Peser chaque mois : les chiffres convainquent.");
  await host.getByRole("textbox", { name: "English" }).fill("Weigh every month: figures convince.");
  await host.getByLabel(/^(Theme|Thème)/).selectOption("water-and-waste");
  await host.getByRole("button", { name: /^(Save|Enregistrer)$/ }).click();
  await expect(list).toHaveCount(10);
  await expect(list.nth(9)).toContainText(/Weigh every month|Peser chaque mois/);

  // From the partnership the way leads to the list.
  await page.reload();
  await page.getByRole("link", { name: "Peser chaque mois : les chiffres convainquent." }).click();
  await expect(page.getByRole("heading", { level: 1, name: MEETING })).toBeVisible();
});
