import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { validateApiKeySearch, type ApiKeySearch } from '../search-params.ts'

const TYPING_PAUSE_MS = 200

/** The key table's part of the URL, and how to change it. */
export function useKeySearch() {
  const search = validateApiKeySearch(useSearch({ strict: false }))
  const navigate = useNavigate()

  /** `step` says whether Back returns to what was before. */
  function change(next: ApiKeySearch, { step = false } = {}): Promise<void> {
    return navigate({
      to: '.',
      search: validateApiKeySearch({ ...next }),
      replace: !step,
      resetScroll: false,
    })
  }

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
