// Every page, quickly: nothing may break the accessibility rules, stick out of a narrow screen, or complain in the console. Each page is seen in each
// language, in light and in dark, and by axe at each width; the journeys look at the states in between.
import { readFileSync } from "node:fs";

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Browser, type BrowserContext, type Page } from "@playwright/test";

import { address, PASSWORD } from "./journey";

const WIDTHS = [320, 390, 1280];
/** Each language with its colours; English shows every other page in the dark. */
const READERS = [
  { locale: "fr-FR", colours: () => "light" as const },
  { locale: "en-GB", colours: (page: number) => (page % 2 ? ("dark" as const) : ("light" as const)) },
  { locale: "uk-UA", colours: () => "dark" as const },
];

/** What the addresses below speak of. */
interface Known {
  city: string;
  partnership: string;
  activity: string;
  result: string;
  lesson: string;
  assessment: string;
  recommendation: string;
  planned: string;
  meeting: string;
  listed: string;
  call: string;
  file: string;
  told: string;
  round?: string;
  judged: string;
  decided: string;
  programme: string;
  ministry: string;
  grant: string;
  organisation: string;
  cohort: string;
  letter: string;
  review?: string;
}

/** Who sees which pages. A page that the app's table gains is missed here until it is named. */
const PAGES: { who: string | null; paths: (known: Known) => string[] }[] = [
  {
    who: null,
    paths: ({ city, partnership, planned, activity, call, programme, judged, decided, organisation, cohort }) => [
      "/",
      "/sign-in",
      "/confirm?token=shown",
      "/cities?q=lv",
      `/cities/${city}`,
      "/partnerships",
      "/partnerships?as=table",
      `/partnerships/${partnership}`,
      `/partnerships/${partnership}/life`,
      `/partnerships/${partnership}/assessments`,
      `/partnerships/${planned}/plan`,
      "/stories",
      `/partnerships/${partnership}/story`,
      `/partnerships/${planned}/story`,
      `/activities/${activity}`,
      "/calls",
      `/calls/${call}`,
      "/campaigns",
      "/organisations?q=DAECT",
      `/organisations/${organisation}`,
      "/cohorts",
      `/cohorts/${cohort}`,
      `/programmes/${programme}/rules`,
      `/calls/${judged}/criteria`,
      `/calls/${call}/form`,
      `/calls/${decided}/results`,
      "/help",
      "/accessibility",
      "/elections",
      "/nowhere",
    ],
  },
  {
    who: "grenoble",
    paths: ({ city, partnership, activity, result, lesson, assessment, file, told, cohort, letter }) => [
      "/",
      `/cities/${city}`,
      `/cities/${city}/edit`,
      `/cities/${city}/partners`,
      `/cities/${city}/bans`,
      `/cities/${city}/steps`,
      `/cities/${city}/radar`,
      `/cities/${city}/contacts`,
      "/matches",
      "/account",
      "/partnerships/new",
      `/partnerships/${partnership}/edit`,
      `/partnerships/${partnership}/life`,
      `/partnerships/${partnership}/activities/new`,
      `/partnerships/${partnership}/results/new`,
      `/results/${result}/edit`,
      `/partnerships/${partnership}/lessons/new`,
      `/lessons/${lesson}/edit`,
      `/partnerships/${partnership}/assessments`,
      `/assessments/${assessment}`,
      `/partnerships/${partnership}/plan`,
      `/partnerships/${partnership}/plan/edit`,
      `/partnerships/${partnership}/story`,
      `/partnerships/${partnership}/story/edit`,
      `/activities/${activity}`,
      `/activities/${activity}/edit`,
      "/applications",
      `/applications/${file}`,
      `/applications/${file}?step=parties`,
      `/applications/${file}?step=budget`,
      `/applications/${file}?step=documents`,
      `/applications/${file}?step=sign_off`,
      `/applications/${file}?step=check`,
      `/applications/${told}`,
      `/applications/${told}/letter`,
      `/cohorts/${cohort}`,
      `/cohort-members/${letter}`,
    ],
  },
  {
    who: "meae",
    paths: ({ round, judged, grant, programme, ministry }) => [
      "/review",
      `/programmes/${programme}/rules/new`,
      `/calls/${ministry}/criteria`,
      `/calls/${ministry}/form`,
      `/calls/${judged}/committee`,
      "/grants",
      `/grants/${grant}`,
      "/rounds",
      "/rounds/new",
      ...(round ? [`/rounds/${round}`, `/rounds/${round}/edit`] : []),
    ],
  },
  {
    who: "admin",
    paths: ({ meeting, listed, recommendation, organisation, cohort }) => [
        "/doubles",
      "/organisations",
      `/organisations/${organisation}`,
      "/cohorts/new",
      `/cohorts/${cohort}`,
      `/cohorts/${cohort}/edit`,
      "/meetings",
      `/meetings/${meeting}`,
      `/meetings/${meeting}/lessons/new`,
      `/listed-lessons/${listed}/edit`,
      `/meetings/${meeting}/recommendations/new`,
      `/recommendations/${recommendation}`,
      `/recommendations/${recommendation}/edit`,
    ],
  },
  { who: "reviewer", paths: ({ review }) => ["/reviews", ...(review ? [`/reviews/${review}`] : [])] },
];

