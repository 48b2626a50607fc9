// Before the first paint, so that nobody who chose dark is dazzled.
(() => {
  const kept = (() => { try { return localStorage.getItem('syncline.theme'); } catch { return null; } })();
  if (kept === 'light' || kept === 'dark') {
    document.documentElement.dataset.theme = kept;
  }
})();
