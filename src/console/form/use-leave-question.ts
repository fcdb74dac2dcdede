import { useBlocker } from '@tanstack/react-router'

/**
 * Guards what would go with the page. The browser's Back and Forward stay on it and call `ask`;
 * a reload and closing the tab ask in the browser's words. The console's own steps go on, such
 * as to what was just saved, and so does a step between two views of the same page.
 */
export function useLeaveQuestion({
  wouldLose,
  ask,
}: {
  wouldLose: boolean
  ask: () => void
}): void {
  useBlocker({
    disabled: !wouldLose,
    shouldBlockFn({ action, current, next }) {
      const isOwnStep = action === 'PUSH' || action === 'REPLACE'
      if (isOwnStep || current.pathname === next.pathname) return false
      ask()
      return true
    },
  })
}
