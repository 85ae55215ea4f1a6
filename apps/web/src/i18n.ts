// The texts of the page: one JSON file a language in locales/. A new file is a new language.
import {createI18n} from 'vue-i18n'

const files = import.meta.glob<Record<string, unknown>>('./locales/*.json', {eager: true, import: 'default'})
const messages = Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.replace(/^.*\/(.*)\.json$/, '$1'), texts]))
export const languages = Object.keys(messages).sort()

const wanted = [localStorage.getItem('vultus.language') ?? '', ...navigator.languages]
const locale = wanted.map((one) => one.split('-')[0] ?? '').find((one) => languages.includes(one)) ?? 'en'
document.documentElement.lang = locale

export const i18n = createI18n({legacy: false, locale, fallbackLocale: 'en', messages: messages as never})
// Its own types would follow every key of every file.
interface Composer {
  locale: {value: string}
  t: (key: string, values: Record<string, unknown>, count?: number) => string
  te: (key: string, locale?: string) => boolean
}
const texts = i18n.global as unknown as Composer
export const t = (key: string, values: Record<string, unknown> = {}, count?: number): string =>
  count === undefined ? texts.t(key, values) : texts.t(key, values, count)
export const has = (key: string): boolean => texts.te(key) || texts.te(key, 'en')
/** Why a picture was refused, in words: "conflicts_with:Ada" has a sentence with the name in it. */
export function reasonText(reason: string): string {
  const [code = '', value = ''] = reason.split(/:(.*)/s)
  return has(`reason.${code}`) ? t(`reason.${code}`, {value}) : reason
}
const language = (): string => texts.locale.value

export function setLanguage(to: string): void {
  texts.locale.value = to
  document.documentElement.lang = to
  localStorage.setItem('vultus.language', to)
}

export const number = (value: number, digits = 0): string =>
  value.toLocaleString(language(), {minimumFractionDigits: digits, maximumFractionDigits: digits})
export const time = (iso: string | null | undefined): string =>
  iso ? new Date(iso).toLocaleString(language(), {dateStyle: 'medium', timeStyle: 'short'}) : ''
/** To the second, for what happens one after the other. */
export const moment = (iso: string): string => new Date(iso).toLocaleString(language(), {dateStyle: 'medium', timeStyle: 'medium'})
export const day = (iso: string | null | undefined): string => (iso ? new Date(iso).toLocaleDateString(language(), {dateStyle: 'medium'}) : '')

/** A rate such as 0.0001: as "0.01 %", with as many digits as it needs. */
export function percent(rate: number): string {
  return rate.toLocaleString(language(), {style: 'percent', maximumSignificantDigits: 3})
}
/** A probability never looks surer than it is: above 99.99 % and below 0.01 % it says no more than that. */
export function chance(probability: number | null | undefined): string {
  if (probability === null || probability === undefined) return t('unit.not_known')
  const text = (value: number): string => value.toLocaleString(language(), {style: 'percent', maximumFractionDigits: 2})
  if (probability > 0.9999) return `> ${text(0.9999)}`
  return probability < 0.0001 ? `< ${text(0.0001)}` : text(probability)
}
/** "1 in 10,000", with the percentage behind it. */
export function falseMatchRate(rate: number | null | undefined): string {
  if (rate === null || rate === undefined) return t('unit.not_measured')
  return rate > 0 && rate <= 0.1 ? t('unit.one_in', {count: number(Math.round(1 / rate)), percent: percent(rate)}) : percent(rate)
}
