/** The mark of Latchkey: a key on its tile. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="19.5" cy="12.5" r="5" />
        <path d="m15.9 16.1-7.4 7.4m1.7-1.7 2.6 2.6m.9-6.1 2.6 2.6" />
      </g>
    </svg>
  )
}
