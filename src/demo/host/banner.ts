import { scenarioLabels, type ScenarioName } from '../world/scenario-names.ts'

export type BannerOptions = {
  scenario: ScenarioName
  /** The value of `?scenario=` that names no scenario. */
  unknownScenario: string | undefined
  onReset: () => void
}

/** Adds the banner: this is a demo, its scenario, and "Reset demo". */
export function showBanner({ scenario, unknownScenario, onReset }: BannerOptions): void {
  const banner = element('aside', 'demo-banner')
  banner.setAttribute('aria-label', 'Demo')

  const text = element('p', 'demo-banner-text')
  const title = element('strong', '', 'Demo: everything runs in this browser.')
  text.append(title, ' No sign-in, and nothing leaves it.')
  if (unknownScenario !== undefined) {
    const known = `There is no scenario “${unknownScenario}”; this is “${scenarioLabels.default}”.`
    text.append(' ', element('strong', 'demo-banner-warning', known))
  }

  const menu = element('ul', 'demo-banner-menu')
  menu.id = 'demo-scenarios'
  menu.popover = 'auto'
  for (const [name, label] of Object.entries(scenarioLabels)) {
    const link = element('a', '', label)
    link.href = `${import.meta.env.BASE_URL}?scenario=${name}`
    if (name === scenario) link.setAttribute('aria-current', 'true')
    const item = element('li', '')
    item.append(link)
    menu.append(item)
  }
  const opener = element('button', '', `Scenario: ${scenarioLabels[scenario]}`)
  opener.type = 'button'
  opener.setAttribute('popovertarget', menu.id)

  const reset = element('button', '', 'Reset demo')
  reset.type = 'button'
  reset.addEventListener('click', onReset)

  banner.append(text, opener, menu, reset)
  document.body.append(banner)
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}
