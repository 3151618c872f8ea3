// Several cities write one file: a draft, a budget whose broken rule is mended, agreements, the handing in, the receipt.
import { expect, test, type Locator } from "@playwright/test";

import { look, signIn, somebodyElse, told } from "./journey";

const TITLE = "Deux villes pour l’eau du lac Sevan";
const ANSWERS: [RegExp, string][] = [
  [/contexte de la coopération/, "Grenoble et Sevan coopèrent depuis vingt ans dans la plateforme IRAPA."],
  [/objectifs visez-vous/, "Moins de pertes dans le réseau d’eau ; des agents formés ; des habitants informés."],
  [/activités, où, et quand/, "Un diagnostic au printemps, deux formations à Sevan, une restitution à Grenoble."],
  [/décide et qui fait quoi/, "Un comité des deux villes se réunit chaque trimestre."],
];

test("a file is written by two cities, signed off, handed in", async ({ page, browser }) => {
  test.setTimeout(180_000);
  await signIn(page, "grenoble");

  // From the call, where a draft that exists is offered first.
  await page.goto("/calls");
  await expect(page.getByRole("status").filter({ hasText: /appels?$/ })).toBeVisible();
  await look(page, "calls");
  await page.getByRole("link", { name: /MEAE 2025, coopération/ }).click();
  await expect(page.getByRole("link", { name: /^Continuer « IRAPA/ })).toBeVisible();
  await expect(page.getByText("50 %").first()).toBeVisible();
  await look(page, "call");
  await page.getByRole("button", { name: "Commencer un dossier" }).click();
  const dialog = page.getByRole("dialog", { name: "Commencer un dossier" });
  await dialog.getByRole("button", { name: "Créer le dossier" }).click();
  // An empty title is the server's to refuse, at its field and in the summary.
  await expect(dialog.getByRole("link", { name: /Titre du projet/ })).toBeVisible();
  await dialog.getByLabel("Titre du projet").fill(TITLE);
  await dialog.getByRole("button", { name: "Créer le dossier" }).click();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();

  // The project saves itself.
  await page.getByLabel("Climat").check();
  await page.getByLabel("Eau et déchets").check();
  for (const [question, answer] of ANSWERS) {
    await page.getByLabel(question).fill(answer);
  }
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await look(page, "application-project");
  await page.reload();
  await expect(page.getByLabel(ANSWERS[0]![0])).toHaveValue(ANSWERS[0]![1]);
  await expect(page.getByRole("link", { name: /Projet\s*Complet/ })).toBeVisible();

  // The partner comes in through the directory, in any script.
  await page.getByRole("link", { name: /^Parties/ }).click();
  await expect(page.locator("#step-title")).toBeFocused();
  await page.getByRole("combobox", { name: "Ajouter une collectivité" }).fill("Սևան");
  await page.getByRole("option").first().click();
  await expect(page.getByRole("listitem").filter({ hasText: "Sevan" }).first()).toBeVisible();
  await look(page, "application-parties");

  // The budget: the rules answer as one types.
  await page.getByRole("link", { name: /^Budget/ }).click();
  const add = page.getByRole("button", { name: "Ajouter une dépense" });
  await add.click();
  await page.getByLabel("Poste, dépense 1").selectOption({ label: "Formations et ateliers" });
  await page.getByLabel("Intitulé, dépense 1").fill("Formations des agents de Sevan");
  await page.getByLabel("Pays, dépense 1").selectOption({ label: "Arménie" });
  await page.getByLabel("Montant (EUR), dépense 1").fill("40 000");
  await add.click();
  await page.getByLabel("Poste, dépense 2").selectOption({ label: "Communication" });
  await page.getByLabel("Intitulé, dépense 2").fill("Restitution à Grenoble");
  await page.getByLabel("Pays, dépense 2").selectOption({ label: "France" });
  await page.getByLabel("Montant (EUR), dépense 2").fill("dix mille");
  await expect(page.getByText("Écrivez un montant, par exemple")).toBeVisible();
  await page.getByLabel("Montant (EUR), dépense 2").fill("10 000,00");
  await page.getByRole("button", { name: "Ajouter un apport" }).click();
  await page.getByLabel("Forme, apport 1").selectOption({ label: "En nature" });
  await page.getByLabel("Montant (EUR), apport 1").fill("5 000");
  await page.getByLabel(/Montant demandé au bailleur/).fill("45 000");
  // 50 % in Armenia and 30 % in France make 23,000; all of Grenoble's share is in kind.
  const rules = page.getByRole("complementary", { name: "Ce que disent les règles" });
  await expect(rules.getByRole("status")).toHaveText("2 règles à revoir");
  await expect(rules.getByText(/dépasse le plafond \(23\s000\s€\) de 22\s000\s€/)).toBeVisible();
  await expect(rules.getByText(/L’apport en nature/)).toBeVisible();
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await look(page, "application-budget-broken");

  // Mended: less grant, Grenoble pays cash, Sevan brings the rest.
  await page.getByRole("button", { name: "Ajouter un apport" }).click();
  await page.getByLabel("Montant (EUR), apport 2").fill("12 000");
  await page.getByRole("button", { name: "Ajouter un apport" }).click();
  await page.getByLabel("Qui paie, apport 3").selectOption({ label: "Sevan" });
  await page.getByLabel("Montant (EUR), apport 3").fill("10 000");
  await page.getByLabel(/Montant demandé au bailleur/).fill("");
  await page.getByRole("button", { name: /Demander le maximum utile\s: 23\s000/ }).click();
  await expect(rules.getByRole("status")).toHaveText("Toutes les règles sont respectées.");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await look(page, "application-budget");
  if (process.env.PICTURES) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: "e2e/pictures/application.png" });
  }

  // Documents are taken by what is in them, and one press takes a removal back.
  await page.getByRole("link", { name: /^Documents/ }).click();
  await expect(page.getByText("Aucun document pour l’instant.")).toBeVisible();
  const picker = page.getByLabel("Choisir des documents");
  const pdf = { name: "Délibération.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%%EOF\n") };
  await picker.setInputFiles([pdf, { name: "plan.pdf", mimeType: "application/pdf", buffer: Buffer.from("MZ") }]);
  await expect(page.getByRole("link", { name: "Délibération.pdf" })).toBeVisible();
  await expect(page.getByText("plan.pdf n’est pas joint")).toBeVisible();
  await expect(page.getByText(/Ce document n’est pas accepté/)).toBeVisible();
  await look(page, "application-documents-refused");
  await page.getByRole("button", { name: "Fermer plan.pdf" }).click();
  await page.getByRole("button", { name: "Retirer Délibération.pdf" }).click();
  await expect(page.getByRole("link", { name: "Délibération.pdf" })).toHaveCount(0);
  await page.getByRole("button", { name: "Annuler" }).click();
  await expect(page.getByRole("link", { name: "Délibération.pdf" })).toBeVisible();
  // The keyboard reaches the picker, and it shows.
  await picker.focus();
  await expect(picker).toBeFocused();
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Délibération.pdf" }).click();
  expect((await coming).suggestedFilename()).toBe("Délibération.pdf");
  await look(page, "application-documents");

  // What is missing is told with the way to it.
  await page.getByRole("link", { name: /^Vérifier et déposer/ }).click();
  await expect(page.getByRole("link", { name: /Accord attendu\s: Grenoble/ })).toBeVisible();
  await look(page, "application-check-missing");

  // Each city agrees for itself, to what the file says now.
  await page.getByRole("link", { name: /Accord attendu\s: Grenoble/ }).click();
  await page.getByRole("button", { name: "Donner l’accord Grenoble" }).click();
  await page.getByRole("button", { name: "Oui, donner l’accord" }).click();
  await expect(page.getByText(/^Accord donné le/)).toHaveCount(1);
  await look(page, "application-sign-off");

  const sevan = await somebodyElse(browser, "sevan");
  await sevan.goto("/applications");
  await sevan.getByRole("link", { name: TITLE }).click();
  await sevan.getByRole("link", { name: /^Accords/ }).click();
  await sevan.getByRole("button", { name: "Donner l’accord Sevan" }).click();
  await sevan.getByRole("button", { name: "Oui, donner l’accord" }).click();
  await expect(sevan.getByText(/^Accord donné le/)).toHaveCount(2);
  await sevan.context().close();

  await page.goto("/applications");
  await expect(page.getByRole("link", { name: TITLE })).toBeVisible();
  await look(page, "applications");
  await page.getByRole("link", { name: TITLE }).click();
  await page.getByRole("link", { name: /^Vérifier et déposer/ }).click();
  await expect(page.getByText("Tout est complet et chaque partie a donné son accord.")).toBeVisible();
  await look(page, "application-check");
  await page.getByRole("button", { name: "Déposer le dossier" }).click();
  await page.getByRole("button", { name: "Oui, déposer" }).click();
  await expect(page.getByRole("heading", { name: "Le dossier est déposé" })).toBeFocused();
  await expect(page.locator("code.hash")).toHaveText(/^[0-9a-f]{64}$/);
  await look(page, "application-receipt");
});

