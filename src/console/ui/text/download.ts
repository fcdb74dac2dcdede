/** Saves a text as a file of this name; nothing of it stays behind in the page. */
export function downloadText(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken the blob by then; revoked in the same task, some drop the download.
  setTimeout(() => URL.revokeObjectURL(url))
}
