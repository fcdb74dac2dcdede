import { useRouter } from '@tanstack/react-router'
import { useEffect, type RefObject } from 'react'
import { announce } from '../ui/announce.ts'

/**
 * After going to another page, moves the focus to its content and says its title; a browser
 * does both when it loads a page. A change of search parameters alone moves nothing.
 */
export function useRouteFocus(content: RefObject<HTMLElement | null>): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (!fromLocation || !pathChanged) return
        content.current?.focus({ preventScroll: true })
        announce(document.title)
      }),
    [router, content],
  )
}
