// Light or dark: what the system says, until the person says otherwise on this device.
import {computed, ref, watchEffect} from 'vue'

export type Appearance = 'system' | 'light' | 'dark'
const kept = localStorage.getItem('vultus.appearance')
export const appearance = ref<Appearance>(kept === 'light' || kept === 'dark' ? kept : 'system')

const system = window.matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(system.matches)
system.addEventListener('change', (event) => (systemIsDark.value = event.matches))

export const isDark = computed(() => (appearance.value === 'system' ? systemIsDark.value : appearance.value === 'dark'))
watchEffect(() => document.documentElement.classList.toggle('dark', isDark.value))

export function setAppearance(to: Appearance): void {
  appearance.value = to
  if (to === 'system') localStorage.removeItem('vultus.appearance')
  else localStorage.setItem('vultus.appearance', to)
}
