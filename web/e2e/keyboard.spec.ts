// The main story with the keyboard alone: no pointer, no script that puts the focus somewhere. Each control is reached by Tab, seen to have the focus, and
// used with its own keys; after each act the focus is on something that exists.
import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";

import { address, PASSWORD, told } from "./journey";

const TITLE = "Clermont-Ferrand et Sevan au clavier";
/** A file of a call whose deadline is over: what was just handed in is sealed until then. */
const JUDGED = "Vienne – Sevan : la jeunesse prend la parole";

test("from signing in to a decision without a pointer", async ({ browser }) => {
  test.setTimeout(240_000);

  const clermont = await somebody(browser);
  await test.step("the first stop is the way past the header", async () => {
    await clermont.goto("/");
    await expect(clermont.getByRole("heading", { level: 1 })).toBeVisible();
    await clermont.keyboard.press("Tab");
    const skip = clermont.getByRole("link", { name: "Aller au contenu" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await clermont.keyboard.press("Enter");
    await expect(clermont.locator("main")).toBeFocused();
  });
  await test.step("signing in", () => signIn(clermont, "clermont"));

  await test.step("the profile", async () => {
    await press(clermont, clermont.locator("#account-menu"));
    await press(clermont, banner(clermont, "Compléter le profil"));
    await opened(clermont, "Compléter le profil");
    await write(clermont, clermont.getByLabel("Adresse du site"), "https://clermont-ferrand.fr/international");
    await clermont.keyboard.press("Enter");
    await expect(told(clermont, "Profil enregistré.")).toBeVisible();
    await somewhere(clermont);
  });

  await test.step("a partner found, and told of our interest", async () => {
    await press(clermont, banner(clermont, "Trouver un partenaire"));
    await opened(clermont, "Trouver un partenaire");
    await choose(clermont, clermont.getByLabel("Pays").first(), "Arménie");
    await expect(clermont).toHaveURL(/country=AM/);
    const card = clermont.locator(".partner").filter({ has: clermont.getByRole("link", { name: "Sevan", exact: true }) });
    for (let pages = 0; pages < 10 && (await card.count()) === 0; pages += 1) {
      await press(clermont, clermont.getByRole("button", { name: "Afficher la suite" }));
    }
    const why = card.locator("summary");
    await press(clermont, why);
    await expect(card.locator(".reasons")).toBeVisible();
    await press(clermont, card.getByRole("button", { name: /Signaler notre intérêt/ }));
    const dialog = clermont.getByRole("dialog", { name: /Écrire à/ });
    await inside(clermont, dialog);
    // Escape closes it, and gives the focus back to what opened it.
    await clermont.keyboard.press("Escape");
    await expect(card.getByRole("button", { name: /Signaler notre intérêt/ })).toBeFocused();
    await clermont.keyboard.press("Enter");
    await write(clermont, dialog.getByLabel("Votre message"), "Bonjour, parlons de l’eau.");
    await press(clermont, dialog.getByRole("button", { name: "Envoyer" }));
    await expect(told(clermont, /Votre intérêt a été transmis/)).toBeVisible();
    await expect(card.getByRole("link", { name: /Échange en cours/ })).toBeVisible();
    await somewhere(clermont);
  });

  const sevan = await somebody(browser);
  await test.step("the other side accepts, and makes the partnership", async () => {
    await sevan.goto("/");
    await signIn(sevan, "sevan");
    await press(sevan, banner(sevan, "Mises en relation"));
    await opened(sevan, "Mises en relation");
    await reach(sevan, sevan.getByRole("tab", { selected: true }));
    for (let step = 0; step < 4 && !(await sevan.getByRole("tab", { name: /Reçues/, selected: true }).count()); step += 1) {
      await sevan.keyboard.press("ArrowRight");
    }
    const received = sevan.locator(".match-list > li").filter({ hasText: "parlons de l’eau" });
    await press(sevan, received.getByRole("button", { name: /^Accepter/ }));
    const dialog = sevan.getByRole("dialog");
    await write(sevan, dialog.getByLabel("Votre réponse"), "Avec plaisir.");
    await press(sevan, dialog.getByRole("button", { name: "Accepter" }));
    const mutual = sevan.getByRole("group", { name: /L’intérêt est réciproque/ });
    await expect(mutual).toBeVisible();
    await somewhere(sevan);
    await press(sevan, sevan.getByRole("button", { name: "Créer le partenariat Clermont-Ferrand" }));
    await press(sevan, sevan.getByRole("dialog").getByRole("button", { name: "Créer le partenariat" }));
    await expect(sevan).toHaveURL(/\/partnerships\/[0-9a-f-]{36}/);
    await opened(sevan, /Clermont-Ferrand/);
  });

  await test.step("a file begun from a call", async () => {
    await press(clermont, banner(clermont, "Appels à projets"));
    await opened(clermont, "Appels à projets");
    await press(clermont, clermont.getByRole("main").getByRole("link", { name: /MEAE 2025, coopération/ }));
    await opened(clermont, /MEAE 2025, coopération/);
    await press(clermont, clermont.getByRole("button", { name: "Commencer un dossier" }));
    const dialog = clermont.getByRole("dialog", { name: "Commencer un dossier" });
    await inside(clermont, dialog);
    await write(clermont, dialog.getByLabel("Titre du projet"), TITLE);
    await clermont.keyboard.press("Enter");
    await opened(clermont, TITLE);
  });

  await test.step("the project, the parties, the budget", async () => {
    await press(clermont, clermont.getByLabel("Climat"), "Space");
    await press(clermont, clermont.getByLabel("Eau et déchets"), "Space");
    for (const question of [/contexte de la coopération/, /objectifs visez-vous/, /activités, où, et quand/, /décide et qui fait quoi/]) {
      await write(clermont, clermont.getByLabel(question), "Une réponse écrite sans souris.");
    }
    await expect(clermont.getByText(/^Enregistré à/)).toBeVisible();

    await step(clermont, /^Parties/);
    await write(clermont, clermont.getByRole("combobox", { name: "Ajouter une collectivité" }), "Sevan");
    await expect(clermont.getByRole("option").first()).toBeVisible();
    await clermont.keyboard.press("ArrowDown");
    await clermont.keyboard.press("Enter");
    await expect(clermont.getByRole("listitem").filter({ hasText: "Sevan" }).first()).toBeVisible();
    await somewhere(clermont);

    await step(clermont, /^Budget/);
    await press(clermont, clermont.getByRole("button", { name: "Ajouter une dépense" }));
    await choose(clermont, clermont.getByLabel("Poste, dépense 1"), "Formations et ateliers");
    await write(clermont, clermont.getByLabel("Intitulé, dépense 1"), "Formations des agents");
    await choose(clermont, clermont.getByLabel("Pays, dépense 1"), "Arménie");
    await write(clermont, clermont.getByLabel("Montant (EUR), dépense 1"), "40 000");
    await press(clermont, clermont.getByRole("button", { name: "Ajouter un apport" }));
    await write(clermont, clermont.getByLabel("Montant (EUR), apport 1"), "20 000");
    await press(clermont, clermont.getByRole("button", { name: /Demander le maximum utile/ }));
    await expect(clermont.getByText("Toutes les règles sont respectées.").first()).toBeVisible();
    await expect(clermont.getByText(/^Enregistré à/)).toBeVisible();
  });

  await test.step("both agree, and it is handed in", async () => {
    await step(clermont, /^Accords/);
    await press(clermont, clermont.getByRole("button", { name: "Donner l’accord Clermont-Ferrand" }));
    await press(clermont, clermont.getByRole("button", { name: "Oui, donner l’accord" }));
    await expect(clermont.getByText(/^Accord donné le/)).toHaveCount(1);
    await somewhere(clermont);

    await press(sevan, banner(sevan, "Mes dossiers"));
    await opened(sevan, "Mes dossiers");
    await press(sevan, sevan.getByRole("link", { name: TITLE }));
    await opened(sevan, TITLE);
    await step(sevan, /^Accords/);
    await press(sevan, sevan.getByRole("button", { name: "Donner l’accord Sevan" }));
    await press(sevan, sevan.getByRole("button", { name: "Oui, donner l’accord" }));
    await expect(sevan.getByText(/^Accord donné le/)).toHaveCount(2);
    await somewhere(sevan);
    await sevan.context().close();

    await step(clermont, /^Vérifier et déposer/);
    await clermont.reload();
    await expect(clermont.getByText("Tout est complet et chaque partie a donné son accord.")).toBeVisible();
    await press(clermont, clermont.getByRole("button", { name: "Déposer le dossier" }));
    await press(clermont, clermont.getByRole("button", { name: "Oui, déposer" }));
    await expect(clermont.getByRole("heading", { name: "Le dossier est déposé" })).toBeFocused();
    await clermont.context().close();
  });

  const officer = await somebody(browser);
  await test.step("the officer decides", async () => {
    await officer.goto("/");
    await signIn(officer, "meae");
    await press(officer, banner(officer, "Instruction"));
    await opened(officer, "Instruction");
    // Of all that was ever handed in, what still waits.
    await officer.goto("/review?state=submitted");
    await expect(officer.getByRole("heading", { level: 1, name: "Instruction" })).toBeVisible();
    await expect(officer.getByRole("link", { name: TITLE })).toHaveCount(0);
    const link = officer.getByRole("link", { name: JUDGED });
    await expect(link).toBeVisible();
    for (let row = 0; row < 20 && !(await holdsFocus(link)); row += 1) await officer.keyboard.press("j");
    await seen(officer);
    await officer.keyboard.press("Enter");
    await opened(officer, JUDGED);
    await press(officer, officer.getByRole("button", { name: "Commencer l’instruction" }));
    await expect(officer.getByText("En instruction").first()).toBeVisible();
    await somewhere(officer);
    await press(officer, officer.getByRole("button", { name: "Décider" }));
    const dialog = officer.getByRole("dialog", { name: "Décider" });
    await inside(officer, dialog);
    await press(officer, dialog.getByRole("radio").first(), "Space");
    await expect(dialog.getByRole("radio", { name: "Accepter" })).toBeChecked();
    await write(officer, dialog.getByLabel(/Subvention accordée/), "20 000");
    // Without a reason it is refused; the summary takes the focus and leads to the field.
    await press(officer, dialog.getByRole("button", { name: "Enregistrer la décision" }));
    await press(officer, dialog.getByRole("link", { name: /Motif/ }));
    await expect(dialog.getByLabel("Motif")).toBeFocused();
    await officer.keyboard.type("Un dossier clair.");
    await press(officer, dialog.getByRole("button", { name: "Enregistrer la décision" }));
    await expect(officer.getByRole("heading", { name: "Le dossier est accepté" })).toBeVisible();
    await somewhere(officer);
    await officer.context().close();
  });
});

/** A browser of somebody. */
async function somebody(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 900 } });
  return context.newPage();
}

