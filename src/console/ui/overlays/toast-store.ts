export type Toast = { id: number; tone: 'ok' | 'danger'; text: string }

const SHOWN_FOR = 5000
const AT_MOST = 3

let current: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  current = next
  for (const listener of listeners) listener()
}

/** Shows a toast. One that tells of a failure stays until it is dismissed. */
export function showToast(tone: Toast['tone'], text: string): void {
  lastId += 1
  const id = lastId
  change([...current, { id, tone, text }].slice(-AT_MOST))
  if (tone === 'ok') setTimeout(() => dismissToast(id), SHOWN_FOR)
}

export function dismissToast(id: number): void {
  if (current.some((toast) => toast.id === id)) change(current.filter((toast) => toast.id !== id))
}

/** The toasts to show now; the same array until they change. */
export function toasts(): readonly Toast[] {
  return current
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
