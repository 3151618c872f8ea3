// What a partner's program does with a client made from the API document: its types and its answers must agree with the server.
import { expect, test } from "@playwright/test";
import createClient from "openapi-fetch";

import type { components, paths } from "./api";

type Partnership = components["schemas"]["PartnershipSummary"];

test("a program reads the partnerships, a city in them, and understands refusals", async ({ baseURL }) => {
  const api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: baseURL ?? "http://127.0.0.1:8080" });

  // A list in pages, to its end.
  const partnerships: Partnership[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.GET("/api/v1/partnerships", {
      params: { query: { limit: 5, ...(cursor ? { cursor } : {}) } },
    });
    expect(page.response.status).toBe(200);
    partnerships.push(...(page.data?.items ?? []));
    cursor = page.data?.next ?? undefined;
  } while (cursor && partnerships.length < 50);
  expect(partnerships.length).toBeGreaterThan(5);
  expect(new Set(partnerships.map((partnership) => partnership.id)).size).toBe(partnerships.length);

  // One of them, and once more only if it has changed.
  const first = partnerships[0]!;
  const read = await api.GET("/api/v1/partnerships/{id}", { params: { path: { id: first.id } } });
  expect(read.data?.name).toBe(first.name);
  const etag = read.response.headers.get("etag");
  expect(etag).toBeTruthy();
  const again = await api.GET("/api/v1/partnerships/{id}", {
    params: { path: { id: first.id } },
    headers: { "If-None-Match": etag! },
  });
  expect(again.response.status).toBe(304);

  // From a partnership to one of its cities and back.
  const city = read.data?.parties.map((party) => party.party).find((party) => party.type === "city");
  expect(city).toBeTruthy();
  const profile = await api.GET("/api/v1/cities/{id}", { params: { path: { id: city!.city_id } } });
  expect(profile.response.status).toBe(200);
  const ties = await api.GET("/api/v1/cities/{id}/partnerships", { params: { path: { id: city!.city_id } } });
  expect(ties.data?.items.map((tie) => tie.id)).toContain(first.id);

  // A refusal is a problem with a code that a program can act on.
  const nowhere = await api.GET("/api/v1/cities/{id}", { params: { path: { id: "01890000-0000-7000-8000-000000000000" } } });
  expect(nowhere.response.status).toBe(404);
  expect(nowhere.error?.code).toBe("not_found");
  const stranger = await api.POST("/api/v1/partnerships", {
    body: {
      name: "Nobody's",
      kind: "friendship",
      parties: [
        { party: { type: "city", city_id: city!.city_id }, role: "lead" },
        { party: { type: "city", city_id: "01890000-0000-7000-8000-000000000000" }, role: "partner" },
      ],
    },
  });
  expect(stranger.response.status).toBe(401);
});