// What is wrong is told in words; a recording of several hundred looks would cost more than the looks.
test.use({ trace: "off", screenshot: "off" });

test("every page in every language, colour and width", async ({ browser }) => {
  test.setTimeout(480_000);
  const signedIn = new Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>();
  let known: Known | undefined;
  let round: string | undefined;
  let review: string | undefined;
  for (const { who } of PAGES) {
    if (!who) continue;
    const page = await browser.newPage({ locale: "fr-FR" });
    await page.goto("/sign-in");
    await page.locator("input[autocomplete=username]").fill(address(who));
    await page.locator("input[type=password]").fill(PASSWORD);
    await page.getByRole("main").getByRole("button").click();
    await expect(page.locator("#account-menu")).toBeVisible();
    known ??= await whatThereIs(page);
    round ??= await aRound(page);
    review ??= await aReview(page);
    signedIn.set(who, await page.context().storageState());
    await page.close();
  }
  const faults: string[] = [];
  const seen = new Set<string>();
  await Promise.all(
    READERS.map(async ({ locale, colours }, reader) => {
      for (const { who, paths } of PAGES) {
        const page = await open(browser, locale, who ? signedIn.get(who) : undefined, faults);
        for (const [at, path] of paths({ ...known!, round, review }).entries()) {
          seen.add(new URL(path, "http://here").pathname);
          const name = `${path} (${locale}, ${who ?? "a visitor"})`;
          await page.emulateMedia({ colorScheme: colours(at) });
          await visit(page, path);
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 800 });
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            if (overflow > 0) faults.push(`${name}: ${overflow} pixels beyond the right edge at ${width}`);
          }
          // All three widths of a page are seen by axe, one in each language.
          const width = WIDTHS[(at + reader) % WIDTHS.length]!;
          await page.setViewportSize({ width, height: 800 });
          const { violations } = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] }).analyze();
          for (const { id, nodes } of violations) {
            const where = nodes.map((node) => node.target.join(" ")).join(", ");
            faults.push(`${name} at ${width}: ${id}: ${where}`);
          }
        }
        await page.context().close();
      }
    }),
  );
  expect(faults).toEqual([]);
  // The table of pages in the app's frame: each is visited above.
  const table = readFileSync("src/app.rs", "utf8").match(/^ {4}\("\/[^"]*", pages::/gm) ?? [];
  expect(table.length).toBeGreaterThan(15);
  const missed = table
    .map((line) => line.split('"')[1]!)
    .filter((pattern) => ![...seen].some((path) => fits(path, pattern)));
  expect(missed, "pages of the app that nobody has visited here").toEqual([]);
});

