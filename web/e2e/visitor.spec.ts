// Somebody who is not signed in: finds a city in any script, looks at partnerships and calls, switches language and colours.
import { expect, test } from "@playwright/test";

import { look } from "./journey";

test("a visitor finds Krementchouk by its name in Cyrillic", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await look(page, "home");
  await page.getByRole("combobox", { name: "Quelle collectivité cherchez-vous ?" }).fill("Кременчук");
  await page.getByRole("option", { name: /Krementchouk/ }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: /Krementchouk/ })).toBeVisible();
  await expect(page.getByText("Кременчук").first()).toBeAttached();
  await look(page, "city");
});

test("a city's code leads to its page", async ({ page }) => {
  await page.goto("/cities/fr:insee:38185");
  await expect(page.getByRole("heading", { level: 1, name: "Grenoble" })).toBeVisible();
  await expect(page).toHaveURL(/\/cities\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("link", { name: /IRAPA/ }).first()).toBeVisible();
});

test("a visitor looks at partnerships on a map and in a table", async ({ page }) => {
  await page.goto("/partnerships");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await look(page, "partnerships");
  await page.getByRole("button", { name: "Tableau" }).click();
  await expect(page.getByRole("table").first()).toBeVisible();
  await look(page, "partnerships-table");
});

test("a visitor reads a call and is asked to sign in before applying", async ({ page }) => {
  await page.goto("/calls?open=true");
  await page.getByRole("link", { name: /MEAE 2025, coopération/ }).click();
  await expect(page.getByText("Connectez-vous pour commencer un dossier")).toBeVisible();
  await look(page, "call-visitor");
});

test("a visitor switches language and colours, and both stay", async ({ page }) => {
  await page.goto("/cities");
  await page.getByRole("button", { name: "Українська" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "uk");
  await expect(page.getByRole("heading", { level: 1, name: "Громади" })).toBeVisible();
  await look(page, "cities-uk");
  await page.goto("/calls");
  await expect(page.getByRole("heading", { level: 1, name: "Конкурси" })).toBeVisible();
  await look(page, "calls-uk");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Calls for projects" })).toBeVisible();
  const colours = page.getByRole("button", { name: /^Colours:/ });
  await colours.click();
  await colours.click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await look(page, "calls-dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goto("/");
  await look(page, "home-dark");
});

test("what a page needs travels beside the app, not after it", async ({ page }) => {
  for (const path of ["/", "/cities", "/partnerships", "/calls", "/matches", "/partnerships/new", "/applications", "/help"]) {
    const late: string[] = [];
    const preloaded = new Set<string>();
    page.removeAllListeners("request");
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/\.(wasm|pack)$/.test(url.pathname)) preloaded.add(url.pathname);
    });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    const links = await page.locator('link[rel="preload"]').evaluateAll((all) => all.map((link) => new URL((link as HTMLLinkElement).href).pathname));
    for (const module of preloaded) if (!links.includes(module)) late.push(module);
    expect(late, `modules that ${path} asked for only when it ran`).toEqual([]);
  }
});
