// Starts the app. The page that the browser has painted already stays until the app has drawn its own.
import init from "./app.js";

const shell = document.getElementById("shell");

// The words in the reader's language and the page's part of the app travel beside the module instead of after it. The choice of the language is
// that of web/src/i18n.rs, the parts are those of web/src/pages.rs.
const PARTS = [
  [/^\/$/, ["map"]],
  [/^\/(matches|cities\/[^/]+\/(partners|bans))$/, ["matches"]],
  [/^\/cities\/[^/]+\/steps$/, ["steps"]],
  [/^\/(confirm$|elections$|cities\/[^/]+\/contacts$)/, ["mandates"]],
  [/^\/(doubles|cities\/[^/]+\/radar)$/, ["referent"]],
  [/^\/(account|cities\/[^/]+\/edit|partnerships\/(new|[^/]+\/edit))$/, ["editing"]],
  [/^\/applications\/[^/]+$/, ["application"]],
  [/^\/(reviews\b|calls\/[^/]+\/(committee|criteria)$)/, ["reviews"]],
  [/^\/calls\/[^/]+\/form$/, ["forms"]],
  [/^\/(grants\b|campaigns\b|calls\/[^/]+\/results$|applications\/[^/]+\/letter$)/, ["grants"]],
  [/^\/(calls|applications|review)\b/, ["calls"]],
  [/^\/programmes\//, ["rules"]],
  [/^\/organisations\b/, ["organisations"]],
  [/^\/rounds\b/, ["rounds"]],
  [/^\/(cohorts\b|cohort-members\/)/, ["cohorts"]],
  [/^\/(meetings\b|(lessons|listed-lessons|recommendations)\/|partnerships\/[^/]+\/lessons)/, ["lessons"]],
  [/^\/(stories\b|partnerships\/[^/]+\/story)/, ["stories"]],
  [/^\/(assessments\/|partnerships\/[^/]+\/(assessments|plan))/, ["memory"]],
  [/^\/((activities|results)\/|partnerships\/[^/]+\/(life|activities|results))/, ["life"]],
  [/^\/(cities\/.|partnerships)/, ["directory", "map"]],
  [/^\//, ["directory"]],
];
preload(wordsAddress());
partAddresses().forEach(preload);

try {
  const module = document.querySelector('link[rel="preload"][type="application/wasm"]');
  // The same address and the same mode as the preload, so that the module is fetched once.
  await init({ module_or_path: fetch(module.href, { credentials: "same-origin" }) });
  // The app takes the shell away itself, once its words are there: `init` comes back before that.
} catch (error) {
  console.error(error);
  document.getElementById("shell-failure")?.removeAttribute("hidden");
  shell?.setAttribute("aria-busy", "false");
}

function wordsAddress() {
  const address = (tag) => document.querySelector(`meta[name="i18n-${tag.slice(0, 2)}"]`)?.content;
  return [chosenLanguage(), ...navigator.languages, "fr"].map(address).find(Boolean);
}

function partAddresses() {
  const parts = PARTS.find(([path]) => path.test(location.pathname))?.[1] ?? [];
  const needed = parts.flatMap((part) => document.querySelector(`meta[name="part-${part}"]`)?.content.split(" ") ?? []);
  return [...new Set(needed)];
}

function chosenLanguage() {
  try {
    return localStorage.getItem("lang") ?? "";
  } catch {
    return ""; // Storage is closed: as if nothing had been chosen.
  }
}

function preload(address) {
  if (!address) return;
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: address });
  document.head.append(link);
}