async function signIn(page: Page, user: string): Promise<void> {
  await press(page, banner(page, "Se connecter"));
  await opened(page, "Se connecter");
  await write(page, page.getByLabel("Adresse électronique"), address(user));
  await write(page, page.getByLabel("Mot de passe"), PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.locator("#account-menu")).toBeVisible();
  await somewhere(page);
}

function banner(page: Page, name: string): Locator {
  return page.getByRole("banner").getByRole("link", { name });
}

const holdsFocus = (wanted: Locator) => wanted.evaluate((element) => element === document.activeElement);

/** Moves by Tab alone, forward or, where that is nearer, back, until the control has the focus; the focus is then to be seen. */
async function reach(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toHaveCount(1);
  const isBefore = await wanted.evaluate((element) => {
    const here = document.activeElement;
    return Boolean(here && here !== document.body && here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING);
  });
  for (let steps = 0; steps < 300; steps += 1) {
    if (await holdsFocus(wanted)) return seen(page);
    await page.keyboard.press(isBefore ? "Shift+Tab" : "Tab");
  }
  throw new Error(`the focus does not get to ${wanted} by Tab`);
}

/** Reaches a control and presses its key. */
async function press(page: Page, wanted: Locator, key = "Enter"): Promise<void> {
  await expect(wanted).toBeVisible();
  await reach(page, wanted);
  await page.keyboard.press(key);
}

