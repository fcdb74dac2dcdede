/** The document's title while a page shows: "plant-telemetry · Latchkey". */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} · Latchkey`}</title>
}