/** A page whose complaints are kept. */
async function open(
  browser: Browser,
  locale: string,
  storageState: Awaited<ReturnType<BrowserContext["storageState"]>> | undefined,
  faults: string[],
): Promise<Page> {
  const context = await browser.newContext({ locale, storageState, viewport: { width: 1280, height: 800 } });
  // The link of a mail is only in that mail: what it would be about is told here.
  await context.route("**/api/v1/contact-confirmation?*", (route) =>
    route.fulfill({ json: { name: "Dominique Exemple", function: "Relations internationales" } }),
  );
  const page = await context.newPage();
  const complain = (words: string) => faults.push(`${new URL(page.url()).pathname} (${locale}): ${words}`);
  page.on("pageerror", (error) => complain(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complain(message.text());
  });
  await page.goto("/accessibility");
  await settled(page);
  return page;
}

/** Goes to an address as a link does, without starting the app anew. */
async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy=true], .skeleton")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

function fits(path: string, pattern: string): boolean {
  const [steps, wanted] = [path.split("/"), pattern.split("/")];
  return steps.length === wanted.length && wanted.every((step, at) => step === steps[at] || (step.startsWith(":") && steps[at] !== ""));
}

/** Things of the demonstration, by the API that the page itself uses. */
async function whatThereIs(page: Page): Promise<Known> {
  return page.evaluate(async () => {
    const read = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const [city, partnerships, activities, calls, files, judged, grants] = await Promise.all([
      read("/cities/fr:insee:38185"),
      read("/cities/fr:insee:38185/partnerships?platform=IRAPA"),
      read("/cities/fr:insee:38185/activities?kind=exhibition"),
      read("/calls"),
      read("/applications"),
      read("/calls?state=under_review"),
      read("/grants"),
    ]);
    const published = await read("/calls?state=results_published");
    const results = await read(`/partnerships/${partnerships.items[0].id}/results`);
    const lessons = await read(`/partnerships/${partnerships.items[0].id}/lessons`);
    const years = await read(`/partnerships/${partnerships.items[0].id}/assessments`);
    const own = years.items[0].sides.find((side: { state: string | null }) => side.state === "draft");
    const meetings = await read("/meetings");
    const told = await read("/applications?state=accepted");
    const open = await read("/calls?open=true");
    const meeting = await read(`/meetings/${meetings.items[0].id}`);
    const recommended = await read(`/meetings/${meeting.id}/recommendations`);
    const organisations = await read("/organisations?q=DAECT");
    const cohorts = await read(`/cohorts?city_id=${city.id}`);
    const planned = await read("/partnerships?q=jumelage&kind=project");
    return {
      lesson: lessons.items[0].id,
      assessment: own.assessment_id,
      recommendation: recommended.items.at(-1).id,
      planned: planned.items[0].id,
      meeting: meeting.id,
      decided: published.items[0].id,
      listed: meeting.lessons[0].id,
      city: city.id,
      partnership: partnerships.items[0].id,
      activity: activities.items[0].id,
      result: results.items[0].id,
      call: calls.items[0].id,
      file: files.items[0].id,
      told: told.items[0].id,
      judged: judged.items[0].id,
      programme: judged.items[0].programme_id,
      ministry: open.items.find((call: { programme_id: string }) => call.programme_id === judged.items[0].programme_id).id,
      grant: grants.items[0].id,
      organisation: organisations.items[0].id,
      cohort: cohorts.items[0].id,
      letter: cohorts.items[0].own[0].id,
    };
  });
}

/** A review that was given to this person, where there is one. */
async function aReview(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const answer = await fetch("/api/v1/reviews");
    return answer.ok ? (await answer.json()).items[0]?.id : undefined;
  });
}

/** A round of the demonstration that this person may read, where there is one. */
async function aRound(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const answer = await fetch("/api/v1/rounds");
    return answer.ok ? (await answer.json()).items[0]?.id : undefined;
  });
}
