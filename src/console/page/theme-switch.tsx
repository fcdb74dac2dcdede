import { Monitor, Moon, Sun } from 'lucide-react'
import { useId } from 'react'
import { setTheme, useTheme, type Theme } from './theme.ts'

const choices: { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
  { theme: 'system', label: 'System', icon: Monitor },
]

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const chosen = useTheme()
  const name = useId()
  return (
    <fieldset className="inline-flex rounded-sm border border-line p-0.5">
      <legend className="sr-only">Theme</legend>
      {choices.map(({ theme, label, icon: Icon }) => (
        <label
          key={theme}
          title={label}
          className="grid h-6 w-7 cursor-pointer place-items-center rounded-xs text-muted hover:text-ink has-checked:bg-selected has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-ring"
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            aria-label={label}
            checked={chosen === theme}
            onChange={() => setTheme(theme)}
          />
          <Icon className="size-3.5" />
        </label>
      ))}
    </fieldset>
  )
}
