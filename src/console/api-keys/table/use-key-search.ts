import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { validateApiKeySearch, type ApiKeySearch } from '../search-params.ts'

const TYPING_PAUSE_MS = 200

/** Puts a search into the URL; `step` says whether Back returns to what was before. */
export type ChangeSearch = (next: ApiKeySearch, options?: { step?: boolean }) => Promise<void>

/** The key table's part of the URL, and how to change it. */
export function useKeySearch(): { search: ApiKeySearch; change: ChangeSearch } {
  const search = validateApiKeySearch(useSearch({ strict: false }))
  const navigate = useNavigate()

  const change: ChangeSearch = (next, { step = false } = {}) =>
    navigate({
      to: '.',
      search: validateApiKeySearch({ ...next }),
      replace: !step,
      resetScroll: false,
    })

  return { search, change }
}

/** A text field that follows a value in the URL, and sets it after a pause in typing. */
export function useTypedText(
  value: string,
  commit: (text: string) => Promise<void>,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  async function settle(text: string): Promise<void> {
    await commit(text)
    // Unless more was typed meanwhile.
    setTyped((current) => (current === text ? undefined : current))
  }

  function change(text: string): void {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void settle(text), text === '' ? 0 : TYPING_PAUSE_MS)
  }

  return [typed ?? value, change]
}
