// What every journey needs: signing in, and looking at a screen with axe's eyes at two widths.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Browser, type Page } from "@playwright/test";

/** The password of every account of the demonstration. */
export const PASSWORD = "passerelle-demo-2026";

/** Wide as on an office's screen, narrow as on a phone. */
const WIDTHS = [
  { name: "1280", width: 1280, height: 900 },
  { name: "390", width: 390, height: 844 },
];

/** Rules of WCAG 2.2 AA and axe's best practices: none may be broken, on any screen, at either width. */
export async function look(page: Page, screen: string): Promise<void> {
  const before = page.viewportSize();
  for (const { name, width, height } of WIDTHS) {
    await page.setViewportSize({ width, height });
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    // Nothing may stick out of a narrow screen.
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${screen} at ${name}: pixels beyond the right edge`).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `e2e/results/screens/${screen}-${name}.png`, fullPage: true });
    const found = await new AxeBuilder({ page }).analyze();
    const told = found.violations.map((violation) => ({
      rule: violation.id,
      help: violation.help,
      where: violation.nodes.map((node) => node.target.join(" ")),
    }));
    expect(told, `${screen} at ${name}`).toEqual([]);
  }
  if (before) {
    await page.setViewportSize(before);
  }
}

/** The address of an account of the demonstration. */
export function address(user: string): string {
  return `${user}@demo.passerelle.example`;
}

/** Signs in, by the form that people use. */
export async function signIn(page: Page, user: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Adresse électronique").fill(address(user));
  await page.getByLabel("Mot de passe").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Se connecter" }).click();
  await expect(page.locator("#account-menu")).toBeVisible();
}

/** A browser of somebody else, who signs in. */
export async function somebodyElse(browser: Browser, user: string): Promise<Page> {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await signIn(page, user);
  return page;
}

/** The message that tells what just happened. */
export function told(page: Page, words: string | RegExp) {
  return page.locator(".toasts").getByText(words);
}

/** Moves the focus by Tab alone until it is on `wanted`. */
export async function tabTo(page: Page, wanted: ReturnType<Page["locator"]>): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    const reached = await wanted.evaluate((element) => element === document.activeElement);
    if (reached) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the focus does not get there by Tab");
}
