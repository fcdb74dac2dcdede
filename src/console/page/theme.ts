import { useSyncExternalStore } from 'react'

/** The theme people chose; `system` follows the operating system. */
export type Theme = 'light' | 'dark' | 'system'

// public/theme.js reads the same entry before the first paint.
const STORAGE_KEY = 'latchkey-theme'
const listeners = new Set<() => void>()
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

function stored(): Theme {
  try {
    const value = localStorage.getItem(STORAGE_KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

let theme: Theme = stored()

function apply(): void {
  const isDark = theme === 'system' ? systemIsDark.matches : theme === 'dark'
  document.documentElement.classList.toggle('dark', isDark)
}

systemIsDark.addEventListener('change', apply)

/** Changes the theme here and now, and for the next visits where storage is allowed. */
export function setTheme(next: Theme): void {
  theme = next
  try {
    if (next === 'system') localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, next)
  } catch {
    // Storage is blocked; the choice holds for this visit.
  }
  apply()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme)
}
