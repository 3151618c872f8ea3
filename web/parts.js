// Fetches the parts of the app, each with the first page that needs it, and links them to the main module.
//
// A part comes in packs. A pack begins with a table: how many modules it holds, then for each its number and its length in bytes, all as 32-bit integers with the
// lowest byte first; the modules follow in the same order. A module can come in several packs, and is linked once.
import { initSync } from "./app.js";

// By part: the addresses of its packs. The build fills them in, and exports below what the main module calls to have a part.
const PACKS = {};

const packs = new Map();
const modules = new Map();

const load = (part) => async (callback, data) => {
  let arrived = true;
  try {
    await Promise.all(PACKS[part].map((address) => once(packs, address, linkPack)));
  } catch (error) {
    console.error(error);
    arrived = false;
  }
  initSync().__indirect_function_table.get(callback)(data, arrived);
};

async function linkPack(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const pack = await answer.arrayBuffer();
  const view = new DataView(pack);
  const integer = (at) => view.getUint32(4 * at, true);
  const count = integer(0);
  const linked = [];
  let start = 4 + 8 * count;
  for (let at = 0; at < count; at++) {
    const bytes = new Uint8Array(pack, start, integer(2 + 2 * at));
    start += bytes.length;
    // The modules reach each other through the table of the main module; in which order they are linked means nothing.
    linked.push(once(modules, integer(1 + 2 * at), () => WebAssembly.instantiate(bytes, { __wasm_split: initSync() })));
  }
  await Promise.all(linked);
}

// What has failed once, as connections do, can be tried again.
function once(known, key, make) {
  if (!known.has(key)) {
    const promise = make(key);
    promise.catch(() => known.delete(key));
    known.set(key, promise);
  }
  return known.get(key);
}