test("two people write in one file, and nothing is lost", async ({ page, browser }) => {
  test.setTimeout(90_000);
  await signIn(page, "grenoble");
  await page.goto("/applications?q=IRAPA");
  await page.getByRole("link", { name: /^IRAPA/ }).click();
  const mine = page.getByLabel(/activités, où, et quand/);
  await expect(mine).toBeVisible();

  const sevan = await somebodyElse(browser, "sevan");
  await sevan.goto(page.url());
  const theirs = sevan.getByLabel(/décide et qui fait quoi/);
  await theirs.fill("Sevan suit les travaux.");
  await expect(sevan.getByText(/^Enregistré à/)).toBeVisible();

  await mine.fill("Un atelier en mai.");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await expect(page.getByText("Quelqu’un a écrit en même temps que vous.")).toBeVisible();
  await expect(page.getByLabel(/décide et qui fait quoi/)).toHaveValue("Sevan suit les travaux.");
  await sevan.reload();
  await expect(sevan.getByLabel(/activités, où, et quand/)).toHaveValue("Un atelier en mai.");
  await look(page, "application-merged");
  await sevan.context().close();
});

test("two cities talk about a part of their file, and settle it", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, "grenoble");
  await page.goto("/applications?q=IRAPA");
  await page.getByRole("link", { name: /^IRAPA/ }).click();
  const title = "Échanges entre vos collectivités";
  const talk = page.getByRole("region", { name: title });
  const said = (panel: Locator, words: string) => panel.getByRole("paragraph").filter({ hasText: words });
  await expect(talk.getByText("Rien n’a encore été dit sur ce dossier.")).toBeVisible();
  await talk.getByRole("button", { name: "Écrire un commentaire" }).click();
  await expect(talk.getByLabel("Votre commentaire")).toBeFocused();
  await talk.getByRole("button", { name: "Envoyer" }).click();
  await expect(talk.getByLabel("Votre commentaire")).toHaveAttribute("aria-invalid", "true");
  await talk.getByLabel("À propos de").selectOption({ label: "Budget" });
  await talk.getByLabel("Votre commentaire").fill("Qui paie le bus ?");
  await talk.getByRole("button", { name: "Envoyer" }).click();
  await expect(told(page, "C’est dit.")).toBeVisible();
  await expect(said(talk, "Qui paie le bus ?")).toBeVisible();

  const sevan = await somebodyElse(browser, "sevan");
  await sevan.goto(page.url());
  const theirs = sevan.getByRole("region", { name: title });
  await expect(theirs.getByText(/^En ce moment sur ce dossier\s: .*\(Grenoble/)).toBeVisible();
  await theirs.getByRole("button", { name: /^Répondre/ }).click();
  await theirs.getByLabel("Votre réponse").fill("Nous, comme l’an dernier.");
  await theirs.getByRole("button", { name: "Envoyer" }).click();
  await expect(said(theirs, "Nous, comme l’an dernier.")).toBeVisible();
  // Without loading anything again, Grenoble hears of it.
  await expect(said(talk, "Nous, comme l’an dernier.")).toBeVisible({ timeout: 40_000 });
  await look(page, "talk");
  await theirs.getByRole("button", { name: /^Marquer comme réglé/ }).click();
  await expect(told(sevan, "C’est réglé.")).toBeVisible();
  await expect(said(theirs, "Qui paie le bus ?")).toHaveCount(0);
  await theirs.getByRole("button", { name: "Montrer 1 conversation réglée" }).click();
  await theirs.getByRole("button", { name: /^Reprendre/ }).click();
  await expect(theirs.getByRole("button", { name: /^Répondre/ })).toBeVisible();

  // What one has said oneself goes and comes back.
  await theirs.getByRole("button", { name: /^Supprimer/ }).click();
  await expect(said(theirs, "Nous, comme l’an dernier.")).toHaveCount(0);
  await sevan.locator(".toasts").getByRole("button", { name: "Annuler" }).click();
  await expect(said(theirs, "Nous, comme l’an dernier.")).toBeVisible();
  await sevan.context().close();
});