/** Reaches a field and writes in it. */
async function write(page: Page, field: Locator, words: string): Promise<void> {
  await expect(field).toBeVisible();
  await reach(page, field);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(words);
}

/** Reaches a list and types the beginning of an option, as one does. */
async function choose(page: Page, list: Locator, option: string): Promise<void> {
  await expect(list).toBeVisible();
  await reach(page, list);
  await page.keyboard.type(option.slice(0, 6));
  await expect.poll(() => list.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.text)).toBe(option);
}

/** Goes to a step of a file; the focus goes with it. */
async function step(page: Page, name: RegExp): Promise<void> {
  await press(page, page.getByRole("main").getByRole("navigation").getByRole("link", { name }));
  await expect(page.locator("#step-title")).toBeFocused();
}

/** A page has opened: its heading is there and has the focus, so that it is announced. */
async function opened(page: Page, title: string | RegExp): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeFocused();
}

/** A dialog keeps the focus inside. */
async function inside(page: Page, dialog: Locator): Promise<void> {
  await expect(dialog).toBeVisible();
  await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
}

/** The focus is on something, not lost: what had it may be gone. */
async function somewhere(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body), { message: "the focus is lost" }).toBe(true);
}

/** What has the focus shows it, and stands inside the screen. */
async function seen(page: Page): Promise<void> {
  const focus = await page.evaluate(() => {
    const element = document.activeElement!;
    const drawn = (candidate: Element | null) => {
      if (!candidate) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate);
      return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    };
    const { top, bottom } = element.getBoundingClientRect();
    return {
      what: element.outerHTML.slice(0, 120),
      shown: drawn(element) || drawn(element.nextElementSibling) || drawn(element.parentElement),
      inside: bottom > 0 && top < innerHeight,
    };
  });
  expect(focus.shown && focus.inside, `the focus is seen on ${focus.what}`).toBe(true);
}
