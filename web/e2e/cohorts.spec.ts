// A city finds a cohort on its radar, reads its letter of engagement in another language, and signs; the network files it, sends
// what is drafted, and sees what is missing.
import { expect, test } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const COHORT = "INSPIRE, nouvelle cohorte (démonstration)";

test("anybody reads on the page of a call which cohorts its programme has", async ({ page }) => {
  await page.goto("/calls");
  await page.getByRole("link", { name: COHORT }).first().click();
  const cohorts = page.getByRole("region", { name: "Cohortes clés en main" });
  await expect(cohorts.getByRole("link", { name: COHORT })).toBeVisible();
  await cohorts.getByRole("link", { name: "INSPIRE 2022, premier ensemble de collectivités" }).click();
  await expect(page.getByText(/Close depuis le 31 octobre 2022/)).toBeVisible();
  await expect(page.getByText(/Portée par Lianes coopération/)).toBeVisible();
  await expect(page.getByText("Aucune collectivité n’a encore signé.")).toBeVisible();
  await look(page, "cohort-closed");
  await page.goto("/cohorts");
  await expect(page.getByRole("link", { name: COHORT })).toBeVisible();
  await look(page, "cohorts");
});

test("a city signs its letter and the network files it", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await page.locator("#account-menu").click();
  await page.getByRole("link", { name: "Radar" }).first().click();
  await page.getByRole("link", { name: "Lire et signer la lettre" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Lettre d’engagement" })).toBeVisible();
  const letter = page.getByRole("article");
  await expect(letter).toContainText("Grenoble s’engage dans le programme");
  await expect(letter).toContainText("sans partenaire étranger à ce jour");
  await look(page, "engagement-letter");
  await page.getByRole("navigation", { name: "Langue de la lettre" }).getByRole("link", { name: "Українська" }).click();
  await expect(letter).toContainText("Лист-зобов’язання");

  await page.getByRole("button", { name: "Signer" }).click();
  const signing = page.getByRole("dialog", { name: "Signer" });
  await signing.getByRole("button", { name: "Signer" }).click();
  await expect(signing.getByRole("link", { name: /Signataire/ })).toBeVisible();
  await signing.getByLabel("Signataire").fill("Anne Martin");
  await signing.getByLabel("Fonction").fill("Maire");
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(new Date());
  await signing.getByLabel("Jour de la signature").fill(today);
  await look(page, "engagement-signing");
  await signing.getByRole("button", { name: "Signer" }).click();
  await expect(told(page, /La lettre est signée/)).toBeVisible();
  await expect(letter).toContainText("Anne Martin");

  const network = await somebodyElse(browser, "lianes");
  await network.goto("/cohorts");
  await network.getByRole("link", { name: COHORT }).click();
  // Who is in it, on a map; the table below says the same.
  await expect(network.getByRole("group").filter({ hasText: "Sur la carte" }).first()).toBeVisible();
  await expect(network.getByLabel(/collectivités? affichées?, sur la carte/).first()).toBeVisible();
  const row = network.getByRole("row", { name: /Grenoble/ }).filter({ has: network.getByRole("button", { name: /Classer/ }) });
  await row.getByRole("button", { name: /Classer/ }).click();
  const filing = network.getByRole("dialog", { name: "Classer la lettre" });
  await filing.getByLabel("Référence").fill("DEMO-001");
  await filing.getByRole("button", { name: "Classer" }).click();
  await expect(told(network, "La lettre est classée.")).toBeVisible();
  await expect(network.getByRole("row", { name: /Grenoble/ }).filter({ hasText: "Classée" })).toBeVisible();
  await network.getByRole("button", { name: /lettre en brouillon/ }).click();
  await expect(told(network, "1 lettre est envoyée.")).toBeVisible();
  await look(network, "cohort-led");

  // Closed by mistake: one press takes that back.
  await network.getByRole("button", { name: "Clore maintenant" }).click();
  await network.locator(".toasts").getByRole("button", { name: "Annuler" }).click();
  await expect(told(network, "La cohorte est rouverte.")).toBeVisible();
  await expect(network.getByRole("button", { name: "Clore maintenant" })).toBeVisible();
  await network.context().close();
});