test("what was deleted is looked up in earlier versions and brought back", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, "grenoble");
  await page.goto("/applications?q=IRAPA");
  await page.getByRole("link", { name: /^IRAPA/ }).click();
  const answer = page.getByLabel(/décide et qui fait quoi/);
  await answer.fill("Un comité des deux villes.");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await answer.fill("");
  const earlier = page.getByRole("region", { name: "Versions précédentes" });
  await earlier.getByRole("button", { name: "Afficher les versions précédentes" }).click();
  // Emptied a moment ago: that is the latest version, and the one before still has the answer.
  await expect(async () => {
    await earlier.getByRole("button", { name: "Masquer les versions précédentes" }).click();
    await earlier.getByRole("button", { name: "Afficher les versions précédentes" }).click();
    await earlier.getByRole("button", { name: /^Consulter/ }).first().click();
    await expect(earlier.getByText("Rien n’était écrit ici.")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  // Of those that are closed, the first is the one before.
  await earlier.getByRole("button", { name: /^Consulter/ }).first().click();
  await expect(earlier.getByText("Un comité des deux villes.")).toBeVisible();
  await look(page, "earlier-versions");
  await earlier.getByRole("button", { name: /^Rétablir .*décide et qui fait quoi/ }).click();
  await expect(told(page, /^Rétabli tel qu’au/)).toBeVisible();
  await expect(answer).toHaveValue("Un comité des deux villes.");
  await page.locator(".toasts").getByRole("button", { name: "Annuler" }).click();
  await expect(told(page, "Rétabli comme avant.")).toBeVisible();
  await expect(answer).toHaveValue("");
});
