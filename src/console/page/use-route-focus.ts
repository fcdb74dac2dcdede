import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { announce } from '../ui/feedback/announce.ts'

/**
 * After going to another page, moves the focus to its content, unless the page has put it
 * somewhere there, and says its title; a browser does both when it loads a page. A change of
 * search parameters alone moves nothing.
 */
export function useRouteFocus(): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (!fromLocation || !pathChanged) return
        const content = document.querySelector('main')
        if (!content?.contains(document.activeElement)) content?.focus({ preventScroll: true })
        announce(document.title)
      }),
    [router],
  )
}
