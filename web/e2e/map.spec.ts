// The map with more places than a browser would draw one by one: a few shapes, and the place under the pointer is the link.
import { expect, test, type Page, type Route } from "@playwright/test";

interface WholeMap {
  points: { city_id: string; name: string; country: string; location: { lat: number; lng: number } }[];
  arcs: { a: number; b: number; partnership_id: string }[];
}

/** The demonstration's own map with twelve hundred partnerships more of its first city: towns on a grid over Europe, the last one far from all. */
async function withManyMore(page: Page): Promise<void> {
  const enlarge = async (route: Route): Promise<void> => {
    const response = await route.fetch();
    const map = (await response.json()) as WholeMap;
    const id = map.arcs[0].partnership_id;
    for (let at = 0; at < 1200; at++) {
      const location = at === 1199 ? { lat: -25, lng: -15 } : { lat: 46 + Math.floor(at / 40) * 0.2, lng: 8 + (at % 40) * 0.3 };
      map.arcs.push({ a: 0, b: map.points.length, partnership_id: id });
      map.points.push({ city_id: map.points[0].city_id, name: `Town ${at}`, country: "DE", location });
    }
    await route.fulfill({ response, json: map });
  };
  // The pages that follow ask for maps of their own.
  await page.route("**/api/v1/partnerships/map*", enlarge, { times: 1 });
}

/** Where on the screen the last place of the map is. */
async function lastPlace(page: Page): Promise<{ x: number; y: number }> {
  return page.locator("path.map-dot-many").evaluate((path: SVGPathElement) => {
    path.ownerSVGElement!.scrollIntoView({ block: "center" });
    const [x, y] = path.getAttribute("d")!.split("M").pop()!.split("h")[0].split(" ").map(Number);
    const place = new DOMPoint(x, y).matrixTransform(path.getScreenCTM()!);
    return { x: place.x, y: place.y };
  });
}

// Where it is narrow, the drawing stands in the middle of a taller frame.
for (const width of [1280, 390]) {
  test(`among many places the one under the pointer says its name and is the link, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await withManyMore(page);
    const answer = page.waitForResponse("**/api/v1/partnerships/map*");
    await page.goto("/partnerships");
    const first = ((await (await answer).json()) as WholeMap).points[0];

    await expect(page.locator("path.map-dot-many")).toHaveCount(1);
    await expect(page.locator("a.map-point")).toHaveCount(0);
    const { x, y } = await lastPlace(page);
    await page.mouse.move(x + 3, y + 3);
    await expect(page.locator(".map-name")).toContainText("Town 1199");
    await expect(page.locator("path.map-arc-on")).toHaveAttribute("d", /^M/);
    await page.mouse.move(5, 5);
    await expect(page.locator(".map-name")).toHaveCount(0);

    await page.mouse.move(x, y);
    await expect(page.locator("a.map-point")).toHaveCount(1);
    await page.mouse.click(x, y);
    await expect(page).toHaveURL(new RegExp(`/cities/${first.city_id}$`));
  });
}

test("the table beside a large map is read in parts", async ({ page }) => {
  await withManyMore(page);
  await page.goto("/partnerships");
  const twin = page.locator("details.twin");
  await twin.getByText("Les mêmes données en tableau").click();
  const rows = twin.getByRole("rowheader");
  await expect(rows).toHaveCount(200);
  await twin.getByRole("button").click();
  await expect(rows).toHaveCount(400);
});
