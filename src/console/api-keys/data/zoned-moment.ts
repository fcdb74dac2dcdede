const zoned = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
})

/** "24 Feb 2027, 14:00 GMT+1": in people's own time, to the minute, with the zone named. */
export function zonedMoment(timestamp: string): string {
  return zoned.format(new Date(timestamp))
}

/** The time zone that people's own times are in: "Europe/Berlin". */
export function ownTimeZone(): string {
  return zoned.resolvedOptions().timeZone
}
