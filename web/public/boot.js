// Runs before the first paint, so that the page before the app already has the reader's language and colours. The choices are those of
// web/src/i18n.rs and web/src/app.rs.
(() => {
  const kept = (name) => {
    try {
      return localStorage.getItem(name) ?? "";
    } catch {
      return ""; // Storage is closed: as if nothing had been chosen.
    }
  };
  const spoken = ["fr", "en", "uk"];
  const language = [kept("lang"), ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => spoken.includes(tag));
  document.documentElement.lang = language ?? "fr";
  const theme = kept("theme");
  if (theme) document.documentElement.dataset.theme = theme;
})();
