const zoned = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
})

/** "24 Feb 2027, 14:00 GMT+1": in the browser's time zone, to the minute. */
export function formatZonedTime(timestamp: string): string {
  return zoned.format(new Date(timestamp))
}

/** The browser's time zone: "Europe/Berlin". */
export function localTimeZone(): string {
  return zoned.resolvedOptions().timeZone
}
