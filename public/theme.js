// Runs before the first paint, so that the page never shows in the wrong theme. A file of its
// own because the content security policy allows no inline script. Its twin for switching is
// src/console/page/theme.ts.
;(() => {
  let stored = null
  try {
    stored = localStorage.getItem('latchkey-theme')
  } catch {
    // Storage is blocked; the system's theme it is.
  }
  const isDark = stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.classList.toggle('dark', isDark)
})()
