// The staff of a city: signs in by keyboard, completes the profile, finds a partner, tells interest; the other side accepts; a partnership begins.
import { expect, test } from "@playwright/test";

import { PASSWORD, address, look, signIn, somebodyElse, tabTo, told } from "./journey";

test("from the first key to a partnership", async ({ page, browser }) => {
  test.setTimeout(180_000);

  // By keyboard only: from the home page to the account.
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Se connecter" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Se connecter" })).toBeFocused();
  await look(page, "sign-in");
  await tabTo(page, page.getByLabel("Adresse électronique"));
  await page.keyboard.type(address("grenoble"));
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.locator("#account-menu")).toBeVisible();

  // The profile, reached through the account's menu.
  await tabTo(page, page.locator("#account-menu"));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Compléter le profil" }));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Adresse du site")).toBeVisible();
  await look(page, "profile");
  await tabTo(page, page.getByLabel("Adresse du site"));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("https://www.grenoble.fr/international");
  await tabTo(page, page.getByRole("button", { name: "Enregistrer" }));
  await page.keyboard.press("Enter");
  await expect(told(page, "Profil enregistré.")).toBeVisible();

  // Partners, ranked; a weight moved re-ranks at once.
  await page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link", { name: "Trouver un partenaire" }).click();
  await expect(page.locator(".partner").first()).toBeVisible();
  await look(page, "partners");
  if (process.env.PICTURES) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: "e2e/pictures/partners.png" });
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  await page.getByText("Ce qui compte pour vous").click();
  const slider = page.getByRole("slider").first();
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(slider).toHaveAttribute("aria-valuetext", "ne compte pas");
  await expect(page).toHaveURL(/weights=/);
  await page.locator(".partner").first().getByText("Pourquoi ce rang").click();
  await expect(page.locator(".reasons").first()).toBeVisible();
  await look(page, "partners-reasons");

  // Interest in Krementchouk, with a message.
  await page.getByLabel("Pays").first().selectOption({ label: "Ukraine" });
  const wanted = page.locator(".partner").filter({ has: page.getByRole("link", { name: "Krementchouk", exact: true }) });
  for (let pages = 0; pages < 20 && (await wanted.count()) === 0; pages += 1) {
    await page.getByRole("button", { name: "Afficher la suite" }).click();
  }
  await wanted.first().getByRole("button", { name: /Signaler notre intérêt/ }).click();
  const dialog = page.getByRole("dialog", { name: /Écrire à/ });
  await dialog.getByLabel("Votre message").fill("Bonjour, nos services de l’eau ont des choses à se dire.");
  await look(page, "interest");
  await dialog.getByRole("button", { name: "Envoyer" }).click();
  await expect(told(page, /Votre intérêt a été transmis/)).toBeVisible();
  await page.goto("/matches");
  await expect(page.getByRole("tab").first()).toBeVisible();
  await look(page, "matches");

  // The other city reads it and accepts; then they make a partnership.
  const theirs = await somebodyElse(browser, "kremenchuk");
  await theirs.goto("/matches");
  await theirs.getByRole("tab", { name: /Reçues/ }).click();
  const received = theirs.locator(".match-list > li").filter({ hasText: "nos services de l’eau" });
  await received.getByRole("button", { name: /^Accepter/ }).click();
  await theirs.getByRole("dialog").getByLabel("Votre réponse").fill("Із задоволенням!");
  await theirs.getByRole("dialog").getByRole("button", { name: "Accepter" }).click();
  await expect(theirs.getByRole("group", { name: /L’intérêt est réciproque/ })).toBeVisible();
  await look(theirs, "matches-mutual");
  await theirs.getByRole("button", { name: /Créer le partenariat/ }).first().click();
  await theirs.getByRole("dialog").getByRole("button", { name: "Créer le partenariat" }).click();
  await expect(theirs).toHaveURL(/\/partnerships\/[0-9a-f-]{36}/);
  await expect(theirs.getByRole("heading", { level: 1 })).toContainText("Grenoble");
  await look(theirs, "partnership");
  await theirs.context().close();
});

test("what a visitor read before does not hide what staff may do", async ({ page }) => {
  await page.goto("/cities?q=Grenoble");
  await page.getByRole("link", { name: "Grenoble", exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Grenoble" })).toBeVisible();
  const city = new URL(page.url()).pathname;
  await signIn(page, "grenoble");
  await page.goto(`${city}/edit`);
  await expect(page.getByLabel("Adresse du site")).toBeVisible();
});

test("a city that is ruled out is not suggested, until it is let in again", async ({ page }) => {
  await signIn(page, "grenoble");
  await page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link", { name: "Trouver un partenaire" }).click();
  await page.getByLabel("Pays").first().selectOption({ label: "Géorgie" });
  await expect(page).toHaveURL(/country=GE/);
  const first = page.locator(".partner h2 a").first();
  await expect(page.locator(".partner").first()).toContainText("Géorgie");
  const name = (await first.textContent())!;
  const link = page.getByRole("main").getByRole("link", { name, exact: true });

  // At one press, and taken back at another; the focus goes on to the next card.
  await page.getByRole("button", { name: `Ne plus proposer ${name}` }).click();
  await expect(told(page, `${name} ne vous sera plus proposée`)).toBeVisible();
  await expect(link).toHaveCount(0);
  await expect(first).toBeFocused();
  await page.locator(".toasts").getByRole("button", { name: "Annuler" }).click();
  await expect(link).toHaveCount(1);

  // From the city's own page, told with what it means, and with a reason.
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await page.getByRole("link", { name: "Ne plus proposer" }).click();
  await expect(page.getByRole("heading", { name: `Écarter ${name} ?` })).toBeFocused();
  await page.getByLabel("Motif").fill("Déjà essayé en 2019.");
  await look(page, "ban-ask");
  await page.getByRole("button", { name: "Oui, écarter" }).click();
  const item = page.locator(".ban").filter({ hasText: name });
  await expect(item).toContainText("Déjà essayé en 2019.");
  await expect(page.getByRole("status").filter({ hasText: "1 collectivité écartée" })).toBeVisible();
  await look(page, "bans");
  // A city with which an exchange is open is not ruled out behind its back.
  await page.getByRole("combobox", { name: "Écarter une collectivité" }).fill("Vinnytsia");
  await page.getByRole("option").first().click();
  await page.getByRole("button", { name: "Oui, écarter" }).click();
  await expect(page.getByText("Un échange est ouvert avec cette collectivité.")).toBeVisible();
  await page.getByRole("button", { name: "Annuler" }).first().click();
  await item.getByRole("button", { name: /Proposer de nouveau/ }).click();
  await expect(page.getByText("Aucune collectivité écartée")).toBeVisible();
});
